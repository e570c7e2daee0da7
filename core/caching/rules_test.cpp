#include "core/caching/rules.h"

#include "core/caching/test_request.h"

#include <QtTest>

using namespace hone;
using namespace hone::caching;
using namespace std::chrono_literals;
using test::Asking;

namespace {

http::Response jsonAnswer(int status = 200,
                          std::initializer_list<std::pair<std::string_view, std::string_view>> fields = {}) {
    http::Response response;
    response.status = status;
    response.body = "{}";
    for (const auto& [name, value] : fields)
        response.fields.add(name, value);
    return response;
}

}  // namespace

class RulesTest : public QObject {
    Q_OBJECT
private slots:
    void saysHowAnAnswerMayBeUsed_data();
    void saysHowAnAnswerMayBeUsed();
    void keepsOnlyWhatRfc9111Allows_data();
    void keepsOnlyWhatRfc9111Allows();
    void readsTheFieldsACacheLooksAt();
    void describesWhatItKeeps();
    void takesFreshnessFromTheAnswerFirst();
    void repeatsInA304WhatTheAnswerHad();
    void checksIfNoneMatchBeforeIfModifiedSince();
};

void RulesTest::saysHowAnAnswerMayBeUsed_data() {
    QTest::addColumn<int>("ageSeconds");
    QTest::addColumn<QString>("asked");
    QTest::addColumn<int>("use");
    const auto row = [](const char* name, int age, const char* asked, Use use) {
        QTest::addRow("%s", name) << age << asked << int(use);
    };
    row("fresh", 0, "", Use::Fresh);
    row("just fresh", 59, "", Use::Fresh);
    row("stale at its time", 60, "", Use::WhileRenewing);
    row("stale while renewing", 69, "", Use::WhileRenewing);
    row("too old", 70, "", Use::TooOld);
    row("no-cache", 1, "no-cache", Use::Refused);
    row("max-age zero", 0, "max-age=0", Use::Refused);
    row("max-age", 10, "max-age=5", Use::Refused);
    row("max-age met", 5, "max-age=5", Use::Fresh);
    row("min-fresh", 55, "min-fresh=10", Use::Refused);
    row("min-fresh met", 50, "min-fresh=10", Use::Fresh);
    row("max-stale", 80, "max-stale=30", Use::StaleAllowed);
    row("max-stale exceeded", 95, "max-stale=30", Use::TooOld);
    row("however stale", 5000, "max-stale", Use::StaleAllowed);
}

void RulesTest::saysHowAnAnswerMayBeUsed() {
    QFETCH(int, ageSeconds);
    QFETCH(QString, asked);
    QFETCH(int, use);
    StoredAnswer answer;
    answer.storedAt = 1000s;
    answer.freshFor = 60s;
    answer.swr = 10s;
    const auto control = http::parseCacheControl(asked.toStdString());
    QCOMPARE(int(useOf(answer, control, 1000s + std::chrono::seconds(ageSeconds))), use);
}

void RulesTest::keepsOnlyWhatRfc9111Allows_data() {
    QTest::addColumn<int>("status");
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("value");
    QTest::addColumn<bool>("kept");
    QTest::addRow("plain") << 200 << "Content-Type" << "application/json" << true;
    QTest::addRow("no-store") << 200 << "Cache-Control" << "no-store" << false;
    QTest::addRow("private") << 200 << "Cache-Control" << "private" << false;
    QTest::addRow("no-cache") << 200 << "Cache-Control" << "no-cache" << false;
    QTest::addRow("max-age zero") << 200 << "Cache-Control" << "max-age=0" << false;
    QTest::addRow("its own max-age") << 200 << "Cache-Control" << "max-age=9" << true;
    QTest::addRow("cookie") << 200 << "Set-Cookie" << "a=b" << false;
    QTest::addRow("vary covered") << 200 << "Vary" << "Accept-Encoding, Accept" << true;
    QTest::addRow("vary not covered") << 200 << "Vary" << "Accept-Encoding, User-Agent" << true;
    QTest::addRow("vary star") << 200 << "Vary" << "*" << false;
    QTest::addRow("created") << 201 << "X" << "" << false;
    QTest::addRow("partial") << 206 << "X" << "" << false;
    QTest::addRow("bad request") << 400 << "X" << "" << false;
    QTest::addRow("absent") << 404 << "X" << "" << false;
    QTest::addRow("error") << 500 << "X" << "" << false;
    QTest::addRow("unavailable") << 503 << "X" << "" << false;
}

void RulesTest::keepsOnlyWhatRfc9111Allows() {
    QFETCH(int, status);
    QFETCH(QString, name);
    QFETCH(QString, value);
    QFETCH(bool, kept);
    const std::string fieldName = name.toStdString(), fieldValue = value.toStdString();
    const auto response = jsonAnswer(status, {{fieldName, fieldValue}});
    const FakeClock clock;
    QCOMPARE(mayKeep(response, {}, {}, clock), kept);
    QCOMPARE(mayKeep(response, {.negativeTtl = 5s}, {}, clock), kept || status == 404);
}

