#include "core/load/request_set.h"

#include <QTest>

using namespace hone;
using namespace hone::load;

namespace {

constexpr char kBase[] = "http://127.0.0.1:8437";

model::Workload workloadOf(std::vector<model::WorkloadRequest> requests) {
    model::Workload workload;
    workload.requests = std::move(requests);
    return workload;
}

std::string wireOf(const model::Workload& workload,
                   std::vector<std::pair<std::string, std::string>> extra = {}) {
    const auto set = RequestSet::compile(workload, kBase, extra);
    if (!set)
        return set.error().line();
    RequestStream stream(*set, workload.seed);
    return std::string(stream.next().wire);
}

}  // namespace

class RequestSetTest : public QObject {
    Q_OBJECT
private slots:
    void aPlainGetIsCompleteAndValid();
    void slotsAreFilledAndEncodedInTargets();
    void theContentLengthFollowsTheFilledBody();
    void aVariableUsedTwiceHasOneValuePerRequest();
    void planHeadersWinOverRequestHeaders();
    void absoluteUrlsNameTheirOwnEndpoint();
    void withoutKeepAliveItSaysClose();
    void sameSeedGivesTheSameTargets();
    void restartBeginsTheSequenceAgain();
    void badWorkloadsAreRefusedByName_data();
    void badWorkloadsAreRefusedByName();
};

void RequestSetTest::aPlainGetIsCompleteAndValid() {
    QCOMPARE(
        wireOf(workloadOf({{.url = "/api/cities?limit=5"}})),
        std::string("GET /api/cities?limit=5 HTTP/1.1\r\nHost: 127.0.0.1:8437\r\nUser-Agent: hone/0.1.0\r\n"
                    "Accept: */*\r\n\r\n"));
}

void RequestSetTest::slotsAreFilledAndEncodedInTargets() {
    auto workload = workloadOf({{.url = "/a/{{ id }}?q={{word}}", .headers = {{"X-Word", "<{{word}}>"}}}});
    workload.variables["id"] = {.first = 7, .last = 7};
    workload.variables["word"] = {.values = {"x y&z"}};
    const auto wire = wireOf(workload);
    QVERIFY2(wire.starts_with("GET /a/7?q=x%20y%26z HTTP/1.1\r\n"), wire.c_str());
    QVERIFY(wire.contains("X-Word: <x y&z>\r\n"));
}

void RequestSetTest::theContentLengthFollowsTheFilledBody() {
    auto workload = workloadOf({{.method = "POST", .url = "/a", .body = R"({"id":{{id}}})"}});
    workload.variables["id"] = {.first = 12345, .last = 12345};
    const auto wire = wireOf(workload);
    QVERIFY(wire.contains("Content-Type: application/json\r\n"));
    QVERIFY2(wire.ends_with("Content-Length: 12\r\n\r\n{\"id\":12345}"), wire.c_str());
    QVERIFY(wireOf(workloadOf({{.method = "POST", .url = "/a"}})).ends_with("Content-Length: 0\r\n\r\n"));
}

void RequestSetTest::aVariableUsedTwiceHasOneValuePerRequest() {
    auto workload = workloadOf({{.url = "/{{id}}/{{id}}"}});
    workload.variables["id"] = {.first = 1, .last = 1'000'000};
    const auto set = RequestSet::compile(workload, kBase, {});
    QVERIFY(set.has_value());
    RequestStream stream(*set, 1);
    for (int i = 0; i < 10; ++i) {
        stream.next();
        const auto target = stream.target();
        const auto middle = target.find('/', 1);
        QCOMPARE(target.substr(0, middle), target.substr(middle));
    }
}

void RequestSetTest::planHeadersWinOverRequestHeaders() {
    const auto wire = wireOf(workloadOf({{.url = "/", .headers = {{"hone-arm", "A"}, {"Host", "other"}}}}),
                             {{"Hone-Arm", "B"}});
    QVERIFY(wire.contains("Hone-Arm: B\r\n"));
    QVERIFY(!wire.contains("hone-arm: A"));
    QVERIFY(wire.contains("Host: other\r\n"));
    QVERIFY(!wire.contains("Host: 127"));
}

