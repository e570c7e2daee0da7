#include "core/http/conditions.h"

#include <QtTest>

using namespace hone;
using namespace hone::http;

namespace {

constexpr std::string_view kTag = "\"one\"";
constexpr std::string_view kDate = "Sun, 06 Nov 1994 08:49:37 GMT";
constexpr std::string_view kLater = "Sun, 06 Nov 1994 08:49:38 GMT";
constexpr std::string_view kEarlier = "Sun, 06 Nov 1994 08:49:36 GMT";

Response answer() {
    Response response;
    response.fields.add("Content-Type", "text/plain");
    response.fields.add("Content-Encoding", "gzip");
    response.fields.add("ETag", kTag);
    response.fields.add("Last-Modified", kDate);
    response.fields.add("Cache-Control", "max-age=60");
    response.fields.add("Vary", "Accept-Encoding");
    response.body = std::string(1000, 'x');
    return response;
}

int statusFor(Response response, std::vector<FieldView> fields, Method method = Method::Get) {
    Request request;
    request.method = method;
    request.fields = fields;
    applyConditions(response, method, readConditions(request));
    return response.finalStatus();
}

}  // namespace

class ConditionsTest : public QObject {
    Q_OBJECT
private slots:
    void conditionsAreJudgedInTheOrderOfTheStandard_data() {
        using Lines = QList<QPair<QByteArray, QByteArray>>;
        const auto bytes = [](std::string_view text) {
            return QByteArray(text.data(), static_cast<qsizetype>(text.size()));
        };
        QTest::addColumn<Lines>("lines");
        QTest::addColumn<int>("status");
        const QByteArray tag = bytes(kTag), date = bytes(kDate), later = bytes(kLater),
                         earlier = bytes(kEarlier);
        const QByteArray match = "If-Match", none = "If-None-Match", since = "If-Modified-Since",
                         unmodified = "If-Unmodified-Since", range = "Range", ifRange = "If-Range";
        QTest::newRow("nothing") << Lines{} << 200;
        QTest::newRow("match") << Lines{{match, tag}} << 200;
        QTest::newRow("match any") << Lines{{match, "*"}} << 200;
        QTest::newRow("match in a list") << Lines{{match, "\"zero\", \"one\""}} << 200;
        QTest::newRow("match in a second line") << Lines{{match, "\"zero\""}, {match, tag}} << 200;
        QTest::newRow("no match") << Lines{{match, "\"two\""}} << 412;
        QTest::newRow("match is strong") << Lines{{match, "W/" + tag}} << 412;
        QTest::newRow("match wins over unmodified") << Lines{{match, tag}, {unmodified, earlier}} << 200;
        QTest::newRow("unmodified") << Lines{{unmodified, date}} << 200;
        QTest::newRow("modified meanwhile") << Lines{{unmodified, earlier}} << 412;
        QTest::newRow("a date that is none") << Lines{{unmodified, "yesterday"}} << 200;
        QTest::newRow("failing wins over not modified") << Lines{{match, "\"two\""}, {none, tag}} << 412;
        QTest::newRow("none match") << Lines{{none, tag}} << 304;
        QTest::newRow("none match is weak") << Lines{{none, "W/" + tag}} << 304;
        QTest::newRow("none match any") << Lines{{none, "*"}} << 304;
        QTest::newRow("none match another") << Lines{{none, "\"two\""}} << 200;
        QTest::newRow("none match wins over since") << Lines{{none, "\"two\""}, {since, later}} << 200;
        QTest::newRow("not modified since") << Lines{{since, date}} << 304;
        QTest::newRow("modified since") << Lines{{since, earlier}} << 200;
        QTest::newRow("both hold") << Lines{{match, tag}, {none, tag}} << 304;
        QTest::newRow("range") << Lines{{range, "bytes=0-9"}} << 206;
        QTest::newRow("not modified wins over range") << Lines{{range, "bytes=0-9"}, {none, tag}} << 304;
        QTest::newRow("range of what it was") << Lines{{range, "bytes=0-9"}, {ifRange, tag}} << 206;
        QTest::newRow("range of what it is no more")
            << Lines{{range, "bytes=0-9"}, {ifRange, "\"two\""}} << 200;
        QTest::newRow("range of a weak tag") << Lines{{range, "bytes=0-9"}, {ifRange, "W/" + tag}} << 200;
        QTest::newRow("range of a date") << Lines{{range, "bytes=0-9"}, {ifRange, date}} << 200;
        QTest::newRow("range beyond the end") << Lines{{range, "bytes=1000-"}} << 416;
        QTest::newRow("range twice") << Lines{{range, "bytes=0-9"}, {range, "bytes=5-9"}} << 200;
    }
    void conditionsAreJudgedInTheOrderOfTheStandard() {
        using Lines = QList<QPair<QByteArray, QByteArray>>;
        QFETCH(Lines, lines);
        QFETCH(int, status);
        std::vector<FieldView> fields;
        for (const auto& [name, value] : lines)
            fields.push_back({name.constData(), value.constData()});
        QCOMPARE(statusFor(answer(), fields), status);
    }

