#include "core/coding/codec.h"
#include "core/toggles/catalogue.h"
#include "core/toggles/test_rig.h"

#include <nlohmann/json.hpp>

#include <QtTest>

using namespace hone;
using namespace hone::engine;
using namespace hone::toggles::test;

namespace {

const ToggleDef& encodingDef() { return *toggles::find("encoding"); }

std::string longJson() {
    std::string out = "[";
    for (int i = 0; i < 500; ++i)
        out += R"({"id":)" + std::to_string(i) + R"(,"name":"row"},)";
    out.back() = ']';
    return out;
}

std::string decoded(const Ask& ask) {
    const auto text = coding::decodeContent(ask.field("Content-Encoding"), ask.body());
    return text ? *text : text.error().line();
}

/// One answer of that body to a client that accepts that.
std::unique_ptr<Ask> encode(Stage& stage, const std::string& body, std::string_view acceptEncoding,
                            std::string_view contentType = "application/json") {
    auto ask = std::make_unique<Ask>("/t", std::vector<http::FieldView>{{"Accept-Encoding", acceptEncoding}});
    ask->compute(body);
    ask->exchange.response.fields.set("Content-Type", contentType);
    stage.encode(ask->exchange);
    return ask;
}

}  // namespace

class EncodingToggleTest : public QObject {
    Q_OBJECT
private slots:
    void writesMinifiedJsonOfEveryPayload();
    void leavesPrettyJsonToTheDefault();
    void compressesWithWhatTheClientAccepts_data();
    void compressesWithWhatTheClientAccepts();
    void answersOneClientAfterAnother();
    void leavesSmallAndForeignBodiesAlone();
    void compressesASmallBodyForWhoTakesNothingElse();
    void refusesWhoAcceptsNothingWeHave();
    void offersOnlyWhatIsOn();
    void addsToVaryOnce();
    void countsBytes();
    void aTagNamesTheCodingToo();
    void aTagOfAnUpstreamBecomesWeak();
};

void EncodingToggleTest::aTagNamesTheCodingToo() {
    const Rig rig(encodingDef());
    const auto stage = rig.stage();
    for (const std::string_view given : {"\"abc\"", "W/\"abc\""})
        for (const std::string_view accepted : {"gzip", "identity"}) {
            Ask ask("/t", {{"Accept-Encoding", accepted}});
            ask.compute(longJson());
            ask.exchange.response.fields.set("ETag", given);
            stage->encode(ask.exchange);
            QCOMPARE(ask.field("ETag"), accepted == "gzip" && given == "\"abc\"" ? std::string("\"abc-gzip\"")
                                                                                 : std::string(given));
        }
}

void EncodingToggleTest::aTagOfAnUpstreamBecomesWeak() {
    class Relaying final : public Endpoint {
    public:
        [[nodiscard]] std::string_view name() const override { return "relay"; }
        [[nodiscard]] bool relaysConditions() const override { return true; }
        void handle(Exchange&) const override {}
    };
    const Relaying endpoint;
    const Rig rig(encodingDef());
    Ask ask("/t", {{"Accept-Encoding", "gzip"}});
    ask.exchange.route.endpoint = &endpoint;
    ask.compute(longJson());
    ask.exchange.response.fields.set("ETag", "\"abc\"");
    rig.stage()->encode(ask.exchange);
    QCOMPARE(ask.field("ETag"), std::string("W/\"abc\""));
}

void EncodingToggleTest::writesMinifiedJsonOfEveryPayload() {
    const Rig rig(encodingDef());
    const auto stage = rig.stage();
    data::RowSet rows{.columns = {{.name = "id", .type = data::ColumnType::Integer}}};
    rows.cells = {{.kind = data::Cell::Integer, .integer = 1}, {.kind = data::Cell::Integer, .integer = 2}};
    Ask list("/t"), object("/t/1"), document("/t/stats"), nothing("/t");
    list.exchange.payload = {.kind = Payload::List, .rows = rows};
    QVERIFY(stage->represent(list.exchange));
    QCOMPARE(list.body(), std::string(R"([{"id":1},{"id":2}])"));
    QCOMPARE(list.field("Content-Type"), std::string("application/json"));
    object.exchange.payload = {.kind = Payload::Object, .rows = rows};
    QVERIFY(stage->represent(object.exchange));
    QCOMPARE(object.body(), std::string(R"({"id":1})"));
    document.exchange.payload.kind = Payload::Document;
    document.exchange.payload.document = std::make_shared<nlohmann::json>(nlohmann::json{{"a", {1, 2}}});
    QVERIFY(stage->represent(document.exchange));
    QCOMPARE(document.body(), std::string(R"({"a":[1,2]})"));
    QVERIFY(!stage->represent(nothing.exchange));
}

void EncodingToggleTest::leavesPrettyJsonToTheDefault() {
    const Rig rig(encodingDef(), {{"format", "pretty"}});
    Ask list("/t");
    list.exchange.payload.kind = Payload::List;
    QVERIFY(!rig.stage()->represent(list.exchange));
    QVERIFY(list.body().empty());
}

void EncodingToggleTest::compressesWithWhatTheClientAccepts_data() {
    QTest::addColumn<QString>("prefer");
    QTest::addColumn<QString>("accepts");
    QTest::addColumn<QString>("coding");
    QTest::addRow("speed") << "speed" << "gzip, br, zstd" << "zstd";
    QTest::addRow("size") << "size" << "gzip, br, zstd" << "br";
    QTest::addRow("gzip only") << "size" << "gzip" << "gzip";
    QTest::addRow("weights") << "speed" << "zstd;q=0.1, gzip" << "gzip";
    QTest::addRow("identity") << "speed" << "identity" << "";
    QTest::addRow("unknown") << "speed" << "deflate" << "";
}