void RequestSetTest::absoluteUrlsNameTheirOwnEndpoint() {
    const auto set = RequestSet::compile(
        workloadOf(
            {{.url = "/a"}, {.url = "http://localhost:9000/b/{{x}}"}, {.url = "http://localhost:9000"}}),
        kBase, {});
    QVERIFY(!set.has_value());  // {{x}} is not defined.
    const auto good = RequestSet::compile(
        workloadOf({{.url = "/a"}, {.url = "http://localhost:9000/b"}, {.url = "http://localhost:9000"}}),
        kBase, {});
    QCOMPARE(good->servers().size(), std::size_t(2));
    QCOMPARE(good->servers()[1].endpoint.port, std::uint16_t(9000));
    QVERIFY(good->requests()[1].fixed.starts_with("GET /b HTTP/1.1\r\nHost: localhost:9000\r\n"));
    QVERIFY(good->requests()[2].fixed.starts_with("GET / HTTP/1.1\r\n"));
}

void RequestSetTest::withoutKeepAliveItSaysClose() {
    auto workload = workloadOf({{.url = "/"}});
    workload.keepAlive = false;
    QVERIFY(wireOf(workload).contains("Connection: close\r\n"));
}

void RequestSetTest::sameSeedGivesTheSameTargets() {
    auto workload = workloadOf({{.url = "/a/{{id}}", .weight = 3}, {.url = "/b/{{id}}", .weight = 1}});
    workload.variables["id"] = {.first = 1, .last = 10'000, .draw = model::Variable::Draw::Zipf};
    const auto set = RequestSet::compile(workload, kBase, {});
    RequestStream one(*set, 5), same(*set, 5), other(*set, 6), secondThread(*set, 5, 1, 2);
    bool otherDiffers = false, threadDiffers = false;
    for (int i = 0; i < 200; ++i) {
        one.next();
        same.next();
        other.next();
        secondThread.next();
        QCOMPARE(one.target(), same.target());
        otherDiffers = otherDiffers || one.target() != other.target();
        threadDiffers = threadDiffers || one.target() != secondThread.target();
    }
    QVERIFY(otherDiffers);
    QVERIFY(threadDiffers);
}

void RequestSetTest::restartBeginsTheSequenceAgain() {
    auto workload = workloadOf({{.url = "/{{id}}/{{n}}"}});
    workload.variables["id"] = {.first = 1, .last = 10'000};
    workload.variables["n"] = {.first = 1, .last = 10'000, .draw = model::Variable::Draw::Sequential};
    const auto set = RequestSet::compile(workload, kBase, {});
    RequestStream stream(*set, 99);
    stream.next();
    stream.restart(3);
    std::vector<std::string> first;
    for (int i = 0; i < 10; ++i) {
        stream.next();
        first.push_back(stream.target());
    }
    QVERIFY(first[0].ends_with("/1"));
    stream.restart(3);
    for (const auto& target : first) {
        stream.next();
        QCOMPARE(stream.target(), target);
    }
}

void RequestSetTest::badWorkloadsAreRefusedByName_data() {
    QTest::addColumn<QByteArray>("method");
    QTest::addColumn<QByteArray>("url");
    QTest::addColumn<QByteArray>("header");
    QTest::addColumn<double>("weight");
    QTest::addColumn<QByteArray>("named");
    const auto row = [](const char* name, const char* method, const char* url, const char* header,
                        double weight, const char* named) {
        QTest::newRow(name) << QByteArray(method) << QByteArray(url) << QByteArray(header) << weight
                            << QByteArray(named);
    };
    row("unknown variable", "GET", "/{{nope}}", "", 1, "nope");
    row("another scheme", "GET", "ftp://127.0.0.1/", "", 1, "ftp");
    row("space in URL", "GET", "/a b", "", 1, "/a b");
    row("line break in header", "GET", "/", "a\r\nX-Evil: 1", 1, "X-Test");
    row("line break in method", "G\r\nET", "/", "", 1, "method");
    row("negative weight", "GET", "/", "", -1, "-1");
    row("only weight zero", "GET", "/", "", 0, "weight 0");
}

void RequestSetTest::badWorkloadsAreRefusedByName() {
    QFETCH(QByteArray, method);
    QFETCH(QByteArray, url);
    QFETCH(QByteArray, header);
    QFETCH(double, weight);
    QFETCH(QByteArray, named);
    const auto set = RequestSet::compile(workloadOf({{.method = method.toStdString(),
                                                      .url = url.toStdString(),
                                                      .headers = {{"X-Test", header.toStdString()}},
                                                      .weight = weight}}),
                                         kBase, {});
    QVERIFY(!set.has_value());
    QVERIFY2(QByteArray::fromStdString(set.error().line()).contains(named), set.error().line().c_str());
    QVERIFY(!RequestSet::compile(workloadOf({}), kBase, {}).has_value());
}

QTEST_GUILESS_MAIN(RequestSetTest)
#include "request_set_test.moc"
