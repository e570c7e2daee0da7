// What RFC 9110 promises about HEAD, OPTIONS, conditions and ranges, over real sockets, with and without the
// toggles that make it possible; once more as curl sees it.

#include "core/coding/codec.h"
#include "core/engine/engine.h"
#include "core/engine/test_client.h"
#include "core/toggles/catalogue.h"

#include <nlohmann/json.hpp>

#include <QProcess>
#include <QTemporaryDir>
#include <QtTest>

#include <fstream>
#include <thread>

using namespace hone;
using namespace hone::engine;
using engine::test::Reply;
using engine::test::TestClient;
using nlohmann::json;

namespace {

constexpr int kRows = 120;
constexpr char kList[] = "/api/books";
constexpr char kRow[] = "/api/books/7";

std::filesystem::path writeDataset(const std::filesystem::path& folder) {
    json books = json::array();
    for (int i = 1; i <= kRows; ++i)
        books.push_back({{"id", i}, {"title", "Book " + std::to_string(i)}, {"stock", i % 5}});
    std::ofstream(folder / "library.json") << json{{"books", books}};
    return folder / "library.json";
}

bool isTransferField(const std::string& name) {
    return name == "Server-Timing" || name == "Date" || name == "Age" || name == "Cache-Status";
}

/// The names and values a GET and a HEAD must share.
std::map<std::string, std::string> lasting(const Reply& reply) {
    std::map<std::string, std::string> fields;
    for (const auto& [name, value] : reply.fields)
        if (!isTransferField(name))
            fields[name] += value + "\n";
    return fields;
}

}  // namespace

class HttpSemanticsTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void init();

    void aHeadHasTheFieldsOfTheGet_data();
    void aHeadHasTheFieldsOfTheGet();
    void optionsNamesTheMethodsOfAResourceAndOfTheServer();
    void theNaiveApiHasNoValidatorsAndAnswersWhole();
    void aCachedAnswerIsServedInRanges();
    void aRangeThatCameFirstIsCutFromAnAnswerThatIsKept();
    void aCompressedAnswerIsCutAsItIsSent();
    void conditionsDecideBeforeRanges();
    void aWriteNeedsTheVersionItNames_data();
    void aWriteNeedsTheVersionItNames();
    void ofTwoWritersWithOneVersionOneIsRefused();
    void aWriteThatHasNothingToChangeIsNotFound();
    void aDateBeforeTheLastWriteFails();
    void curlResumesAndRevalidates();

private:
    [[nodiscard]] TestClient client() const { return TestClient(m_engine->port()); }
    [[nodiscard]] Reply get(std::string_view target, const TestClient::Lines& lines = {}) const {
        return client().get(target, lines);
    }
    void switchOn(std::initializer_list<const char*> ids) {
        model::Profile profile;
        for (const char* id : ids)
            profile.toggles[id].on = true;
        const auto applied = m_engine->apply(Arm::A, profile);
        QVERIFY2(applied, applied ? "" : applied.error().line().c_str());
    }
    [[nodiscard]] QByteArray curl(const QStringList& arguments) const {
        QProcess process;
        process.start("curl", QStringList{"-sS"} + arguments);
        return process.waitForFinished(30'000) && process.exitCode() == 0 ? process.readAllStandardOutput()
                                                                          : QByteArray("curl failed");
    }

    QTemporaryDir m_folder;
    std::shared_ptr<data::Dataset> m_dataset;
    std::unique_ptr<Engine> m_engine;
};

void HttpSemanticsTest::initTestCase() {
    const std::filesystem::path folder = m_folder.path().toStdString();
    const auto imported = data::importFile(writeDataset(folder), folder / "library.db");
    QVERIFY2(imported, imported ? "" : imported.error().line().c_str());
    m_dataset = data::Dataset::open(folder / "library.db").value();
    EngineOptions options;
    options.datasets = {m_dataset};
    options.catalogue = toggles::catalogue();
    auto engine = Engine::create(std::move(options));
    QVERIFY2(engine, engine ? "" : engine.error().line().c_str());
    m_engine = std::move(*engine);
}

