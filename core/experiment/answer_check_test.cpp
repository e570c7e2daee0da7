#include "core/experiment/answer_check.h"
#include "core/coding/codec.h"

#include <QTest>

#include <nlohmann/json.hpp>

using namespace hone;
using namespace hone::experiment;
using load::SampledAnswer;

namespace {

SampledAnswer json(std::string body, int status = 200) {
    return {.request = 0,
            .target = "/api/items",
            .status = status,
            .fields = {{"Content-Type", "application/json"}},
            .body = std::move(body)};
}

model::Profile with(const char* toggle) {
    model::Profile profile;
    profile.toggles[toggle].on = true;
    return profile;
}

model::Workload reads() { return model::Workload{.requests = {{.url = "/api/items"}}}; }

AnswerCheck check(const SampledAnswer& a, const SampledAnswer& b, const model::Profile& profileB = {},
                  const model::Workload& workload = reads()) {
    return compareAnswers({a}, {b}, workload, {}, profileB);
}

constexpr char kList[] = R"([{"id":1,"n":"a"},{"id":2,"n":"b"},{"id":3,"n":"c"}])";

}  // namespace

class AnswerCheckTest : public QObject {
    Q_OBJECT
private slots:
    void layoutAndOrderOfMembersDoNotMatter();
    void codedBodiesAreDecodedFirst();
    void binaryRepresentationsCarryTheSameJson();
    void protobufIsReadWithTheSchemaItNames();
    void whatCannotBeReadIsSaidSo();
    void aPageIsExpectedOnlyWithShaping();
    void aSelectionAndAProjectionAreExpectedWithShaping();
    void aChangedElementIsNoPage();
    void refusalsAreExpected();
    void otherStatusesAreDifferences();
    void damagedBodiesAreDifferences();
    void stalenessNeedsWritesAndACache();
    void unexplainedDifferencesComeFirst();
};

void AnswerCheckTest::layoutAndOrderOfMembersDoNotMatter() {
    const auto result = check(json(R"({"a": 1, "b": [1, 2]})"), json(R"({"b":[1,2],"a":1})"));
    QCOMPARE(result.compared, 1);
    QVERIFY(result.differences.empty());
}

void AnswerCheckTest::codedBodiesAreDecodedFirst() {
    const std::string body = "[" + std::string(5000, ' ') + "1]";
    coding::Compressor compressor({});
    for (const auto coding : {coding::Coding::Gzip, coding::Coding::Brotli, coding::Coding::Zstd}) {
        std::string coded;
        QVERIFY(compressor.compress(coding, body, coded));
        auto b = json(coded);
        b.fields.emplace_back("content-encoding", coding::codingName(coding));
        QVERIFY(check(json("[1]"), b).differences.empty());
    }
}

void AnswerCheckTest::binaryRepresentationsCarryTheSameJson() {
    const auto value = nlohmann::json::parse(kList);
    auto msgpack = json({}), cbor = json({});
    const auto m = nlohmann::json::to_msgpack(value);
    msgpack.body.assign(m.begin(), m.end());
    msgpack.fields[0].second = "application/msgpack";
    const auto c = nlohmann::json::to_cbor(value);
    cbor.body.assign(c.begin(), c.end());
    cbor.fields[0].second = "application/cbor";
    QVERIFY(check(json(kList), msgpack).differences.empty());
    QVERIFY(check(msgpack, cbor).differences.empty());
}

void AnswerCheckTest::protobufIsReadWithTheSchemaItNames() {
    constexpr char kProto[] = "syntax = \"proto3\"; message Item { int64 n = 1; optional string t = 2; }";
    auto binary = json(std::string("\x08\x07", 2));
    binary.fields = {{"Content-Type", "application/x-protobuf"},
                     {"Link", "</api/items?page=2>; rel=\"next\""},
                     {"Link", "</schema/items.proto>; rel=\"describedby\""}};
    std::string asked;
    const SchemaSource schemas = [&](std::string_view link) {
        asked = link;
        return std::string(kProto);
    };
    const auto result = compareAnswers({json(R"({"n":7,"t":null})")}, {binary}, reads(), {}, {}, schemas);
    QCOMPARE(asked, std::string("/schema/items.proto"));
    QVERIFY2(result.differences.empty(),
             result.differences.empty() ? "" : result.differences[0].explanation.c_str());
    QCOMPARE(
        compareAnswers({json(R"({"n":8,"t":null})")}, {binary}, reads(), {}, {}, schemas).differences.size(),
        std::size_t(1));
}

