#include "core/data/columnar_format.h"
#include "core/toggles/advanced/shop_test_client.h"

#include <QProcess>
#include <QStandardPaths>

using namespace hone;
using namespace hone::toggles::advanced;
using namespace hone::toggles::advanced::test;

class AdvancedColumnarTest : public QObject, public ShopRig {
    Q_OBJECT
private slots:
    void init() { apply({}); }  // what is on afterwards is new and has counted nothing
    void sendsTheSameListAsColumns();
    void sendsAPageAsColumnsWithItsLinks();
    void servesTheLayoutAndADecoderThatReadsIt();
};

void AdvancedColumnarTest::sendsTheSameListAsColumns() {
    for (const bool isEncoded : {false, true}) {
        init();
        isEncoded ? apply({"advanced", "encoding"}) : apply({"advanced"});
        const auto plain = get("/api/orders");
        const auto columns = get("/api/orders", {"Accept: application/vnd.hone.columnar"});
        QCOMPARE(columns.field("Content-Type"), std::string("application/vnd.hone.columnar"));
        QVERIFY(columns.field("Vary").starts_with("Accept"));
        const auto rows = data::readColumnar(columns.body);
        QVERIFY2(rows, rows ? "" : rows.error().line().c_str());
        std::string text;
        data::writeJsonArray(*rows, data::JsonStyle::Minified, text);
        QVERIFY(json::parse(text) == json::parse(plain.body));
        QVERIFY(columns.body.size() * 3 < text.size());
        QCOMPARE(counter("columnarAnswers"), 1.0);
        QCOMPARE(counter("columnarBytes"), double(columns.body.size()));
        // A row is no list.
        QCOMPARE(
            get("/api/orders/7", {"Accept: application/vnd.hone.columnar, */*;q=0.1"}).field("Content-Type"),
            std::string("application/json"));
    }
}

void AdvancedColumnarTest::sendsAPageAsColumnsWithItsLinks() {
    apply({"advanced", "shaping"});
    const auto page = get("/api/orders?limit=10&fields=id,status", {"Accept: application/vnd.hone.columnar"});
    const auto rows = data::readColumnar(page.body);
    QVERIFY(rows);
    QCOMPARE(rows->rowCount(), std::size_t(10));
    QCOMPARE(rows->columns.size(), std::size_t(2));
    QVERIFY(page.field("Link").find("rel=\"next\"") != std::string::npos);
    QCOMPARE(get("/api/orders?colour=1", {"Accept: application/vnd.hone.columnar"}).status, 400);
}

void AdvancedColumnarTest::servesTheLayoutAndADecoderThatReadsIt() {
    apply({"advanced"});
    QVERIFY(get("/columnar/format.md").body.starts_with("# The columnar format"));
    const auto decoder = get("/columnar/decoder.js");
    QVERIFY(decoder.field("Content-Type").starts_with("text/javascript"));
    const auto node = QStandardPaths::findExecutable("node");
    if (node.isEmpty()) {
        QVERIFY2(qEnvironmentVariableIsEmpty("CI"), "Node.js is missing");
        QSKIP("Node.js is missing (Debian package nodejs)");
    }
    std::ofstream(file("decoder.mjs")) << decoder.body;
    std::ofstream(file("rows.bin")) << get("/api/orders", {"Accept: application/vnd.hone.columnar"}).body;
    std::ofstream(file("read.mjs"))
        << "import { readFileSync } from 'node:fs'; import { decodeColumnar } from './decoder.mjs';"
        << "console.log(JSON.stringify(decodeColumnar(new Uint8Array(readFileSync(process.argv[2])))));";
    QProcess process;
    process.start(node, {QString::fromStdString(file("read.mjs")), QString::fromStdString(file("rows.bin"))});
    QVERIFY(process.waitForFinished(60'000));
    QVERIFY2(process.exitCode() == 0, process.readAllStandardError().constData());
    QVERIFY(json::parse(process.readAllStandardOutput().toStdString()) ==
            json::parse(get("/api/orders").body));
}

QTEST_GUILESS_MAIN(AdvancedColumnarTest)
#include "columnar_test.moc"
