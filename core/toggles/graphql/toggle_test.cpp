#include "core/toggles/catalogue.h"
#include "core/toggles/graphql/documents.h"
#include "core/toggles/graphql/testdata/reference.h"
#include "core/toggles/test_rig.h"

#include "core/http/semantics.h"

#include <QtTest>

using namespace hone;
using namespace hone::toggles::test;
using namespace hone::toggles::graphql::test;
using nlohmann::json;

namespace {

/// A toggle over a small shop, asked as the engine asks it.
class Server {
public:
    explicit Server(Rig::Settings settings = {}) : rig(*toggles::find("graphql"), settings, shop.datasets) {}

    std::unique_ptr<Ask> ask(std::string_view method, std::string target,
                             std::vector<http::FieldView> fields = {}, std::string_view body = {}) {
        auto ask = std::make_unique<Ask>(std::move(target), std::move(fields), method);
        const_cast<http::Request&>(ask->exchange.request).body = body;
        auto& exchange = ask->exchange;
        exchange.route.table = nullptr;
        exchange.route.endpoint = rig.state->endpoint("/graphql");
        exchange.route.dataset = exchange.route.endpoint->dataset();
        exchange.route.endpoint->handle(exchange);
        return ask;
    }
    std::unique_ptr<Ask> get(std::string_view query, std::string_view more = {}) {
        return ask("GET", "/graphql?query=" + http::percentEncode(query) + std::string(more));
    }
    std::unique_ptr<Ask> post(const json& body, std::string_view accept = "*/*") {
        m_body = body.dump();
        return ask("POST", "/graphql", {{"Content-Type", "application/json"}, {"Accept", accept}}, m_body);
    }

    Shop shop;
    Rig rig;

private:
    std::string m_body;
};

json answerOf(const Ask& ask) { return json::parse(ask.body()); }
std::string codeOf(const Ask& ask) { return answerOf(ask)["errors"][0]["extensions"].value("code", ""); }

constexpr std::string_view kNested =
    "{ customers(first: 20) { nodes { name orders(first: 3) { nodes { id } } } } }";

}  // namespace

class GraphqlToggleTest : public QObject {
    Q_OBJECT
private slots:
    void readsRelatedRowsInOneStatementForEachRelation();
    void readsRelatedRowsOneByOneWithoutBatching();
    void answersByStatusAndMediaType_data();
    void answersByStatusAndMediaType();
    void keepsAnswersToQueriesByGetAlone();
    void writesByPostAndRefusesItByGet();
    void findsPersistedQueriesOnceTheyWereSent();
    void parsesARepeatedDocumentOnce();
    void refusesWhatIsTooDeepOrTooDear();
    void takesVariablesByTheirTypes();
    void writesIntegersBeyondJsonAsText();
    void keepsIntrospectionToItselfWhenAsked();
    void servesNothingWithoutTables();
};

void GraphqlToggleTest::readsRelatedRowsInOneStatementForEachRelation() {
    Server server;
    const auto ask = server.get(kNested);
    QCOMPARE(ask->status(), 200);
    QCOMPARE(answerOf(*ask)["extensions"]["sql"]["statements"], 2);
    QCOMPARE(ask->exchange.sql.statements, 2);
    QCOMPARE(server.rig.counter("statements"), 2.0);
    QCOMPARE(answerOf(*ask)["data"]["customers"]["nodes"].size(), 20U);
}

void GraphqlToggleTest::readsRelatedRowsOneByOneWithoutBatching() {
    Server server({{"batching", "false"}});
    Server batched;
    const auto ask = server.get(kNested);
    QCOMPARE(answerOf(*ask)["extensions"]["sql"]["statements"], 21);
    QCOMPARE(answerOf(*ask)["data"], answerOf(*batched.get(kNested))["data"]);
}

