// No request ever gets an answer made for another user, host, coding or target.

#include "core/toggles/cache/origin_rig.h"

#include <QtTest>

#include <deque>
#include <random>

using namespace hone;
using namespace hone::engine;
using namespace hone::toggles::test;
using namespace std::chrono_literals;

namespace {

using Fields = Proxy::Fields;

/// Everything the upstream can see of a request: answers that are equal were made for equal requests.
std::string fingerprint(const http::Request& request) {
    std::string out = std::string(request.target);
    for (const std::string_view name :
         {"Host", "Accept", "Accept-Encoding", "Accept-Language", "Authorization", "Cookie",
          "X-HTTP-Method-Override", "X-Original-URL"})
        if (const auto value = request.field(name))
            out += "|" + std::string(name) + "=" + std::string(*value);
    return out;
}

}  // namespace

class IsolationTest : public QObject {
    Q_OBJECT
private slots:
    void neverSharesAcrossWhatAnUpstreamMayTellApart_data() {
        QTest::addColumn<QString>("first");
        QTest::addColumn<QString>("second");
        QTest::addColumn<QString>("field");
        QTest::addColumn<QString>("firstValue");
        QTest::addColumn<QString>("secondValue");
        const auto row = [](const char* name, const char* a, const char* b, const char* field = "X-None",
                            const char* one = "", const char* two = "") {
            QTest::addRow("%s", name) << a << b << field << one << two;
        };
        row("encoded slash", "/a/b", "/a%2Fb");
        row("encoded letter", "/a", "/%61");
        row("capitals in an escape", "/a%2fb", "/a%2Fb");
        row("order of the query", "/a?x=1&y=2", "/a?y=2&x=1");
        row("empty query", "/a", "/a?");
        row("empty part", "/a?x=1", "/a?x=1&");
        row("path parameter", "/a", "/a;x=1");
        row("slash at the end", "/a", "/a/");
        row("doubled slash", "/a/b", "/a//b");
        row("authorization", "/a", "/a", "Authorization", "Bearer ann", "Bearer bob");
        row("no authorization", "/a", "/a", "Authorization", "Bearer ann", "");
        row("cookie", "/a", "/a", "Cookie", "s=ann", "s=bob");
        row("accept", "/a", "/a", "Accept", "text/html", "application/json");
        row("a coding we do not serve", "/a", "/a", "Accept-Encoding", "deflate", "");
        row("method override", "/a", "/a", "X-HTTP-Method-Override", "DELETE", "");
        row("rewritten target", "/a", "/a", "X-Original-URL", "/admin", "");
        row("forwarded scheme", "/a", "/a", "X-Forwarded-Scheme", "http", "");
    }
    void neverSharesAcrossWhatAnUpstreamMayTellApart() {
        QFETCH(QString, first);
        QFETCH(QString, second);
        QFETCH(QString, field);
        QFETCH(QString, firstValue);
        QFETCH(QString, secondValue);
        const std::string name = field.toStdString(), one = firstValue.toStdString(),
                          two = secondValue.toStdString();
        Proxy proxy;
        proxy.origin.answer = [&](const http::Request&) {
            return answerWith("answer " + std::to_string(proxy.origin.asked),
                              {{"Cache-Control", "max-age=60"}});
        };
        const auto fieldsOf = [&](const std::string& value) {
            return value.empty() ? Fields{} : Fields{{name, value}};
        };
        const auto a = proxy.get(first.toStdString(), fieldsOf(one));
        const auto b = proxy.get(second.toStdString(), fieldsOf(two));
        QVERIFY(a->body() != b->body());
        QCOMPARE(proxy.get(second.toStdString(), fieldsOf(two))->body() == a->body(), false);
    }

    void keepsTheHostsItIsAskedAsApart() {
        Proxy proxy;
        proxy.origin.answer = [](const http::Request& request) {
            return answerWith(request.joined("Host"), {{"Cache-Control", "max-age=60"}});
        };
        (void)proxy.get("/a", {{"Host", "evil.test"}});
        QCOMPARE(proxy.get("/a")->body(), std::string("api.test"));
    }

    void neverKeepsOrCoalescesAnswersWithCookies() {
        Proxy proxy;
        proxy.origin.answer = [&](const http::Request&) {
            return answerWith("x", {{"Cache-Control", "public, max-age=60"}, {"Set-Cookie", "session=ann"}});
        };
        (void)proxy.get("/login");
        (void)proxy.get("/login");
        QCOMPARE(proxy.origin.asked, 2);
        QCOMPARE(proxy.rig.counter("entries"), 0.0);
    }

