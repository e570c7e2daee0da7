#include "core/model/workload_check.h"

#include "core/model/json_path.h"
#include "core/model/members.h"

namespace hone::model {

namespace {

using nlohmann::json;

constexpr char kKinds[] =
    "A check is {\"status\": 200}, {\"body-contains\": \"Rome\"}, {\"header\": \"ETag\"} or {\"jsonpath\": "
    "\"$.id\", \"equals\": 7}.";

/// "equals", "contains" or neither.
void readRelation(Members& members, WorkloadCheck& check) {
    const json* equals = members.find("equals");
    const json* contains = members.find("contains");
    check.relation = WorkloadCheck::Relation::Exists;
    if (equals && contains)
        return members.refuse(
            fail(Error::InvalidArgument, "{} must not have both \"equals\" and \"contains\"", check.name));
    const bool isText = check.subject == WorkloadCheck::Subject::Header || contains;
    if (const json* expected = equals ? equals : contains) {
        check.relation = equals ? WorkloadCheck::Relation::Equals : WorkloadCheck::Relation::Contains;
        check.expected = *expected;
        if (isText && !expected->is_string())
            members.refuse(fail(Error::Malformed, "{} must be a text, got {}",
                                members.nameOf(equals ? "equals" : "contains"), excerpt(*expected)));
    }
}

}  // namespace

std::string WorkloadCheck::text() const {
    const std::string what = subject == Subject::Status   ? "status"
                             : subject == Subject::Header ? "header " + name
                             : subject == Subject::Body   ? "body"
                                                          : name;
    switch (relation) {
        case Relation::Equals: return fmt::format("{} is {}", what, excerpt(expected));
        case Relation::Contains: return fmt::format("{} contains {}", what, excerpt(expected));
        case Relation::Exists: break;
    }
    return what + " is there";
}

json WorkloadCheck::toJson() const {
    if (subject == Subject::Status)
        return {{"status", expected}};
    if (subject == Subject::Body)
        return {{"body-contains", expected}};
    json out = {{subject == Subject::Header ? "header" : "jsonpath", name}};
    if (relation != Relation::Exists)
        out[relation == Relation::Equals ? "equals" : "contains"] = expected;
    return out;
}

Result<WorkloadCheck> WorkloadCheck::fromJson(const json& object, const std::string& path) {
    WorkloadCheck check;
    Members members(object, path);
    if (members.find("status")) {
        int status = 0;
        members.integer("status", status, 100, 999);
        check.expected = status;
    } else if (members.find("body-contains")) {
        std::string text;
        members.text("body-contains", text);
        check = {.subject = Subject::Body, .relation = Relation::Contains, .name = {}, .expected = text};
    } else if (members.find("header")) {
        check.subject = Subject::Header;
        members.text("header", check.name);
        readRelation(members, check);
    } else if (members.find("jsonpath")) {
        check.subject = Subject::Json;
        members.text("jsonpath", check.name);
        if (auto parsed = JsonPath::parse(check.name); !members.failed() && !parsed) {
            parsed.error().what = path + ": " + parsed.error().what;
            members.refuse(fail(std::move(parsed.error())));
        }
        readRelation(members, check);
    } else if (!members.failed()) {
        members.refuse(
            fail(Error::Malformed, "{} says nothing to check: {}", path, excerpt(object)).hint("{}", kKinds));
    }
    if (members.failed())
        return fail(members.result().error());
    if (const json unknown = members.unknown(); !unknown.empty())
        return fail(Error::Malformed, "{} has \"{}\", which is no part of such a check", path,
                    unknown.begin().key())
            .hint("{}", kKinds);
    return check;
}

}  // namespace hone::model
