// The toggle in a running engine: what clients get who ask for formats and codings, and what they may send.

#include "core/coding/codec.h"
#include "core/coding/decode_json.h"
#include "core/engine/engine.h"
#include "core/engine/test_client.h"
#include "core/toggles/catalogue.h"

#include <QTemporaryDir>
#include <QtTest>

#include <nlohmann/json.hpp>

#include <fstream>
#include <set>

using namespace hone;
using namespace hone::engine;
using engine::test::Reply;
using engine::test::TestClient;
using nlohmann::json;

namespace {

constexpr int kRows = 300;

std::filesystem::path writeBooks(const std::filesystem::path& folder) {
    const auto file = folder / "books.json";
    auto rows = json::array();
    for (int i = 1; i <= kRows; ++i)
        rows.push_back({{"id", i},
                        {"title", "Book " + std::to_string(i)},
                        {"price", i % 7 == 0 ? json(nullptr) : json(i * 0.25)},
                        {"in stock", i % 2 == 0}});
    std::ofstream(file) << json{{"books", rows}}.dump();
    return file;
}

std::string coded(std::string_view text, coding::Coding coding = coding::Coding::Gzip) {
    coding::Compressor compressor({});
    std::string out;
    return compressor.compress(coding, text, out) ? out : std::string();
}

}  // namespace

class EncodingServedTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void cleanupTestCase();
    void cleanup() { apply({"encoding"}); }

    void everyFormatSaysTheSame_data();
    void everyFormatSaysTheSame();
    void aProjectionSaysWhichColumnsItHas_data() { everyFormatSaysTheSame_data(); }
    void aProjectionSaysWhichColumnsItHas();
    void documentsHaveNoSchema();
    void refusesWithWhatThereIs();
    void aWriteIsAnsweredWhateverIsAccepted();
    void schemasAreServedWhileTheToggleIsOn();
    void readsCodedRequests_data();
    void readsCodedRequests();
    void refusesBombsDamageAndUnknownCodings();
    void formatsAndCodingsHaveTheirOwnTags();
    void keptAnswersGetBetterCopies();
    void theDefaultFormatIsForThoseWhoTakeAnything();

private:
    [[nodiscard]] Reply get(std::string_view target, TestClient::Lines lines = {}) const {
        return TestClient(m_engine->port()).get(target, lines);
    }
    [[nodiscard]] Reply post(const std::string& body, std::string_view coding,
                             TestClient::Lines lines = {}) const {
        lines.emplace_back("Content-Type: application/json");
        if (!coding.empty())
            lines.push_back("Content-Encoding: " + std::string(coding));
        return TestClient(m_engine->port()).ask("POST", "/api/books", lines, body);
    }
    /// As a client reads it, who fetches the schema that the answer names.
    [[nodiscard]] json read(const Reply& reply) const {
        const auto text = coding::decodeContent(reply.field("Content-Encoding"), reply.body);
        std::string link;
        for (const auto& [name, value] : reply.fields)
            if (name == "Link" && link.empty())
                link = coding::describedBy(value);
        const auto schema = link.empty() ? std::string() : get(link).body;
        const auto value = coding::decodeToJson(reply.field("Content-Type"), text.value_or(""), schema);
        return value ? json(*value) : json(value.error().line());
    }
    void apply(std::vector<std::string_view> on, std::vector<std::string> settings = {}) {
        model::Profile profile;
        for (const auto id : on)
            profile.toggles[std::string(id)].on = true;
        for (const auto& setting : settings)
            QVERIFY(profile.setText(setting));
        const auto applied = m_engine->apply(Arm::A, profile);
        QVERIFY2(applied, applied ? "" : applied.error().line().c_str());
    }

    QTemporaryDir m_folder;
    std::unique_ptr<Engine> m_engine;
    json m_books;
};

void EncodingServedTest::initTestCase() {
    const std::filesystem::path folder = m_folder.path().toStdString();
    const auto imported = data::importFile(writeBooks(folder), folder / "books.db");
    QVERIFY2(imported, imported ? "" : imported.error().line().c_str());
    EngineOptions options;
    options.server.threads = 1;
    options.datasets = {data::Dataset::open(folder / "books.db").value()};
    options.catalogue = toggles::catalogue();
    auto engine = Engine::create(std::move(options));
    QVERIFY2(engine, engine ? "" : engine.error().line().c_str());
    m_engine = std::move(*engine);
    m_books = json::parse(get("/api/books").body);
    QCOMPARE(m_books.size(), std::size_t(kRows));
    apply({"encoding"});
}

void EncodingServedTest::cleanupTestCase() { m_engine.reset(); }