void HttpSemanticsTest::init() {
    QVERIFY(m_engine->apply(Arm::A, {}));
    const auto put = client().send("PUT", kRow, R"({"title": "Book 7", "stock": 2})");
    QCOMPARE(put.status, 200);
}

void HttpSemanticsTest::aHeadHasTheFieldsOfTheGet_data() {
    QTest::addColumn<QString>("target");
    QTest::addColumn<bool>("isTuned");
    for (const bool isTuned : {false, true})
        for (const char* target :
             {kList, kRow, "/api/books/stats", "/api", "/", "/openapi.json", "/api/books/none", "/nowhere"})
            QTest::addRow("%s %s", isTuned ? "tuned" : "naive", target) << target << isTuned;
}

void HttpSemanticsTest::aHeadHasTheFieldsOfTheGet() {
    QFETCH(QString, target);
    QFETCH(bool, isTuned);
    if (isTuned)
        switchOn({"cache", "encoding"});
    const TestClient::Lines lines{"Accept-Encoding: gzip"};
    const auto got = get(target.toStdString(), lines);
    const auto head = client().ask("HEAD", target.toStdString(), lines);
    QCOMPARE(head.status, got.status);
    QVERIFY(head.body.empty());
    QVERIFY(!got.body.empty());
    QCOMPARE(lasting(head), lasting(got));
}

void HttpSemanticsTest::optionsNamesTheMethodsOfAResourceAndOfTheServer() {
    QCOMPARE(client().ask("OPTIONS", kRow).field("Allow"),
             std::string("GET, HEAD, PUT, PATCH, DELETE, OPTIONS"));
    const auto server = client().ask("OPTIONS", "*");
    QCOMPARE(server.status, 204);
    QCOMPARE(server.field("Allow"), std::string("OPTIONS"));
    const auto refused = client().ask("PATCH", kList);
    QCOMPARE(refused.status, 405);
    QCOMPARE(refused.field("Allow"), std::string("GET, HEAD, POST, OPTIONS"));
}

void HttpSemanticsTest::theNaiveApiHasNoValidatorsAndAnswersWhole() {
    const auto whole = get(kList);
    QVERIFY(whole.field("ETag").empty() && whole.field("Accept-Ranges").empty());
    for (const char* line :
         {"Range: bytes=0-9", "If-None-Match: \"x\"", "If-Modified-Since: Sun, 06 Nov 2044 08:49:37 GMT"}) {
        const auto reply = get(kList, {line});
        QCOMPARE(reply.status, 200);
        QCOMPARE(reply.body, whole.body);
    }
    QCOMPARE(get(kList, {"If-Match: \"x\""}).status, 412);  // the one that must not be ignored
}

void HttpSemanticsTest::aCachedAnswerIsServedInRanges() {
    switchOn({"cache"});
    const auto whole = get(kList);
    QCOMPARE(whole.field("Accept-Ranges"), std::string("bytes"));
    const auto part = get(kList, {"Range: bytes=10-19"});
    QCOMPARE(part.status, 206);
    QCOMPARE(part.body, whole.body.substr(10, 10));
    QCOMPARE(part.field("Content-Range"), "bytes 10-19/" + std::to_string(whole.body.size()));
    QCOMPARE(part.field("Content-Length"), std::string("10"));
    QCOMPARE(part.field("ETag"), whole.field("ETag"));
    QCOMPARE(part.field("Cache-Status"), std::string("hone; hit"));
    QCOMPARE(get(kList, {"Range: bytes=-5"}).body, whole.body.substr(whole.body.size() - 5));
    const auto two = get(kList, {"Range: bytes=0-9, -10"});
    QCOMPARE(two.status, 206);
    QVERIFY(two.field("Content-Type").starts_with("multipart/byteranges; boundary="));
    QVERIFY(two.body.find(whole.body.substr(0, 10)) != std::string::npos);
    const auto beyond = get(kList, {"Range: bytes=99999999-"});
    QCOMPARE(beyond.status, 416);
    QCOMPARE(beyond.field("Content-Range"), "bytes */" + std::to_string(whole.body.size()));
    QCOMPARE(get(kList).body, whole.body);  // the kept answer is whole still
}