void GraphqlToggleTest::answersByStatusAndMediaType_data() {
    QTest::addColumn<QString>("method");
    QTest::addColumn<QString>("target");
    QTest::addColumn<QString>("accept");
    QTest::addColumn<QString>("type");
    QTest::addColumn<QString>("body");
    QTest::addColumn<int>("status");
    const QString type = "application/json";
    const QString good = R"({"query":"{ tables }"})", wrong = R"({"query":"{ nothing }"})";
    QTest::addRow("query") << "POST" << "/graphql" << "" << type << good << 200;
    QTest::addRow("charset") << "POST" << "/graphql" << "" << type + "; charset=utf-8" << good << 200;
    QTest::addRow("other charset") << "POST" << "/graphql" << "" << type + "; charset=latin1" << good << 415;
    QTest::addRow("invalid") << "POST" << "/graphql" << "" << type << wrong << 400;
    QTest::addRow("invalid, older client") << "POST" << "/graphql" << type << type << wrong << 200;
    QTest::addRow("no JSON, older client") << "POST" << "/graphql" << type << type << "{" << 400;
    QTest::addRow("no query") << "POST" << "/graphql" << "" << type << "{}" << 400;
    QTest::addRow("variables of a wrong kind")
        << "POST" << "/graphql" << "" << type << R"({"query":"{ tables }","variables":[]})" << 400;
    QTest::addRow("form") << "POST" << "/graphql" << "" << "application/x-www-form-urlencoded" << good << 415;
    QTest::addRow("not acceptable") << "POST" << "/graphql" << "text/html" << type << good << 406;
    QTest::addRow("put") << "PUT" << "/graphql" << "" << type << good << 405;
    QTest::addRow("get") << "GET" << "/graphql?query=%7Btables%7D" << "" << "" << "" << 200;
    QTest::addRow("get, no variables")
        << "GET" << "/graphql?query=%7Btables%7D&variables=x" << "" << "" << "" << 400;
    QTest::addRow("syntax") << "GET" << "/graphql?query=%7B" << "" << "" << "" << 400;
}

void GraphqlToggleTest::answersByStatusAndMediaType() {
    QFETCH(QString, method);
    QFETCH(QString, target);
    QFETCH(QString, accept);
    QFETCH(QString, type);
    QFETCH(QString, body);
    QFETCH(int, status);
    Server server;
    const std::string acceptText = accept.toStdString(), typeText = type.toStdString(),
                      bodyText = body.toStdString(), methodText = method.toStdString();
    std::vector<http::FieldView> fields;
    if (!accept.isEmpty())
        fields.push_back({"Accept", acceptText});
    if (!type.isEmpty())
        fields.push_back({"Content-Type", typeText});
    const auto ask = server.ask(methodText, target.toStdString(), fields, bodyText);
    QCOMPARE(ask->status(), status);
    if (status == 406)
        return;
    QVERIFY(ask->field("Content-Type")
                .starts_with(accept == "application/json" ? "application/json"
                                                          : "application/graphql-response+json"));
    QCOMPARE(answerOf(*ask).contains("errors"), status != 200 || body.contains("nothing"));
    QCOMPARE(ask->field("Allow"), status == 405 ? "GET, HEAD, POST" : "");
}

void GraphqlToggleTest::keepsAnswersToQueriesByGetAlone() {
    Server server;
    QVERIFY(server.get("{ tables }")->exchange.cacheable);
    QVERIFY(!server.post({{"query", "{ tables }"}})->exchange.cacheable);
    QVERIFY(!server.get("{ customers(first: -1) { totalCount } }")->exchange.cacheable);
    QCOMPARE(server.get("{ tables }")->exchange.route.dataset, server.shop.dataset.get());
}

void GraphqlToggleTest::writesByPostAndRefusesItByGet() {
    Server server;
    const std::string remove = "mutation { deleteReview(id: 1) }";
    const auto refused = server.get(remove);
    QCOMPARE(refused->status(), 405);
    QCOMPARE(refused->field("Allow"), "POST");
    const auto renamed = server.post(
        {{"query", "mutation ($p: CustomerUpdate!) { updateCustomer(id: 1, patch: $p) { id name } }"},
         {"variables", {{"p", {{"name", "Ada"}}}}}});
    QCOMPARE(answerOf(*renamed)["data"]["updateCustomer"]["name"], "Ada");
    QVERIFY(renamed->exchange.wrote);
    QCOMPARE(answerOf(*server.get("{ customer(id: 1) { name } }"))["data"]["customer"]["name"], "Ada");
    QCOMPARE(answerOf(*server.post({{"query", remove}}))["data"]["deleteReview"], true);
    QCOMPARE(answerOf(*server.post({{"query", remove}}))["data"]["deleteReview"], false);
}