    void sharesUsersAnswersOnlyWhenTheySayPublic_data() {
        QTest::addColumn<QString>("control");
        QTest::addColumn<bool>("shared");
        QTest::addRow("max-age alone") << "max-age=60" << false;
        QTest::addRow("private") << "private, max-age=60" << false;
        QTest::addRow("proxy-revalidate") << "max-age=60, proxy-revalidate" << false;
        QTest::addRow("public") << "public, max-age=60" << true;
        QTest::addRow("s-maxage") << "s-maxage=60" << true;
        QTest::addRow("must-revalidate") << "max-age=60, must-revalidate" << true;
    }
    void sharesUsersAnswersOnlyWhenTheySayPublic() {
        QFETCH(QString, control);
        QFETCH(bool, shared);
        const std::string value = control.toStdString();
        Proxy proxy({{"users", "shared"}});
        proxy.origin.answer = [&](const http::Request& request) {
            return answerWith("for " + std::string(request.field("Authorization").value_or("all")),
                              {{"Cache-Control", value}});
        };
        (void)proxy.get("/a", {{"Authorization", "ann"}});
        QCOMPARE(proxy.get("/a", {{"Authorization", "bob"}})->body(),
                 std::string(shared ? "for ann" : "for bob"));
        QCOMPARE(proxy.get("/a")->body(), std::string(shared ? "for ann" : "for all"));
        // And what was made for nobody is no more a user's than the answer allows.
        (void)proxy.get("/b");
        QCOMPARE(proxy.get("/b", {{"Authorization", "bob"}})->body(),
                 std::string(shared ? "for all" : "for bob"));
    }

    void keepsAUsersTwoCredentialsApartFromOneWithAComma() {
        Proxy proxy({{"users", "perUser"}});
        proxy.origin.answer = [&](const http::Request&) {
            return answerWith(std::to_string(proxy.origin.asked), {{"Cache-Control", "max-age=60"}});
        };
        const auto a = proxy.get("/a", {{"Cookie", "x"}, {"Cookie", "y"}});
        QVERIFY(proxy.get("/a", {{"Cookie", "x,y"}})->body() != a->body());
        QVERIFY(proxy.get("/a", {{"Authorization", "x"}})->body() != a->body());
        QCOMPARE(proxy.get("/a", {{"Cookie", "x"}, {"Cookie", "y"}})->body(), a->body());
    }

    void isNotFooledByABodyInAGet() {
        Proxy proxy;
        (void)proxy.get("/a");
        Ask fat("/a", {{"Host", "api.test"}});
        http::Request request = fat.exchange.request;
        request.body = "q=other";
        Exchange exchange(request);
        exchange.route.endpoint = &proxy.origin;
        Resume none = [](auto) {};
        QCOMPARE(proxy.stage->lookup(exchange, none), Lookup::Continue);
        QVERIFY(!exchange.answered);
    }

    /// Random requests, random settings: what comes out must have been made for a request that is equal in
    /// everything the upstream declared to matter.
    void answersAsTheUpstreamWouldWhateverIsAsked() {
        constexpr unsigned kSeed = 20'241'124;
        qInfo("seed %u", kSeed);
        std::mt19937 random(kSeed);
        const auto pick = [&](std::initializer_list<const char*> from) {
            return std::string(from.begin()[random() % from.size()]);
        };
        for (const char* users : {"bypass", "shared", "perUser"}) {
            Proxy proxy({{"users", users}, {"variants", "4"}, {"ttl", "60s"}});
            proxy.origin.answer = [](const http::Request& request) {
                // It depends on all of it, and says so.
                return answerWith(fingerprint(request),
                                  {{"Cache-Control", "max-age=60"}, {"Vary", "Accept-Language, Accept"}});
            };
            int hits = 0;
            for (int i = 0; i < 4000; ++i) {
                Fields fields;
                std::deque<std::string> values;
                const auto maybe = [&](std::string_view name, std::initializer_list<const char*> from) {
                    if (const auto value = pick(from); !value.empty())
                        fields.push_back({name, values.emplace_back(value)});
                };
                maybe("Accept-Language", {"", "de", "en,de", "fr"});
                maybe("Accept", {"", "text/html"});
                maybe("Accept-Encoding", {"", "deflate", "gzip"});
                maybe("Authorization", {"", "", "", "ann", "bob"});
                maybe("Cookie", {"", "", "", "ann", "Authorization=bob"});
                maybe("X-HTTP-Method-Override", {"", "", "", "", "", "PUT"});
                const auto target = pick({"/a", "/a?", "/a?x=1&y=2", "/a?y=2&x=1", "/%61", "/b"});
                const auto answer = proxy.get(target, fields);
                QCOMPARE(answer->body(), fingerprint(answer->exchange.request));
                hits += answer->field("Cache-Status") == "hone; hit" ? 1 : 0;
                if (i % 100 == 0)
                    proxy.rig.clock.advance(7s);
            }
            QVERIFY2(hits > 200, users);
        }
    }
};

QTEST_GUILESS_MAIN(IsolationTest)
#include "isolation_test.moc"