void HttpSemanticsTest::aRangeThatCameFirstIsCutFromAnAnswerThatIsKept() {
    switchOn({"cache"});
    m_engine->resetState(Arm::A);
    const auto part = get(kList, {"Range: bytes=0-4"});
    QCOMPARE(part.status, 206);
    const auto whole = get(kList);
    QCOMPARE(whole.status, 200);
    QCOMPARE(whole.field("Cache-Status"), std::string("hone; hit"));
    QCOMPARE(whole.body.substr(0, 5), part.body);
}

void HttpSemanticsTest::aCompressedAnswerIsCutAsItIsSent() {
    switchOn({"cache", "encoding"});
    const TestClient::Lines gzip{"Accept-Encoding: gzip"};
    const auto whole = get(kList, gzip);
    QCOMPARE(whole.field("Content-Encoding"), std::string("gzip"));
    const auto half = std::to_string(whole.body.size() / 2);
    const auto first = get(kList, {gzip[0], "Range: bytes=0-" + std::to_string(whole.body.size() / 2 - 1)});
    const auto second =
        get(kList, {gzip[0], "Range: bytes=" + half + "-", "If-Range: " + whole.field("ETag")});
    QCOMPARE(second.status, 206);
    QCOMPARE(first.body + second.body, whole.body);
    const auto text = coding::decodeContent("gzip", first.body + second.body);
    QVERIFY(text);
    QCOMPARE(json::parse(*text).size(), std::size_t(kRows));
    // Another form has another tag: its bytes must not be mixed in.
    const auto plain = get(kList, {"Range: bytes=0-4", "If-Range: " + whole.field("ETag")});
    QCOMPARE(plain.status, 200);
}

void HttpSemanticsTest::conditionsDecideBeforeRanges() {
    switchOn({"cache"});
    const std::string tag = get(kRow).field("ETag");
    QCOMPARE(get(kRow, {"If-None-Match: " + tag, "Range: bytes=0-1"}).status, 304);
    QCOMPARE(get(kRow, {"If-Match: \"other\"", "If-None-Match: " + tag}).status, 412);
    QCOMPARE(get(kRow, {"If-Match: " + tag, "Range: bytes=0-1"}).status, 206);
    const auto not304 = get(kRow, {"If-None-Match: \"other\""});
    QCOMPARE(not304.status, 200);
    const auto fresh = get(kRow, {"If-None-Match: " + tag});
    QCOMPARE(fresh.status, 304);
    QVERIFY(fresh.body.empty());
    QCOMPARE(fresh.field("ETag"), tag);
}

void HttpSemanticsTest::aWriteNeedsTheVersionItNames_data() {
    QTest::addColumn<QString>("coding");
    QTest::newRow("plain") << "";
    QTest::newRow("the tag of the compressed form") << "Accept-Encoding: gzip";
}

void HttpSemanticsTest::aWriteNeedsTheVersionItNames() {
    QFETCH(QString, coding);
    switchOn({"cache", "encoding"});
    TestClient::Lines lines;
    if (!coding.isEmpty())
        lines.push_back(coding.toStdString());
    const std::string tag = get(kList, lines).field("ETag");
    QVERIFY(!tag.empty());
    const auto post = [&](const std::string& condition) {
        return client().ask("POST", kList, {"Content-Type: application/json", condition},
                            R"({"title": "New", "stock": 1})");
    };
    QCOMPARE(post("If-Match: \"other\"").status, 412);
    QCOMPARE(post("If-Match: W/" + tag).status, 412);
    QCOMPARE(post("If-None-Match: " + tag).status, 412);
    QCOMPARE(post("If-None-Match: *").status, 412);
    QCOMPARE(post("If-Match: " + tag).status, 201);
    const auto again = post("If-Match: " + tag);  // what it names is no more
    QCOMPARE(again.status, 412);
    QCOMPARE(again.field("Content-Type"), std::string("application/problem+json"));
}