void GraphqlToggleTest::findsPersistedQueriesOnceTheyWereSent() {
    Server server;
    const std::string query = "{ tables }";
    const json extensions{
        {"persistedQuery", {{"version", 1}, {"sha256Hash", toggles::graphql::sha256Hex(query)}}}};
    QCOMPARE(toggles::graphql::sha256Hex(""),
             "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    QCOMPARE(codeOf(*server.post({{"extensions", extensions}})), "PERSISTED_QUERY_NOT_FOUND");
    QCOMPARE(server.post({{"query", "{ __typename }"}, {"extensions", extensions}})->status(), 400);
    QCOMPARE(server.post({{"query", query}, {"extensions", extensions}})->status(), 200);
    const auto found = server.ask("GET", "/graphql?extensions=" + http::percentEncode(extensions.dump()));
    QCOMPARE(found->status(), 200);
    QVERIFY(found->exchange.cacheable);
    QCOMPARE(server.rig.counter("persistedHits"), 1.0);
    Server without({{"persisted", "off"}});
    QCOMPARE(codeOf(*without.post({{"extensions", extensions}})), "PERSISTED_QUERY_NOT_SUPPORTED");
}

void GraphqlToggleTest::parsesARepeatedDocumentOnce() {
    Server server;
    for (int i = 0; i < 3; ++i)
        QCOMPARE(server.get("{ tables }")->status(), 200);
    QCOMPARE(server.rig.counter("parsed"), 1.0);
    QCOMPARE(server.rig.counter("reused"), 2.0);
    server.rig.state->reset();
    QCOMPARE(server.get("{ tables }")->status(), 200);
    QCOMPARE(server.rig.counter("parsed"), 2.0);
}

void GraphqlToggleTest::refusesWhatIsTooDeepOrTooDear() {
    Server server({{"maxDepth", "5"}, {"maxCost", "100"}});
    const auto deep = server.get(
        "{ customer(id: 1) { orders(first: 2) { nodes { customer { orders { totalCount } } } } } }");
    QCOMPARE(deep->status(), 400);
    QCOMPARE(codeOf(*deep), "DEPTH_LIMIT_EXCEEDED");
    QCOMPARE(codeOf(*server.get("{ customers(first: 101) { nodes { id } } }")), "COST_LIMIT_EXCEEDED");
    QCOMPARE(codeOf(*server.get("{ customers(first: 20) { nodes { orders(first: 5) { nodes { id } } } } }")),
             "COST_LIMIT_EXCEEDED");
    QCOMPARE(server.rig.counter("statements"), 0.0);
    QCOMPARE(server.get("{ customers(first: 20) { nodes { id } } }")->status(), 200);
    const std::string nested =
        "{ __schema { types { fields { type { fields { type { fields { name } } } } } } } }";
    QCOMPARE(codeOf(*server.get(nested)), "DEPTH_LIMIT_EXCEEDED");
}

void GraphqlToggleTest::takesVariablesByTheirTypes() {
    Server server;
    const std::string query =
        "query ($id: BigInt!, $n: Int) { customer(id: $id) { id orders(first: $n) { totalCount } } }";
    const auto ask = [&](const json& variables) {
        return server.post({{"query", query}, {"variables", variables}});
    };
    QCOMPARE(answerOf(*ask({{"id", "2"}}))["data"]["customer"]["id"], 2);
    QCOMPARE(answerOf(*ask({{"id", 2.0}, {"n", nullptr}}))["data"]["customer"]["id"], 2);
    QCOMPARE(codeOf(*ask(json::object())), "BAD_USER_INPUT");
    QCOMPARE(ask({{"id", nullptr}})->status(), 400);
    QCOMPARE(ask({{"id", 1}, {"n", 2147483648}})->status(), 400);
    QCOMPARE(ask({{"id", 1}, {"n", "3"}})->status(), 400);
    QCOMPARE(ask({{"id", "1x"}})->status(), 400);
}

void GraphqlToggleTest::writesIntegersBeyondJsonAsText() {
    Server server;
    const auto made =
        server.post({{"query", "mutation ($c: CustomerCreate!) { createCustomer(input: $c) { id } }"},
                     {"variables", {{"c", {{"id", "9007199254740993"}}}}}});
    // The other columns may be demanded; then the message names one of them and nothing was written.
    if (made->status() != 200) {
        QVERIFY(!made->exchange.wrote);
        QCOMPARE(codeOf(*made), "BAD_USER_INPUT");
        return;
    }
    QCOMPARE(answerOf(*made)["data"]["createCustomer"]["id"], "9007199254740993");
}

void GraphqlToggleTest::keepsIntrospectionToItselfWhenAsked() {
    Server server({{"introspection", "false"}});
    QCOMPARE(codeOf(*server.get("{ __schema { queryType { name } } }")), "INTROSPECTION_DISABLED");
    QCOMPARE(server.get("{ __typename }")->status(), 200);
}

void GraphqlToggleTest::servesNothingWithoutTables() {
    const Rig rig(*toggles::find("graphql"));
    Ask ask("/graphql?query=%7Btables%7D");
    ask.exchange.route.endpoint = rig.state->endpoint("/graphql");
    ask.exchange.route.endpoint->handle(ask.exchange);
    QCOMPARE(answerOf(ask)["data"]["tables"], json::array());
    QVERIFY(!ask.exchange.cacheable);
    QVERIFY(!rig.state->endpoint("/graphql/more"));
}

QTEST_GUILESS_MAIN(GraphqlToggleTest)
#include "toggle_test.moc"