void EncodingServedTest::everyFormatSaysTheSame_data() {
    QTest::addColumn<QString>("accept");
    for (const char* type :
         {"application/json", "application/msgpack", "application/vnd.msgpack", "application/cbor",
          "application/x-protobuf", "application/protobuf", "application/avro", "avro/binary"})
        QTest::newRow(type) << type;
}

void EncodingServedTest::everyFormatSaysTheSame() {
    QFETCH(QString, accept);
    for (const char* coding : {"identity", "gzip", "br", "zstd"}) {
        const TestClient::Lines lines{"Accept: " + accept.toStdString(),
                                      "Accept-Encoding: " + std::string(coding)};
        const auto list = get("/api/books", lines);
        QCOMPARE(list.status, 200);
        QVERIFY(list.field("Content-Type").starts_with(accept.toStdString()));
        QCOMPARE(list.field("Vary"), std::string("Accept, Accept-Encoding"));
        QCOMPARE(list.field("Content-Encoding"),
                 std::string(coding == std::string("identity") ? "" : coding));
        QVERIFY2(read(list) == m_books, read(list).dump().substr(0, 300).c_str());
        QVERIFY(read(get("/api/books/7", lines)) == m_books[6]);
    }
}

void EncodingServedTest::aProjectionSaysWhichColumnsItHas() {
    QFETCH(QString, accept);
    apply({"encoding", "shaping"});
    const TestClient::Lines lines{"Accept: " + accept.toStdString()};
    const auto page = read(get("/api/books?fields=price,id&limit=9", lines));
    QCOMPARE(page.size(), std::size_t(9));
    QVERIFY2(page[6] == json({{"id", 7}, {"price", nullptr}}), page[6].dump().c_str());
}

void EncodingServedTest::documentsHaveNoSchema() {
    const auto baseline = json::parse(get("/api/books/stats").body);
    for (const char* type : {"application/msgpack", "application/cbor"})
        QVERIFY(read(get("/api/books/stats", {"Accept: " + std::string(type)})) == baseline);
    const auto refused = get("/api/books/stats", {"Accept: avro/binary"});
    QCOMPARE(refused.status, 406);
    QVERIFY(refused.body.find("avro") == std::string::npos);
    const auto other = get("/api/books/stats", {"Accept: avro/binary, application/cbor;q=0.1"});
    QCOMPARE(other.field("Content-Type"), std::string("application/cbor"));
}

void EncodingServedTest::refusesWithWhatThereIs() {
    const auto refused = get("/api/books", {"Accept: text/html"});
    QCOMPARE(refused.status, 406);
    QCOMPARE(refused.field("Content-Type"), std::string("application/problem+json"));
    QCOMPARE(refused.field("Vary"), std::string("Accept"));
    QVERIFY2(refused.body.find("application/json, application/msgpack, application/cbor, "
                               "application/x-protobuf, application/avro") != std::string::npos,
             refused.body.c_str());
    // A problem is told in its own format whatever is accepted.
    QCOMPARE(get("/api/books/none", {"Accept: application/cbor"}).field("Content-Type"),
             std::string("application/problem+json"));
}

void EncodingServedTest::aWriteIsAnsweredWhateverIsAccepted() {
    const auto made = post(R"({"title":"New"})", "", {"Accept: text/html", "Accept-Encoding: identity;q=0"});
    QCOMPARE(made.status, 201);
    QCOMPARE(read(made)["title"], json("New"));
    const auto path = made.field("Location");
    const auto packed = get(path, {"Accept: application/cbor"});
    QCOMPARE(read(packed)["title"], json("New"));
    QCOMPARE(TestClient(m_engine->port()).ask("DELETE", path).status, 204);
}

void EncodingServedTest::schemasAreServedWhileTheToggleIsOn() {
    const auto list = json::parse(get("/schema/").body);
    QCOMPARE(list[0]["proto"], json("/schema/books.proto"));
    const auto proto = get("/schema/books.proto");
    QCOMPARE(proto.status, 200);
    QVERIFY(proto.body.find("message BooksList") != std::string::npos);
    QVERIFY(proto.body.find("optional double price = 3 [json_name = \"price\"]") != std::string::npos);
    QVERIFY(json::accept(get("/schema/books.avsc").body));
    QCOMPARE(get("/schema/books.proto", {"If-None-Match: " + proto.field("ETag")}).status, 304);
    QCOMPARE(get("/schema/none.proto").status, 404);
    QCOMPARE(TestClient(m_engine->port()).ask("DELETE", "/schema/books.proto").status, 405);
    apply({});
    QCOMPARE(get("/schema/books.proto").status, 404);
}

