// Our verdicts, schema and answers are those of graphql-js (Debian: nodejs, node-graphql).

#include "core/toggles/graphql/execution.h"
#include "core/toggles/graphql/parser.h"
#include "core/toggles/graphql/testdata/reference.h"
#include "core/toggles/graphql/validation.h"

#include <QtTest>

#include <algorithm>

using namespace hone;
using namespace hone::toggles::graphql;
using namespace hone::toggles::graphql::test;
using nlohmann::json;

namespace {

struct Case {
    std::string rule, text;
};

std::vector<Case> corpus() {
    std::vector<Case> cases;
    std::istringstream lines(dataFile("validation.txt"));
    for (std::string line; std::getline(lines, line);)
        if (line.starts_with("## "))
            cases.push_back({line.substr(3), ""});
        else
            cases.back().text += line + "\n";
    return cases;
}

std::vector<std::string> definitionsOf(const std::string& printed) {
    std::vector<std::string> blocks;
    std::size_t from = 0;
    for (std::size_t end = 0; end != std::string::npos; from = end + 2) {
        end = printed.find("\n\n", from);
        blocks.push_back(printed.substr(from, end == std::string::npos ? end : end - from));
    }
    std::ranges::sort(blocks);
    return blocks;
}

ExecutionResult run(const Api& api, const std::string& query, const json& variables, bool batching = true) {
    const auto document = parse(query);
    if (!document)
        throw std::runtime_error(document.error().message);
    if (const auto problems = validate(*api.schema, **document); !problems.empty())
        throw std::runtime_error(problems.front().message);
    return execute(api, **document, **operationNamed(**document, ""), variables, {.batching = batching});
}

json asJson(const ExecutionResult& result) {
    json out{{"data", json::parse(result.data)}};
    if (!result.problems.empty()) {
        std::string errors;
        writeProblems(result.problems, errors);
        out["errors"] = json::parse(errors);
        for (json& error : out["errors"])
            error.erase("extensions");
    }
    return out;
}

const std::vector<std::pair<std::string, json>>& queries() {
    static const std::vector<std::pair<std::string, json>> kQueries{
        {"{ tables __typename }", {}},
        {"{ customers(first: 5) { totalCount nodes { id name email nodeId } } }", {}},
        {"{ customers(first: 3) { edges { cursor node { id } } pageInfo { hasNextPage hasPreviousPage "
         "startCursor "
         "endCursor } } }",
         {}},
        {"{ customers(last: 3) { nodes { id } pageInfo { hasNextPage hasPreviousPage } } }", {}},
        {"{ products(first: 7, orderBy: [price_DESC]) { edges { cursor node { id price name } } } }", {}},
        {"{ products(last: 4, orderBy: [price_ASC, id_DESC]) { edges { cursor node { id price } } } }", {}},
        {"query ($id: BigInt!) { customer(id: $id) { id name orders(first: 2) { totalCount nodes { id "
         "customer { name } } } } }",
         {{"id", 3}}},
        {"{ customers(first: 4) { nodes { id orders(first: 2, orderBy: [id_DESC]) { totalCount pageInfo { "
         "hasNextPage } "
         "nodes { id orderItems { nodes { id product { name } } } } } } } }",
         {}},
        {"{ customersList(limit: 3, offset: 2) { id ...F } } fragment F on Customer { name ... @skip(if: "
         "true) { email } }",
         {}},
        {"query ($s: Boolean = false) { a: customer(id: 1) { n: name name @include(if: $s) } b: customer(id: "
         "2) { name @skip(if: $s) } }",
         {}},
        {"{ customer(id: 999999) { name } }", {}},
        {"{ customers(first: 2) { nodes { ... on Node { nodeId __typename } ... on Customer { id } } } }",
         {}},
        {"{ productsList(filter: {price: {gte: 10, lt: 100}}, orderBy: [name_ASC], limit: 9) { id name price "
         "} }",
         {}},
        {"query ($f: ProductFilter) { products(first: 3, filter: $f) { totalCount nodes { id } } }",
         {{"f", {{"id", {{"in", {1, 2, 5, 8}}}}}}}},
        {"{ customers(first: 2) { nodes { id orders(first: -1) { totalCount } } } tables }", {}},
        {"{ customer(id: 1) { id orders(first: 501) { totalCount } } tables }", {}},
        {"{ customer(id: 1) { id } customer(id: 1) { name orders(first: 1) { nodes { id } } } }", {}},
    };
    return kQueries;
}

}  // namespace

class GraphqlJsTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void agreesOnEveryDocumentOfTheCorpus();
    void buildsAClientSchemaFromOurIntrospection();
    void answersAsAServerOverTheSameRows_data();
    void answersAsAServerOverTheSameRows();
    void walksPagesAsAServerOverTheSameRows();
};

void GraphqlJsTest::initTestCase() {
    if (hasGraphqlJs())
        return;
    QVERIFY2(!qEnvironmentVariableIsSet("CI"), "nodejs and node-graphql must be installed");
    QSKIP("nodejs with node-graphql is not installed");
}