    void rangesAreForGetAlone() {
        QCOMPARE(statusFor(answer(), {{"Range", "bytes=0-9"}}, Method::Head), 200);
        QCOMPARE(statusFor(answer(), {{"If-None-Match", kTag}}, Method::Head), 304);
    }

    void aWeakTagAllowsNoRanges() {
        auto response = answer();
        response.fields.set("ETag", "W/\"one\"");
        QCOMPARE(statusFor(response, {{"Range", "bytes=0-9"}}), 200);
    }

    void withoutValidatorsOnlyAMatchIsDemanded() {
        Response naive;
        naive.body = "naive";
        QCOMPARE(statusFor(naive, {{"Range", "bytes=0-1"}}), 200);
        QCOMPARE(statusFor(naive, {{"If-None-Match", "*"}}), 200);
        QCOMPARE(statusFor(naive, {{"If-Modified-Since", kDate}}), 200);
        QCOMPARE(statusFor(naive, {{"If-Match", kTag}}), 412);
        QCOMPARE(statusFor(naive, {{"If-Match", "*"}}), 200);
    }

    void errorsAndStreamedContentAreLeftAlone() {
        auto missing = answer();
        missing.status = 404;
        QCOMPARE(statusFor(missing, {{"If-None-Match", kTag}}), 404);
        class Endless final : public BodySource {
        public:
            State read(std::string&, std::size_t) override { return State::Later; }
        };
        auto streamed = answer();
        streamed.source = std::make_shared<Endless>();
        QCOMPARE(statusFor(streamed, {{"Range", "bytes=0-9"}}), 200);
        offerRanges(streamed);
        QVERIFY(!streamed.fields.has("Accept-Ranges"));
    }

    void a304KeepsWhatUpdatesACacheAndNothingOfTheContent() {
        Response response;
        const auto made = answer();
        response.prepared = prepare(200, made.fields, made.body);
        response.fields.add("Age", "3");
        Conditions conditions;
        conditions.ifNoneMatch = kTag;
        applyConditions(response, Method::Get, conditions);
        QCOMPARE(response.finalStatus(), 304);
        QVERIFY(response.content().empty());
        for (const auto* name : {"ETag", "Last-Modified", "Cache-Control", "Vary", "Age"})
            QVERIFY2(response.fields.has(name), name);
        QVERIFY(!response.fields.has("Content-Type"));
        QVERIFY(!response.fields.has("Content-Encoding"));
    }

    void a412IsAProblemNobodyKeeps() {
        auto response = answer();
        Conditions conditions;
        conditions.ifMatch = "\"two\"";
        applyConditions(response, Method::Get, conditions);
        QCOMPARE(response.fields.get("Content-Type"), std::string_view("application/problem+json"));
        QCOMPARE(response.fields.get("Cache-Control"), std::string_view("no-store"));
        QVERIFY(!response.fields.has("Content-Encoding"));
        QVERIFY(response.body.find("\"status\":412") != std::string::npos);
    }

    void writesFailWhereReadsAreNotModified() {
        Conditions conditions;
        conditions.ifNoneMatch = "*";
        QVERIFY(judge(conditions, Method::Put, {}) == Verdict::Failed);
        conditions.ifNoneMatch = "\"two\", \"three\"";
        QVERIFY(judge(conditions, Method::Put, {.etags = {kTag, "\"three\""}, .modified = {}}) ==
                Verdict::Failed);
        QVERIFY(judge(conditions, Method::Put, {.etags = {kTag}, .modified = {}}) == Verdict::Go);
    }

    void aRequestCanBeSeenWithoutItsConditions() {
        const std::vector<FieldView> fields{
            {"Host", "a"}, {"range", "bytes=0-1"}, {"If-Match", "*"}, {"Accept", "b"}};
        Request request;
        request.fields = fields;
        std::vector<FieldView> lines;
        const auto plain = withoutConditions(request, lines);
        QCOMPARE(plain.fields.size(), std::size_t{2});
        QCOMPARE(plain.field("Accept"), std::string_view("b"));
        QVERIFY(!plain.field("Range"));
    }

    void saysThatRangesMayBeAskedForWhereTheyMay() {
        auto response = answer();
        applyConditions(response, Method::Head, {});
        QCOMPARE(response.fields.get("Accept-Ranges"), std::string_view("bytes"));
        Response naive;
        offerRanges(naive);
        QVERIFY(!naive.fields.has("Accept-Ranges"));
    }
};

QTEST_GUILESS_MAIN(ConditionsTest)
#include "conditions_test.moc"
