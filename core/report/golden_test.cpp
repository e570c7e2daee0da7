// Every kind of document beside the file that was looked at. HONE_RENEW_GOLDEN=1 writes the files instead.

#include "core/report/gate_report.h"
#include "core/report/samples.h"

#include <QFile>
#include <QtTest>

using namespace hone;
using report::Format;
namespace samples = report::samples;

namespace {

/// Histograms are compressed: their text depends on the library's version, what they hold is tested
/// elsewhere.
void hideHistograms(nlohmann::json& node) {
    if (node.is_string() && node.get_ref<const std::string&>().starts_with("HIST"))
        node = "(histogram)";
    else if (node.is_structured())
        for (auto& child : node)
            hideHistograms(child);
}

/// Where `now` lacks or changes something of `then`; empty when it holds all of it. Formats grow: a member
/// that was added is no difference.
std::string lost(const nlohmann::json& then, const nlohmann::json& now, const std::string& path = {}) {
    if (then.is_object() && now.is_object()) {
        for (const auto& [name, value] : then.items()) {
            const auto found = now.find(name);
            if (found == now.end())
                return path + "/" + name;
            if (auto inside = lost(value, *found, path + "/" + name); !inside.empty())
                return inside;
        }
        return {};
    }
    if (then.is_array() && now.is_array() && then.size() == now.size()) {
        for (std::size_t i = 0; i < then.size(); ++i)
            if (auto inside = lost(then[i], now[i], path + "/" + std::to_string(i)); !inside.empty())
                return inside;
        return {};
    }
    return then == now ? std::string() : path + ": " + now.dump();
}

std::string rendered(const std::string& result, Format format) {
    if (result == "run")
        return report::render(samples::run(), format, samples::extras());
    if (result == "comparison")
        return report::render(samples::comparison(), format, samples::extras());
    if (result == "attribution")
        return report::render(samples::attribution(), format, samples::extras());
    return report::render(samples::sweep(), format, samples::extras());
}

std::string documentOf(const QString& name) {
    if (name == "gate.junit.xml")
        return report::junit(samples::gate());
    if (name == "gate.md")
        return report::gateMarkdown(samples::gate());
    const auto format = *report::formatFrom(name.toStdString());
    const auto text = rendered(name.section('.', 0, 0).toStdString(), format);
    if (format != Format::Json)
        return text;
    auto json = nlohmann::json::parse(text);
    hideHistograms(json);
    return json.dump(2) + "\n";
}

}  // namespace

class GoldenTest : public QObject {
    Q_OBJECT
private slots:
    void equalsItsGoldenFile_data() {
        QTest::addColumn<QString>("name");
        for (const char* result : {"run", "comparison", "attribution", "sweep"})
            for (const char* ending : {"html", "md", "csv", "json"})
                QTest::addRow("%s.%s", result, ending) << QStringLiteral("%1.%2").arg(result, ending);
        for (const char* name : {"run.hgrm", "comparison.hgrm", "gate.junit.xml", "gate.md"})
            QTest::newRow(name) << QString(name);
    }

    void equalsItsGoldenFile() {
        QFETCH(QString, name);
        const auto text = QByteArray::fromStdString(documentOf(name));
        QVERIFY(!text.isEmpty());
        QFile file(QStringLiteral(HONE_SOURCE_DIR "/tests/golden/report/") + name);
        if (qEnvironmentVariableIsSet("HONE_RENEW_GOLDEN")) {
            QVERIFY(file.open(QIODevice::WriteOnly));
            QCOMPARE(file.write(text), text.size());
            return;
        }
        QVERIFY2(file.open(QIODevice::ReadOnly), qPrintable(file.fileName()));
        if (name.endsWith(".json")) {
            const auto changed = lost(nlohmann::json::parse(file.readAll().toStdString()),
                                      nlohmann::json::parse(text.toStdString()));
            QVERIFY2(changed.empty(), changed.c_str());
            return;
        }
        const auto expected = file.readAll().split('\n'), actual = text.split('\n');
        for (qsizetype i = 0; i < std::min(expected.size(), actual.size()); ++i)
            QCOMPARE(actual[i], expected[i]);
        QCOMPARE(actual.size(), expected.size());
    }
};

QTEST_GUILESS_MAIN(GoldenTest)
#include "golden_test.moc"