void GraphqlJsTest::agreesOnEveryDocumentOfTheCorpus() {
    const std::string sdl = dataFile("pets.graphql");
    const auto schema = schemaFromSdl(sdl);
    QVERIFY2(schema, schema ? "" : schema.error().what.c_str());
    const auto cases = corpus();
    QVERIFY(cases.size() >= 100);
    json documents = json::array();
    for (const Case& each : cases)
        documents.push_back(each.text);
    const json theirs = askGraphqlJs({{"do", "validate"}, {"sdl", sdl}, {"documents", documents}});
    for (std::size_t i = 0; i < cases.size(); ++i) {
        const auto document = parse(cases[i].text);
        QVERIFY2(document, document ? "" : (document.error().message + cases[i].text).c_str());
        const auto ours = validate(**schema, **document);
        const std::string shown = cases[i].rule + ": " + cases[i].text + theirs[i].dump() +
                                  (ours.empty() ? "" : ours.front().message);
        QVERIFY2(ours.empty() == theirs[i].empty(), shown.c_str());
        QVERIFY2(ours.empty() == (cases[i].rule == "valid"), shown.c_str());
    }
}

void GraphqlJsTest::buildsAClientSchemaFromOurIntrospection() {
    const Shop shop;
    const auto result = run(shop.api, dataFile("introspection.graphql"), json::object());
    QVERIFY(result.problems.empty());
    const std::string ours = printSchema(*shop.api.schema);
    const json theirs =
        askGraphqlJs({{"do", "introspection"}, {"sdl", ours}, {"result", json::parse(result.data)}});
    const auto wanted = definitionsOf(ours);
    QVERIFY(wanted.size() > 30);
    QCOMPARE(definitionsOf(theirs.at("client").get<std::string>()), wanted);
    QCOMPARE(definitionsOf(theirs.at("printed").get<std::string>()), wanted);
}

void GraphqlJsTest::answersAsAServerOverTheSameRows_data() {
    QTest::addColumn<bool>("batching");
    QTest::addRow("batched") << true;
    QTest::addRow("one row at a time") << false;
}

void GraphqlJsTest::answersAsAServerOverTheSameRows() {
    QFETCH(bool, batching);
    const Shop shop;
    json asked = json::array();
    for (const auto& [query, variables] : queries())
        asked.push_back({{"query", query}, {"variables", variables.is_null() ? json::object() : variables}});
    const json theirs = askGraphqlJs({{"do", "execute"},
                                      {"sdl", printSchema(*shop.api.schema)},
                                      {"api", describe(shop.api)},
                                      {"queries", asked}});
    for (std::size_t i = 0; i < asked.size(); ++i) {
        const json ours = asJson(run(shop.api, queries()[i].first, asked[i]["variables"], batching));
        QVERIFY2(ours == theirs[i],
                 (queries()[i].first + "\n" + ours.dump() + "\n" + theirs[i].dump()).c_str());
    }
}

/// From a cursor in the middle, both ways, with a bound at the other side.
void GraphqlJsTest::walksPagesAsAServerOverTheSameRows() {
    const Shop shop;
    const std::string pages =
        "query ($a: String, $b: String, $first: Int, $last: Int) { products(after: $a, before: $b, first: "
        "$first, "
        "last: $last, orderBy: [price_DESC]) { totalCount edges { cursor node { id } } pageInfo { "
        "hasNextPage "
        "hasPreviousPage } } }";
    const json start = asJson(run(shop.api, pages, {{"first", 12}}));
    const auto& edges = start["data"]["products"]["edges"];
    const std::string third = edges[3]["cursor"], ninth = edges[9]["cursor"];
    json asked = json::array();
    for (const json& variables :
         {json{{"a", third}, {"first", 4}}, json{{"b", ninth}, {"last", 4}},
          json{{"a", third}, {"b", ninth}, {"first", 3}}, json{{"a", third}, {"b", ninth}, {"last", 3}},
          json{{"a", third}, {"b", ninth}, {"first", 50}}, json{{"b", third}, {"first", 2}},
          json{{"a", third}, {"first", 5}, {"last", 2}}})
        asked.push_back({{"query", pages}, {"variables", variables}});
    const json theirs = askGraphqlJs({{"do", "execute"},
                                      {"sdl", printSchema(*shop.api.schema)},
                                      {"api", describe(shop.api)},
                                      {"queries", asked}});
    for (std::size_t i = 0; i < asked.size(); ++i) {
        const json ours = asJson(run(shop.api, pages, asked[i]["variables"]));
        QVERIFY2(ours == theirs[i],
                 (asked[i]["variables"].dump() + "\n" + ours.dump() + "\n" + theirs[i].dump()).c_str());
    }
}

QTEST_GUILESS_MAIN(GraphqlJsTest)
#include "graphql_js_test.moc"