void HttpSemanticsTest::ofTwoWritersWithOneVersionOneIsRefused() {
    switchOn({"cache"});
    for (int round = 0; round < 10; ++round) {
        const std::string condition = "If-Match: " + get(kRow).field("ETag");
        std::array<int, 4> statuses{};
        {
            std::vector<std::jthread> writers;
            for (std::size_t i = 0; i < statuses.size(); ++i)
                writers.emplace_back([&, i] {
                    const std::string body =
                        fmt::format(R"({{"stock": {}}})", 100 + round * 10 + static_cast<int>(i));
                    statuses[i] = client()
                                      .ask("PATCH", kRow, {"Content-Type: application/json", condition}, body)
                                      .status;
                });
        }
        QCOMPARE(std::ranges::count(statuses, 200), 1);
        QCOMPARE(std::ranges::count(statuses, 412), 3);
    }
}

void HttpSemanticsTest::aWriteThatHasNothingToChangeIsNotFound() {
    const auto put = client().ask("PUT", "/api/books/9999", {"Content-Type: application/json", "If-Match: *"},
                                  R"({"title": "x", "stock": 1})");
    QCOMPARE(put.status, 404);
    QCOMPARE(client().ask("DELETE", kRow, {"If-Match: \"none\""}).status, 412);
    QCOMPARE(get(kRow).status, 200);
    QCOMPARE(client().ask("DELETE", kList, {"If-Match: \"none\""}).status, 405);
}

void HttpSemanticsTest::aDateBeforeTheLastWriteFails() {
    const auto patch = [&](const char* date) {
        return client()
            .ask("PATCH", kRow,
                 {"Content-Type: application/json", std::string("If-Unmodified-Since: ") + date},
                 R"({"stock": 3})")
            .status;
    };
    QCOMPARE(patch("Sun, 06 Nov 1994 08:49:37 GMT"), 412);
    QCOMPARE(patch("Sun, 06 Nov 2094 08:49:37 GMT"), 200);
    QCOMPARE(patch("yesterday"), 200);
}

void HttpSemanticsTest::curlResumesAndRevalidates() {
    switchOn({"cache"});
    const QString url = QString::fromStdString(m_engine->url() + kList);
    const auto whole = curl({url});
    QCOMPARE(QByteArray::fromStdString(get(kList).body), whole);
    QCOMPARE(curl({"-r", "5-24", url}), whole.mid(5, 20));

    const QString file = m_folder.filePath("part.json"), tag = m_folder.filePath("tag");
    QFile part(file);
    QVERIFY(part.open(QIODevice::WriteOnly));
    part.write(whole.left(100));
    part.close();
    QCOMPARE(curl({"-C", "-", "-o", file, "-w", "%{http_code}", url}), QByteArray("206"));
    QVERIFY(part.open(QIODevice::ReadOnly));
    QCOMPARE(part.readAll(), whole);

    const QString nowhere = m_folder.filePath("body");
    QCOMPARE(curl({"--etag-save", tag, "-o", nowhere, "-w", "%{http_code}", url}), QByteArray("200"));
    QCOMPARE(curl({"--etag-compare", tag, "-o", nowhere, "-w", "%{http_code}", url}), QByteArray("304"));
    QCOMPARE(curl({"-I", "-o", nowhere, "-w", "%{http_code} %header{content-length}", url}).left(3),
             QByteArray("200"));
}

QTEST_GUILESS_MAIN(HttpSemanticsTest)
#include "http_semantics_test.moc"
