#include "core/http/message.h"

#include "core/http/syntax.h"

#include <QTest>

using namespace hone::http;

class MessageTest : public QObject {
    Q_OBJECT
private slots:
    void methodsAreCaseSensitive();
    void fieldNamesCompareWithoutCase();
    void setReplacesEveryLineOfThatName();
    void repeatedFieldsJoinInOrder();
    void aPreparedAnswerHasItsHeadReady();
    void aPreparedAnswerLeavesConnectionFieldsOut();
    void noContentStatusesHaveNoContentLength();
    void aValueFromOutsideCannotEndTheLine();
    void quotedCommasDoNotSplit();
};

void MessageTest::methodsAreCaseSensitive() {
    QCOMPARE(methodFrom("GET"), Method::Get);
    QCOMPARE(methodFrom("OPTIONS"), Method::Options);
    QCOMPARE(methodFrom("DELETE"), Method::Delete);
    QCOMPARE(methodFrom("get"), Method::Other);
    QCOMPARE(methodFrom("BREW"), Method::Other);
    QVERIFY(isSafe(Method::Head));
    QVERIFY(!isSafe(Method::Post));
}

void MessageTest::fieldNamesCompareWithoutCase() {
    Fields fields;
    fields.add("Content-Type", "text/plain");
    QCOMPARE(fields.get("content-TYPE").value_or(""), std::string_view("text/plain"));
    QVERIFY(!fields.has("content-typ"));
    fields.remove("CONTENT-TYPE");
    QVERIFY(fields.empty());
    QVERIFY(!iequals("a[", "a{"));  // only letters fold
}

void MessageTest::setReplacesEveryLineOfThatName() {
    Fields fields;
    fields.add("A", "1");
    fields.add("B", "2");
    fields.add("a", "3");
    fields.set("A", "4");
    QCOMPARE(fields.lines().size(), std::size_t(2));
    QCOMPARE(fields.joined("a"), std::string("4"));
    fields.set("C", "5");
    QCOMPARE(fields.joined("C"), std::string("5"));
}

void MessageTest::repeatedFieldsJoinInOrder() {
    const FieldView lines[] = {{"Accept", "a"}, {"X", "y"}, {"accept", "b"}};
    Request request;
    request.fields = lines;
    QCOMPARE(request.joined("ACCEPT"), std::string("a, b"));
    QCOMPARE(request.field("accept").value_or(""), std::string_view("a"));
    QVERIFY(!request.field("none"));
}

void MessageTest::aPreparedAnswerHasItsHeadReady() {
    Fields fields;
    fields.add("Content-Type", "application/json");
    const auto answer = prepare(200, fields, "[]");
    QCOMPARE(answer->head11,
             std::string("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n"));
    QCOMPARE(answer->body, std::string("[]"));
    Response response;
    response.prepared = answer;
    QCOMPARE(response.finalStatus(), 200);
    QCOMPARE(response.content(), std::string_view("[]"));
}

void MessageTest::aPreparedAnswerLeavesConnectionFieldsOut() {
    Fields fields;
    fields.add("connection", "close");
    fields.add("Content-Length", "99");
    fields.add("Date", "yesterday");
    fields.add("ETag", "\"1\"");
    const auto answer = prepare(200, fields, "x");
    QCOMPARE(answer->head11, std::string("HTTP/1.1 200 OK\r\nETag: \"1\"\r\nContent-Length: 1\r\n"));
}

void MessageTest::noContentStatusesHaveNoContentLength() {
    QCOMPARE(prepare(204, {}, "")->head11, std::string("HTTP/1.1 204 No Content\r\n"));
    QCOMPARE(prepare(304, {}, "")->head11, std::string("HTTP/1.1 304 Not Modified\r\n"));
    QCOMPARE(reason(418), std::string_view());
}

void MessageTest::aValueFromOutsideCannotEndTheLine() {
    std::string out;
    appendFieldLine(out, "Location", std::string_view("/a\r\nSet-Cookie: x\0y", 19));
    QCOMPARE(out, std::string("Location: /a  Set-Cookie: x y\r\n"));
    out.clear();
    appendFieldLine(out, "Bad Name", "x");
    QCOMPARE(out, std::string());
}

void MessageTest::quotedCommasDoNotSplit() {
    std::string_view rest = R"(a, , "b,\"c" ;d)";
    std::string_view member;
    QVERIFY(nextMember(rest, member));
    QCOMPARE(member, std::string_view("a"));
    QVERIFY(nextMember(rest, member));
    QCOMPARE(member, std::string_view(R"("b,\"c" ;d)"));
    QVERIFY(!nextMember(rest, member));
    QCOMPARE(unquote(R"("b,\"c")"), std::string("b,\"c"));
}

QTEST_GUILESS_MAIN(MessageTest)
#include "message_test.moc"
