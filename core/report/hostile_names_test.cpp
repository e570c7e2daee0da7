// Names come from datasets, headers and other people's files: none may act in any kind of document.

#include "core/report/gate_report.h"
#include "core/report/samples.h"

#include <QRegularExpression>
#include <QXmlStreamReader>
#include <QtTest>

using namespace hone;
using report::Format;
namespace samples = report::samples;

namespace {

/// The document of each kind of result, every name of which is `name`.
std::vector<std::string> documents(const std::string& name, Format format) {
    const auto extras = samples::extras(name);
    return {report::render(samples::run(name), format, extras),
            report::render(samples::comparison(name), format, extras),
            report::render(samples::attribution(name), format, extras),
            report::render(samples::sweep(name), format, extras)};
}

/// RFC 4180.
std::vector<std::string> fieldsOf(const std::string& csv) {
    std::vector<std::string> fields(1);
    bool quoted = false;
    for (std::size_t i = 0; i < csv.size(); ++i) {
        if (quoted && csv[i] == '"' && i + 1 < csv.size() && csv[i + 1] == '"')
            fields.back() += csv[i++];
        else if (csv[i] == '"')
            quoted = !quoted;
        else if (!quoted && (csv[i] == ',' || csv[i] == '\n'))
            fields.emplace_back();
        else
            fields.back() += csv[i];
    }
    return fields;
}

/// Columns of a table row: pipes that a backslash does not make text.
qsizetype pipesIn(const QString& line) {
    static const QRegularExpression kPipe(QStringLiteral(R"((?<!\\)(?:\\\\)*\|)"));
    qsizetype pipes = 0;
    for (auto all = kPipe.globalMatch(line); all.hasNext(); all.next())
        ++pipes;
    return pipes;
}

}  // namespace

class HostileNamesTest : public QObject {
    Q_OBJECT

    static void rows() {
        QTest::addColumn<QString>("name");
        for (const auto& name : samples::kHostile)
            QTest::newRow(name.substr(0, 16).c_str()) << QString::fromStdString(name);
    }

private slots:
    void htmlHasNoElementOrAttributeOfAName_data() { rows(); }
    void htmlHasNoElementOrAttributeOfAName() {
        QFETCH(QString, name);
        static const QRegularExpression kTag(QStringLiteral("<\\s*(script|img|iframe|a|object|base|link)\\b"),
                                             QRegularExpression::CaseInsensitiveOption);
        for (const auto& page : documents(name.toStdString(), Format::Html)) {
            const auto text = QString::fromStdString(page);
            QVERIFY(text.startsWith("<!DOCTYPE html>"));
            QVERIFY2(!kTag.match(text).hasMatch(), qPrintable(kTag.match(text).captured()));
            QVERIFY(!text.contains(QChar(0x1b)));
            // Attributes end where we end them: inside a tag no quote of a name survives.
            static const QRegularExpression kHandler(QStringLiteral("<[^>]*\\son\\w+="));
            QVERIFY(!kHandler.match(text).hasMatch());
        }
    }

    void markdownKeepsItsTablesAndHasNoLinks_data() { rows(); }
    void markdownKeepsItsTablesAndHasNoLinks() {
        QFETCH(QString, name);
        static const QRegularExpression kLink(QStringLiteral(R"((?<!\\)\]\()"));
        auto texts = documents(name.toStdString(), Format::Markdown);
        texts.push_back(report::gateMarkdown(samples::gate(name.toStdString())));
        for (const auto& document : texts) {
            const auto text = QString::fromStdString(document);
            QVERIFY2(!kLink.match(text).hasMatch(), qPrintable(text));
            QVERIFY(!text.contains("<script") && !text.contains("<img"));
            QVERIFY(!text.contains("http://evil"));  // Readers make links of bare addresses.
            qsizetype columns = 0;
            for (const auto& line : text.split('\n')) {
                if (!line.startsWith('|')) {
                    columns = 0;
                    continue;
                }
                if (columns == 0)
                    columns = pipesIn(line);
                QVERIFY2(pipesIn(line) == columns, qPrintable(line));
            }
        }
    }

    void noCsvFieldIsAFormula_data() { rows(); }
    void noCsvFieldIsAFormula() {
        QFETCH(QString, name);
        for (const auto& csv : documents(name.toStdString(), Format::Csv))
            for (const auto& field : fieldsOf(csv)) {
                const bool number = !field.empty() &&
                                    field.find_first_not_of("0123456789.-+eE") == std::string::npos &&
                                    QString::fromStdString(field).toDouble() != 0;
                QVERIFY2(field.empty() || number || !QString("=+-@\t\r").contains(field[0]), field.c_str());
            }
    }

    void jsonGivesTheNameBack_data() { rows(); }
    void jsonGivesTheNameBack() {
        QFETCH(QString, name);
        for (const auto& text : documents(name.toStdString(), Format::Json))
            QCOMPARE(nlohmann::json::parse(text)["name"].get<std::string>(), name.toStdString());
    }

    void junitStaysXml_data() { rows(); }
    void junitStaysXml() {
        QFETCH(QString, name);
        QXmlStreamReader reader(QString::fromStdString(report::junit(samples::gate(name.toStdString()))));
        int cases = 0;
        while (!reader.atEnd())
            if (reader.readNext() == QXmlStreamReader::StartElement &&
                reader.name() == QLatin1String("testcase"))
                ++cases;
        QVERIFY2(!reader.hasError(), qPrintable(reader.errorString()));
        QCOMPARE(cases, 2);
    }

    void hgrmHoldsNumbersAlone_data() { rows(); }
    void hgrmHoldsNumbersAlone() {
        QFETCH(QString, name);
        for (const auto& text : {report::render(samples::run(name.toStdString()), Format::Hgrm),
                                 report::render(samples::comparison(name.toStdString()), Format::Hgrm)})
            QVERIFY(text.find(name.toStdString()) == std::string::npos);
    }

    void terminalsAreNotSteered_data() { rows(); }
    void terminalsAreNotSteered() {
        QFETCH(QString, name);
        const auto text = name.toStdString();
        for (const auto& out : {report::terminalSummary(samples::run(text), false),
                                report::terminalTable(samples::comparison(text), false),
                                report::terminalTable(samples::attribution(text), false),
                                report::terminalTable(samples::sweep(text), false)})
            QVERIFY(out.find('\033') == std::string::npos);
    }
};

QTEST_GUILESS_MAIN(HostileNamesTest)
#include "hostile_names_test.moc"
