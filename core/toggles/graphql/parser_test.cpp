#include "core/toggles/graphql/parser.h"
#include "core/toggles/graphql/lexer.h"
#include "core/toggles/graphql/schema.h"

#include <QtTest>

using namespace hone;
using namespace hone::toggles::graphql;

class GraphqlParserTest : public QObject {
    Q_OBJECT
private slots:
    void readsEveryPartOfADocument();
    void takesTheIndentationOutOfBlockStrings();
    void decodesEscapes();
    void saysWhereASyntaxErrorIs_data();
    void saysWhereASyntaxErrorIs();
    void limitsDepthAndTokens();
    void printsASchemaAsItWasRead();
    void refusesSchemasThatCannotBe_data();
    void refusesSchemasThatCannotBe();
};

void GraphqlParserTest::readsEveryPartOfADocument() {
    const auto document = parse(
        "query Q($a: [Int!]! = [1, 2] @d) @e { x: f(o: {k: $a, l: [1.5e3, \"s\", ENUM, true, null]}) "
        "@skip(if: $b) "
        "{ ...F ... on T { y } ... @include(if: true) { z } } } fragment F on T @g { w }");
    QVERIFY(document.has_value());
    const Operation& operation = (*document)->operations.front();
    QVERIFY(operation.name.text == "Q");
    QVERIFY(operation.variables.front().type.wraps == "NLN");
    const Selection& field = operation.selections.front();
    QVERIFY(field.key() == "x" && field.name.text == "f");
    QCOMPARE(printValue(field.arguments.front().value), "{k: $a, l: [1.5e3, \"s\", ENUM, true, null]}");
    QCOMPARE(field.selections.size(), 3U);
    QVERIFY(field.selections[1].on.text == "T");
    QVERIFY((*document)->fragment("F") && !(*document)->fragment("G"));
}

void GraphqlParserTest::takesTheIndentationOutOfBlockStrings() {
    QCOMPARE(blockStringValue("\n    Hello,\n      World!\n\n    Yours,\n      GraphQL.\n  "),
             "Hello,\n  World!\n\nYours,\n  GraphQL.");
    QCOMPARE(blockStringValue(" one \\\"\"\" two"), " one \"\"\" two");
    QCOMPARE(blockStringValue("a\r\n  b\r  c"), "a\nb\nc");
    QCOMPARE(blockStringValue(" \n \t \n"), "");
}

void GraphqlParserTest::decodesEscapes() {
    const auto document = parse("{ f(a: \"\\u00e9\\n\\\"\\uD83D\\uDE00\\u{1F600}\") }");
    QVERIFY(document.has_value());
    QCOMPARE((*document)->operations[0].selections[0].arguments[0].value.text,
             "\u00e9\n\"\U0001F600\U0001F600");
}

void GraphqlParserTest::saysWhereASyntaxErrorIs_data() {
    QTest::addColumn<QString>("text");
    QTest::addColumn<int>("line");
    QTest::addColumn<int>("column");
    QTest::addRow("end") << "{ a" << 1 << 4;
    QTest::addRow("empty") << "" << 1 << 1;
    QTest::addRow("empty set") << "{\n}" << 2 << 1;
    QTest::addRow("after a wide character")
        << QString::fromUtf8("# \U0001F600\n{ a(b: \"\U0001F600\" ?) }") << 2 << 13;
    QTest::addRow("number") << "{ a(b: 01) }" << 1 << 9;
    QTest::addRow("number and name") << "{ a(b: 1x) }" << 1 << 9;
    QTest::addRow("string") << "{ a(b: \"x\n\") }" << 1 << 10;
    QTest::addRow("escape") << "{ a(b: \"\\q\") }" << 1 << 9;
    QTest::addRow("lone surrogate") << "{ a(b: \"\\uD83D\") }" << 1 << 9;
    QTest::addRow("fragment on") << "fragment on on T { a }" << 1 << 10;
    QTest::addRow("variable in a default") << "query ($a: Int = $b) { a }" << 1 << 18;
    QTest::addRow("dots") << "{ a .. b }" << 1 << 5;
}

void GraphqlParserTest::saysWhereASyntaxErrorIs() {
    QFETCH(QString, text);
    QFETCH(int, line);
    QFETCH(int, column);
    const auto document = parse(text.toStdString());
    QVERIFY(!document.has_value());
    QVERIFY(document.error().message.starts_with("Syntax Error: "));
    const Location place = document.error().locations.front();
    QCOMPARE(static_cast<int>(place.line), line);
    QCOMPARE(static_cast<int>(place.column), column);
}

void GraphqlParserTest::limitsDepthAndTokens() {
    QVERIFY(!parse(std::string(100'000, '{')).has_value());
    QVERIFY(!parse("{ a(b: " + std::string(100'000, '[')).has_value());
    QVERIFY(!parse("query ($a: " + std::string(100'000, '[')).has_value());
    const auto many = parse("{ a b c d e }", {.maxTokens = 6});
    QVERIFY(!many.has_value());
    QVERIFY(many.error().message.find("more than 6 tokens") != std::string::npos);
    QVERIFY(parse("{ a b c d e }", {.maxTokens = 7}).has_value());
}

void GraphqlParserTest::printsASchemaAsItWasRead() {
    const std::string sdl =
        "directive @mark(n: Int = 3) repeatable on FIELD | QUERY\n\n"
        "\"\"\"\nA long description that does not fit on one line, since it has more than 70 "
        "characters.\n\"\"\"\n"
        "interface Thing {\n  \"\"\"What it is called.\"\"\"\n  name: String!\n}\n\n"
        "type Query implements Thing {\n  name: String!\n"
        "  old(a: [Int!] = [1, 2], f: In = {x: \"y\"}): Kind @deprecated(reason: \"Use name.\")\n"
        "  either: Both\n}\n\n"
        "union Both = Query\n\nenum Kind {\n  ONE\n  TWO @deprecated\n}\n\ninput In {\n  x: String\n}\n\n"
        "scalar Url @specifiedBy(url: \"https://example.org\")";
    const auto schema = schemaFromSdl(sdl);
    QVERIFY2(schema, schema ? "" : schema.error().what.c_str());
    QCOMPARE(printSchema(**schema), sdl);
}

void GraphqlParserTest::refusesSchemasThatCannotBe_data() {
    QTest::addColumn<QString>("sdl");
    QTest::addColumn<QString>("says");
    QTest::addRow("no query") << "type A { a: Int }" << "Query";
    QTest::addRow("unknown type") << "type Query { a: Nothing }" << "Nothing";
    QTest::addRow("twice") << "type Query { a: Int a: Int }" << "twice";
    QTest::addRow("same name") << "type Query { a: Int } type Query { b: Int }" << "another type";
    QTest::addRow("output as input") << "type Query { a(q: Query): Int }" << "input type";
    QTest::addRow("input as output") << "input I { a: Int } type Query { a: I }" << "output type";
    QTest::addRow("interface") << "interface I { x: Int } type Query implements I { a: Int }"
                               << "has no field x";
    QTest::addRow("syntax") << "type Query { a }" << "Syntax Error";
}

void GraphqlParserTest::refusesSchemasThatCannotBe() {
    QFETCH(QString, sdl);
    QFETCH(QString, says);
    const auto schema = schemaFromSdl(sdl.toStdString());
    QVERIFY(!schema.has_value());
    QVERIFY2(QString::fromStdString(schema.error().what).contains(says), schema.error().what.c_str());
}

QTEST_GUILESS_MAIN(GraphqlParserTest)
#include "parser_test.moc"
