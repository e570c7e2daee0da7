#include "core/model/profile.h"
#include "core/model/workload.h"

#include <QtTest>

#include <fstream>

using namespace hone::model;
using nlohmann::json;

namespace {

json schemaOf(const char* name) {
    return json::parse(
        std::ifstream(std::string(HONE_SOURCE_DIR "/resources/docs/schema/") + name + ".schema.json"));
}

/// A schema's own object, through "$ref" into its definitions.
const json& resolved(const json& schema, const json& node) {
    if (!node.contains("$ref"))
        return node;
    const auto ref = node["$ref"].get<std::string>();
    return schema.at(json::json_pointer(ref.substr(1)));
}

/// Every member of `value` must be a property of `node`.
void checkMembers(const json& schema, const json& node, const json& value, const char* what) {
    for (const auto& [name, member] : value.items())
        QVERIFY2(resolved(schema, node)["properties"].contains(name),
                 (std::string(what) + "." + name).c_str());
}

}  // namespace

/// The published schemas must describe what the program writes and give examples that it reads.
class SchemaTest : public QObject {
    Q_OBJECT
private slots:
    void describesEveryMemberOfAProfile();
    void describesEveryMemberOfAWorkload();
    void showsExamplesThatLoad();
    void statesTheDefaultsOfTheProgram();
};

void SchemaTest::describesEveryMemberOfAProfile() {
    Profile profile;
    profile.note = "n";
    const json schema = schemaOf("profile");
    checkMembers(schema, schema, profile.toJson(), "profile");
}

void SchemaTest::describesEveryMemberOfAWorkload() {
    Workload workload = Workload::forUrl("/x");
    workload.note = "n";
    workload.requests[0].body = "b";
    workload.requests[0].headers = {{"A", "b"}};
    workload.requests[0].checks = {{.expected = 200},
                                   {.subject = WorkloadCheck::Subject::Json, .name = "$.id", .expected = 7},
                                   {.subject = WorkloadCheck::Subject::Header,
                                    .relation = WorkloadCheck::Relation::Contains,
                                    .name = "A"},
                                   {.subject = WorkloadCheck::Subject::Body,
                                    .relation = WorkloadCheck::Relation::Contains,
                                    .expected = "x"}};
    workload.http = HttpVersion::Http2;
    workload.streams = 10;
    workload.tls = {.caFile = "ca.pem", .verify = false};
    workload.variables["hot"] = {.last = 5, .draw = Variable::Draw::HotSet};
    workload.variables["zipf"] = {.values = {"a"}, .draw = Variable::Draw::Zipf};
    const json schema = schemaOf("workload");
    const json written = workload.toJson();
    checkMembers(schema, schema, written, "workload");
    checkMembers(schema, schema["properties"]["load"], written["load"], "load");
    checkMembers(schema, schema["properties"]["tls"], written["tls"], "tls");
    checkMembers(schema, schema["properties"]["requests"]["items"], written["requests"][0], "request");
    for (const auto& check : written["requests"][0]["checks"])
        checkMembers(schema, schema["$defs"]["check"], check, "check");
    for (const auto& [name, variable] : written["variables"].items())
        checkMembers(schema, schema["properties"]["variables"]["additionalProperties"], variable, "variable");
}

void SchemaTest::showsExamplesThatLoad() {
    const auto profile = Profile::fromJson(schemaOf("profile")["examples"][0]);
    QVERIFY(profile && profile->isOn("cache") && profile->extra.empty());
    const auto workload = Workload::fromJson(schemaOf("workload")["examples"][0]);
    QVERIFY(workload && workload->requests.size() == 2 && workload->extra.empty());
}

void SchemaTest::statesTheDefaultsOfTheProgram() {
    const json schema = schemaOf("workload");
    json stated = {{"requests", json::array()}};
    for (const auto& [name, property] : schema["properties"].items())
        if (property.contains("default"))
            stated[name] = property["default"];
    for (const auto& [name, property] : schema["$defs"]["load"]["properties"].items())
        if (property.contains("default"))
            stated["load"][name] = property["default"];
    const auto workload = Workload::fromJson(stated);
    QVERIFY2(workload, workload ? "" : workload.error().what.c_str());
    QCOMPARE(workload->toJson(), Workload().toJson());
}

QTEST_GUILESS_MAIN(SchemaTest)
#include "schema_test.moc"