void AnswerCheckTest::whatCannotBeReadIsSaidSo() {
    auto binary = json(std::string("\x08\x07", 2));
    binary.fields[0].second = "application/x-protobuf";
    QVERIFY(check(binary, binary).differences.empty());  // equal bytes say the same
    const auto result = check(json(R"({"n":7})"), binary);
    QVERIFY2(result.differences[0].explanation.find("B cannot be compared") != std::string::npos,
             result.differences[0].explanation.c_str());
}

void AnswerCheckTest::aPageIsExpectedOnlyWithShaping() {
    const auto page = json(R"([{"id":2,"n":"b"},{"id":3,"n":"c"}])");
    const auto expected = check(json(kList), page, with("shaping"));
    QCOMPARE(expected.differences.size(), std::size_t(1));
    QVERIFY(expected.differences[0].expected);
    QVERIFY(expected.differences[0].explanation.find("2 of the same 3") != std::string::npos);
    QVERIFY(!check(json(kList), page).differences[0].expected);
}

void AnswerCheckTest::aSelectionAndAProjectionAreExpectedWithShaping() {
    QVERIFY(check(json(kList), json(R"([{"id":3,"n":"c"},{"id":1,"n":"a"}])"), with("shaping"))
                .differences[0]
                .expected);
    QVERIFY(check(json(kList), json(R"([{"n":"a"},{"n":"b"}])"), with("shaping")).differences[0].expected);
    QVERIFY(check(json(R"({"id":1,"n":"a"})"), json(R"({"id":1})"), with("shaping")).differences[0].expected);
}

void AnswerCheckTest::aChangedElementIsNoPage() {
    const auto result = check(json(kList), json(R"([{"id":1,"n":"x"}])"), with("shaping"));
    QVERIFY(!result.differences[0].expected);
    QVERIFY(!check(json(kList), json(R"([{"id":1,"n":"a"},{"id":1,"n":"a"}])"), with("shaping"))
                 .differences[0]
                 .expected);
}

void AnswerCheckTest::refusalsAreExpected() {
    const auto result = check(json(kList), json("{}", 429));
    QVERIFY(result.differences[0].expected);
    QCOMPARE(result.differences[0].explanation, std::string("B refused it with 429"));
}

void AnswerCheckTest::otherStatusesAreDifferences() {
    const auto result = check(json(kList), json(kList, 500));
    QVERIFY(!result.differences[0].expected);
    QVERIFY(result.differences[0].explanation.find("500") != std::string::npos);
    SampledAnswer none{.target = "/api/items", .status = 0, .fields = {}, .body = "connection reset"};
    QVERIFY(!check(json(kList), none).differences[0].expected);
}

void AnswerCheckTest::damagedBodiesAreDifferences() {
    auto damaged = json("not gzip at all");
    damaged.fields.emplace_back("Content-Encoding", "gzip");
    const auto result = check(json(kList), damaged);
    QVERIFY(!result.differences[0].expected);
    QCOMPARE(result.differences[0].explanation, std::string("B is not readable"));
}

void AnswerCheckTest::stalenessNeedsWritesAndACache() {
    model::Workload writes = reads();
    writes.requests.push_back({.method = "POST", .url = "/api/items", .body = "{}"});
    const auto a = json(R"({"n":1})"), b = json(R"({"n":2})");
    QVERIFY(check(a, b, with("cache"), writes).differences[0].expected);
    QVERIFY(!check(a, b, with("cache")).differences[0].expected);
    QVERIFY(!check(a, b, {}, writes).differences[0].expected);
}

void AnswerCheckTest::unexplainedDifferencesComeFirst() {
    const auto result =
        compareAnswers({json(kList), json("[1]")}, {json("{}", 429), json("[2]")}, reads(), {}, {});
    QCOMPARE(result.compared, 2);
    QVERIFY(!result.differences[0].expected);
    QVERIFY(result.differences[1].expected);
}

QTEST_GUILESS_MAIN(AnswerCheckTest)
#include "answer_check_test.moc"
