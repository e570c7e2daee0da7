#include "core/report/template.h"

#include "core/report/outline.h"
#include "core/report/picture.h"

#include <QTemporaryDir>
#include <QtTest>

#include <fstream>

using namespace hone;

namespace {

model::RunResult someRun() {
    model::RunResult run;
    run.name = "browse";
    run.requests = 10;
    run.measuredS = 1;
    for (int i = 1; i <= 10; ++i)
        run.latency.record(i * 100);
    run.warnings = {"The machine was busy."};
    return run;
}

bool holds(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

}  // namespace

class TemplateTest : public QObject {
    Q_OBJECT
    QTemporaryDir m_dir;

    std::filesystem::path write(const char* name, const std::string& content) {
        const std::filesystem::path file = m_dir.filePath(name).toStdString();
        std::ofstream(file, std::ios::binary) << content;
        return file;
    }
    Result<report::Template> loaded(const std::string& content) {
        return report::Template::load(write("t.report.json", content));
    }

private slots:
    void titleCompanyLogoAndSectionsReachTheDocuments() {
        write("logo.svg",
              "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 9 9\"><path d=\"M0 0\"/></svg>");
        auto design =
            loaded(R"({"hone":1,"title":"Review of {name}","company":"<b>Acme</b>","logo":"logo.svg",
                                 "sections":{"charts":false,"method":false,"figures":true}})");
        QVERIFY2(design.has_value(), design ? "" : design.error().what.c_str());
        const report::Extras extras{.answers = {}, .design = *design};
        const auto page = report::render(someRun(), report::Format::Html, extras);
        QVERIFY(holds(page, "<h1>Review of browse</h1>"));
        QVERIFY(holds(page, "&lt;b&gt;Acme&lt;/b&gt;") && !holds(page, "<b>Acme"));
        QVERIFY(holds(page, "src=\"data:image/svg+xml;base64,"));
        QVERIFY(!holds(page, "How it was measured") && !holds(page, "<svg"));
        QVERIFY(holds(page, "Take care"));
        const auto text = report::render(someRun(), report::Format::Markdown, extras);
        QVERIFY(holds(text, "# Review of browse") && !holds(text, "How it was measured"));
    }

    void theSummaryCanBeLeftOut() {
        const auto outline = report::outlineOf(
            someRun(), {.answers = {}, .design = *loaded(R"({"sections":{"summary":false}})")});
        QVERIFY(outline.summary.empty());
        QVERIFY(!outline.sections.empty());
    }

    void everySectionOfADocumentHasAName() {
        for (const auto& outline :
             {report::outlineOf(someRun()), report::outlineOf(model::Comparison{}),
              report::outlineOf(model::Attribution{}), report::outlineOf(model::Sweep{})})
            for (const auto& section : outline.sections)
                QVERIFY2(std::ranges::find(report::sectionIds(), section.id) != report::sectionIds().end(),
                         section.id.c_str());
    }

    void mistakesListWhatIsKnown_data() {
        QTest::addColumn<QString>("content");
        QTest::addColumn<QString>("mentions");
        QTest::newRow("section") << R"({"sections":{"chart":false}})" << "chart";
        QTest::newRow("member") << R"({"colour":"red"})" << "colour";
        QTest::newRow("type") << R"({"title":7})" << "title";
        QTest::newRow("switch") << R"({"sections":{"charts":"no"}})" << "charts";
        QTest::newRow("list") << "[]" << "object";
        QTest::newRow("missing logo") << R"({"logo":"none.png"})" << "none.png";
    }
    void mistakesListWhatIsKnown() {
        QFETCH(QString, content);
        QFETCH(QString, mentions);
        const auto refused = loaded(content.toStdString());
        QVERIFY(!refused.has_value());
        QVERIFY2(holds(refused.error().what, mentions.toStdString()), refused.error().what.c_str());
        QVERIFY(!refused.error().hint.empty());
    }

    void aLogoIsAPictureAndNothingElse() {
        QVERIFY(report::pictureFrom(write("a.png", "\x89PNG\r\n\x1a\nrest"))
                    ->starts_with("data:image/png;base64,iVBOR"));
        QVERIFY(report::pictureFrom(write("a.jpg", "\xff\xd8\xff"))->starts_with("data:image/jpeg"));
        for (const char* content : {"<html>", "<svg><script>alert(1)</script></svg>", "plain",
                                    "<svg><image href=\"http://x/y.png\"/></svg>"})
            QVERIFY2(!report::pictureFrom(write("a.svg", content)).has_value(), content);
        QVERIFY(!report::pictureFrom(write("big.png", "\x89PNG\r\n\x1a\n" + std::string(2 << 20, 'x')))
                     .has_value());
    }

    void theSchemaNamesEverySection() {
        const auto schema =
            nlohmann::json::parse(std::ifstream(HONE_SOURCE_DIR "/resources/docs/schema/report.schema.json"));
        const auto& sections = schema["properties"]["sections"]["properties"];
        QCOMPARE(sections.size(), report::sectionIds().size());
        for (const auto& id : report::sectionIds())
            QVERIFY2(sections.contains(id), id.c_str());
    }
};

QTEST_GUILESS_MAIN(TemplateTest)
#include "template_test.moc"