void EncodingToggleTest::compressesWithWhatTheClientAccepts() {
    QFETCH(QString, prefer);
    QFETCH(QString, accepts);
    QFETCH(QString, coding);
    const std::string preference = prefer.toStdString(), header = accepts.toStdString();
    const Rig rig(encodingDef(), {{"prefer", preference}});
    const auto stage = rig.stage();
    const auto ask = encode(*stage, longJson(), header);
    QCOMPARE(ask->field("Content-Encoding"), coding.toStdString());
    QCOMPARE(ask->field("Vary"), std::string("Accept-Encoding"));
    QCOMPARE(decoded(*ask), longJson());
    QCOMPARE(ask->body().size() * 3 < longJson().size(), !coding.isEmpty());
}

void EncodingToggleTest::answersOneClientAfterAnother() {
    const Rig rig(encodingDef());
    const auto stage = rig.stage();
    for (int i = 0; i < 3; ++i)
        for (const std::string_view accepts : {"gzip", "br", "zstd", "identity", ""}) {
            const std::string body = longJson() + std::string(static_cast<std::size_t>(i) * 1000, ' ');
            const auto ask = encode(*stage, body, accepts);
            QCOMPARE(ask->field("Content-Encoding"), std::string(accepts == "identity" ? "" : accepts));
            QCOMPARE(decoded(*ask), body);
        }
}

void EncodingToggleTest::leavesSmallAndForeignBodiesAlone() {
    const Rig rig(encodingDef(), {{"minSize", "1KiB"}});
    const auto stage = rig.stage();
    const auto small = encode(*stage, std::string(1023, 'a'), "gzip");
    QCOMPARE(small->field("Content-Encoding"), std::string());
    QCOMPARE(small->field("Vary"), std::string("Accept-Encoding"));
    QCOMPARE(encode(*stage, std::string(1024, 'a'), "gzip")->field("Content-Encoding"), std::string("gzip"));
    const auto image = encode(*stage, longJson(), "gzip", "image/png");
    QCOMPARE(image->field("Content-Encoding"), std::string());
    QCOMPARE(image->field("Vary"), std::string());
    Ask fixed("/t", {{"Accept-Encoding", "gzip"}});
    fixed.compute(longJson());
    fixed.exchange.response.fields.set("Cache-Control", "no-transform");
    stage->encode(fixed.exchange);
    QCOMPARE(fixed.field("Content-Encoding"), std::string());
    QCOMPARE(rig.counter("skipped"), 1.0);  // the others were never candidates
}

void EncodingToggleTest::compressesASmallBodyForWhoTakesNothingElse() {
    const Rig rig(encodingDef());
    const auto stage = rig.stage();
    const auto ask = encode(*stage, std::string(400, 'a'), "gzip, identity;q=0");
    QCOMPARE(ask->field("Content-Encoding"), std::string("gzip"));
    QCOMPARE(decoded(*ask), std::string(400, 'a'));
}

void EncodingToggleTest::refusesWhoAcceptsNothingWeHave() {
    const Rig rig(encodingDef());
    const auto stage = rig.stage();
    const auto ask = encode(*stage, longJson(), "deflate, *;q=0");
    QVERIFY(ask->exchange.answered);
    QCOMPARE(ask->status(), 406);
    QVERIFY(ask->body().find("zstd, gzip, br, identity") != std::string::npos);
    QCOMPARE(ask->field("Vary"), std::string("Accept-Encoding"));
    QCOMPARE(rig.counter("notAcceptable"), 1.0);
}

void EncodingToggleTest::offersOnlyWhatIsOn() {
    const Rig gzip(encodingDef(), {{"br", "off"}, {"zstd", "off"}});
    QCOMPARE(encode(*gzip.stage(), longJson(), "zstd, br, gzip;q=0.1")->field("Content-Encoding"),
             std::string("gzip"));
    const Rig none(encodingDef(), {{"br", "off"}, {"zstd", "off"}, {"gzip", "off"}});
    const auto ask = encode(*none.stage(), longJson(), "gzip");
    QCOMPARE(ask->field("Content-Encoding"), std::string());
    QCOMPARE(ask->field("Vary"), std::string());
}

void EncodingToggleTest::addsToVaryOnce() {
    const Rig rig(encodingDef());
    for (const auto& [before, after] :
         {std::pair{"Accept", "Accept, Accept-Encoding"}, std::pair{"accept-encoding", "accept-encoding"},
          std::pair{"*", "*"}}) {
        Ask ask("/t", {{"Accept-Encoding", "gzip"}});
        ask.compute(longJson());
        ask.exchange.response.fields.set("Vary", before);
        rig.stage()->encode(ask.exchange);
        QCOMPARE(ask.field("Vary"), std::string(after));
    }
}

void EncodingToggleTest::countsBytes() {
    const Rig rig(encodingDef());
    const auto stage = rig.stage();
    const auto coded = encode(*stage, longJson(), "gzip");
    (void)encode(*stage, "small", "gzip");
    QCOMPARE(rig.counter("encoded"), 1.0);
    QCOMPARE(rig.counter("skipped"), 1.0);
    QCOMPARE(rig.counter("bytesIn"), static_cast<double>(longJson().size() + 5));
    QCOMPARE(rig.counter("bytesOut"), static_cast<double>(coded->body().size() + 5));
    QCOMPARE(rig.counter("bytesSaved"), rig.counter("bytesIn") - rig.counter("bytesOut"));
}

QTEST_GUILESS_MAIN(EncodingToggleTest)
#include "toggle_test.moc"