void RulesTest::readsTheFieldsACacheLooksAt() {
    const Asking plain("/t", {{"Host", "a"}, {"Accept", "*/*"}});
    const auto none = readAsked(plain.request);
    QVERIFY(!none.namesUser && !none.isPartial && !none.ifNoneMatch && !none.control.noCache);
    const Asking full("/t", {{"cache-control", "max-age=3"},
                             {"Cache-Control", "only-if-cached"},
                             {"cookie", "a"},
                             {"if-none-match", "\"x\""},
                             {"if-modified-since", "y"},
                             {"range", "bytes=0-1"}});
    const auto all = readAsked(full.request);
    QVERIFY(all.namesUser && all.isPartial && all.control.onlyIfCached);
    QCOMPARE(all.control.maxAge->count(), 3);
    QVERIFY(*all.ifNoneMatch == "\"x\"" && *all.ifModifiedSince == "y");
    QVERIFY(readAsked(Asking("/t", {{"AUTHORIZATION", "b"}}).request).namesUser);
    QVERIFY(readAsked(Asking("/t", {{"Pragma", "no-cache"}}).request).control.noCache);
    QVERIFY(!readAsked(Asking("/t", {{"Pragma", "no-cache"}, {"Cache-Control", "max-age=9"}}).request)
                 .control.noCache);
}

void RulesTest::describesWhatItKeeps() {
    const FakeClock clock;
    const auto plain = makeStored(jsonAnswer(), {.ttl = 60s}, {.stamp = 7}, clock);
    QCOMPARE(plain->full->fields.get("Cache-Control").value(), std::string_view("public, max-age=60"));
    QCOMPARE(plain->full->fields.get("ETag").value(), std::string_view(plain->etag));
    QVERIFY(plain->etag.starts_with('"'));
    QCOMPARE(plain->stamp, WriteStamp(7));
    QVERIFY(plain->lastModified.empty());
    const auto rich = makeStored(jsonAnswer(),
                                 {.ttl = 60s,
                                  .swr = 30s,
                                  .staleIfError = 90s,
                                  .etag = EtagKind::Weak,
                                  .lastModified = true,
                                  .perUser = true},
                                 {}, clock);
    QCOMPARE(rich->full->fields.get("Cache-Control").value(),
             std::string_view("private, max-age=60, stale-while-revalidate=30, stale-if-error=90"));
    QVERIFY(rich->etag.starts_with("W/\""));
    QVERIFY(rich->lastModified.ends_with("GMT"));
    QCOMPARE(rich->swr.count(), Nanos(30s).count());
    QCOMPARE(rich->staleIfError.count(), Nanos(90s).count());
    const auto bare = makeStored(jsonAnswer(), {.etag = EtagKind::Off}, {}, clock);
    QVERIFY(!bare->full->fields.has("ETag"));
    QVERIFY(!bare->notModified);
}

void RulesTest::takesFreshnessFromTheAnswerFirst() {
    const FakeClock clock;
    const Rules rules{.ttl = 60s, .negativeTtl = 5s};
    const auto own =
        makeStored(jsonAnswer(200, {{"Cache-Control", "max-age=9, s-maxage=4"}, {"ETag", "\"mine\""}}), rules,
                   {}, clock);
    QCOMPARE(own->freshFor.count(), Nanos(4s).count());
    QCOMPARE(own->full->fields.get("Cache-Control").value(), std::string_view("max-age=9, s-maxage=4"));
    QCOMPARE(own->etag, std::string("\"mine\""));
    const auto absent = makeStored(jsonAnswer(404), rules, {}, clock);
    QCOMPARE(absent->freshFor.count(), Nanos(5s).count());
    QCOMPARE(absent->full->fields.get("Cache-Control").value(), std::string_view("public, max-age=5"));
    QVERIFY(absent->etag.empty());
}

void RulesTest::repeatsInA304WhatTheAnswerHad() {
    const FakeClock clock;
    const auto stored = makeStored(
        jsonAnswer(200, {{"Content-Type", "application/json"}, {"Vary", "Accept-Encoding"}}), {}, {}, clock);
    QCOMPARE(stored->notModified->status, 304);
    QVERIFY(stored->notModified->body.empty());
    QVERIFY(stored->notModified->fields.has("Vary") && stored->notModified->fields.has("ETag") &&
            stored->notModified->fields.has("Cache-Control"));
    QVERIFY(!stored->notModified->fields.has("Content-Type"));
}

void RulesTest::checksIfNoneMatchBeforeIfModifiedSince() {
    FakeClock clock;
    const auto stored = makeStored(jsonAnswer(), {.lastModified = true}, {}, clock);
    const std::string later = http::httpDate(clock.wallNow() + 10s),
                      earlier = http::httpDate(clock.wallNow() - 10s);
    QVERIFY(isNotModified(*stored, {.ifNoneMatch = stored->etag}));
    QVERIFY(isNotModified(*stored, {.ifNoneMatch = "*"}));
    QVERIFY(!isNotModified(*stored, {.ifNoneMatch = "\"other\"", .ifModifiedSince = later}));
    QVERIFY(isNotModified(*stored, {.ifModifiedSince = stored->lastModified}));
    QVERIFY(isNotModified(*stored, {.ifModifiedSince = later}));
    QVERIFY(!isNotModified(*stored, {.ifModifiedSince = earlier}));
    QVERIFY(!isNotModified(*stored, {.ifModifiedSince = "yesterday"}));
    QVERIFY(!isNotModified(*stored, {}));
}

QTEST_GUILESS_MAIN(RulesTest)
#include "rules_test.moc"