void EncodingServedTest::readsCodedRequests_data() {
    QTest::addColumn<QString>("header");
    QTest::addColumn<int>("coding");
    QTest::newRow("gzip") << "gzip" << int(coding::Coding::Gzip);
    QTest::newRow("the old name") << "x-gzip" << int(coding::Coding::Gzip);
    QTest::newRow("br") << "br" << int(coding::Coding::Brotli);
    QTest::newRow("zstd") << "ZSTD" << int(coding::Coding::Zstd);
}

void EncodingServedTest::readsCodedRequests() {
    QFETCH(QString, header);
    QFETCH(int, coding);
    const std::string title(500, 'x');
    const auto made =
        post(coded(json{{"title", title}}.dump(), coding::Coding(coding)), header.toStdString());
    QCOMPARE(made.status, 201);
    QCOMPARE(read(made)["title"], json(title));
    QCOMPARE(TestClient(m_engine->port()).ask("DELETE", made.field("Location")).status, 204);
    apply({});
    QCOMPARE(post(coded(json{{"title", title}}.dump()), "gzip").status, 415);  // as without the toggle
}

void EncodingServedTest::refusesBombsDamageAndUnknownCodings() {
    const std::string huge = R"({"title":")" + std::string(4'000'000, 'x') + "\"}";
    const auto bomb = post(coded(huge), "gzip");
    QCOMPARE(bomb.status, 400);
    QVERIFY2(bomb.body.find("requestRatio") != std::string::npos, bomb.body.c_str());
    QCOMPARE(post("not gzip at all", "gzip").status, 400);
    const auto unknown = post("x", "compress");
    QCOMPARE(unknown.status, 415);
    QCOMPARE(unknown.field("Accept-Encoding"), std::string("gzip, br, zstd"));
    apply({"encoding"}, {"encoding.requestLimit=1MiB", "encoding.requestRatio=10000"});
    QCOMPARE(post(coded(huge), "gzip").status, 413);
    QCOMPARE(json::parse(get("/api/books").body).size(), std::size_t(kRows));
}

void EncodingServedTest::formatsAndCodingsHaveTheirOwnTags() {
    apply({"encoding", "cache"});
    std::set<std::string> tags;
    for (const char* type : {"application/json", "application/msgpack", "application/cbor"})
        for (const char* coding : {"identity", "gzip", "br", "zstd"}) {
            const TestClient::Lines lines{"Accept: " + std::string(type),
                                          "Accept-Encoding: " + std::string(coding)};
            auto again = lines;
            again.push_back("If-None-Match: " + get("/api/books", lines).field("ETag"));
            tags.insert(get("/api/books", lines).field("ETag"));
            QCOMPARE(get("/api/books", again).status, 304);
        }
    QCOMPARE(tags.size(), std::size_t(12));
    const TestClient::Lines gzip{"Accept-Encoding: gzip"};
    QVERIFY(get("/schema/books.proto", gzip).field("ETag") != get("/schema/books.proto").field("ETag"));
}

void EncodingServedTest::keptAnswersGetBetterCopies() {
    apply({"encoding", "cache"}, {"encoding.storedAfter=1", "encoding.gzipLevel=1"});
    const TestClient::Lines lines{"Accept-Encoding: gzip"};
    const auto first = get("/api/books", lines);
    auto later = first;
    // The copy comes from a thread of its own: asked until it is there.
    for (int i = 0; i < 100'000 && later.body.size() == first.body.size(); ++i)
        later = get("/api/books", lines);
    QVERIFY(later.body.size() < first.body.size());
    QVERIFY(read(later) == read(first));
    QVERIFY(later.field("ETag") != first.field("ETag"));
    for (const auto& known : {first, later}) {  // whoever has either of the two keeps it
        auto again = lines;
        again.push_back("If-None-Match: " + known.field("ETag"));
        QCOMPARE(get("/api/books", again).status, 304);
    }
}

void EncodingServedTest::theDefaultFormatIsForThoseWhoTakeAnything() {
    apply({"encoding"}, {"encoding.default=msgpack", "encoding.cbor=off"});
    QCOMPARE(get("/api/books").field("Content-Type"), std::string("application/msgpack"));
    QCOMPARE(get("/api/books", {"Accept: application/json, */*"}).field("Content-Type"),
             std::string("application/json"));
    QCOMPARE(get("/api/books", {"Accept: application/cbor"}).status, 406);
    QVERIFY(read(get("/api/books")) == m_books);
}

QTEST_GUILESS_MAIN(EncodingServedTest)
#include "served_test.moc"
