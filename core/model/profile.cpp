#include "core/model/profile.h"

#include "core/model/document.h"
#include "core/model/members.h"

#include <set>

namespace hone::model {
namespace {

using nlohmann::json;

std::string plainText(const ParamValue& value) {
    struct Writer {
        std::string operator()(bool flag) const { return flag ? "true" : "false"; }
        std::string operator()(std::int64_t number) const { return fmt::format("{}", number); }
        std::string operator()(double number) const { return fmt::format("{}", number); }
        std::string operator()(const std::string& text) const { return text; }
    };
    return std::visit(Writer{}, value);
}

json toJsonValue(const ParamValue& value) {
    return std::visit([](const auto& held) { return json(held); }, value);
}

Result<ParamValue> paramFrom(const json& value, const std::string& name) {
    if (value.is_boolean())
        return value.get<bool>();
    if (value.is_number_unsigned() && value.get<std::uint64_t>() > INT64_MAX)
        return fail(Error::InvalidArgument, "{} is too large: {}", name, excerpt(value));
    if (value.is_number_integer())
        return value.get<std::int64_t>();
    if (value.is_number_float())
        return value.get<double>();
    if (value.is_string())
        return value.get<std::string>();
    return fail(Error::Malformed, "{} must be a text, a number, true or false, got {}", name, excerpt(value));
}

Result<ToggleSetting> toggleFrom(const json& value, const std::string& name) {
    ToggleSetting setting;
    if (value.is_boolean()) {  // "cache": true
        setting.on = value.get<bool>();
        return setting;
    }
    Members members(value, name);
    members.flag("on", setting.on);
    if (members.failed())
        return fail(members.result().error());
    for (const auto& [id, given] : value.items()) {
        if (id == "on")
            continue;
        auto param = paramFrom(given, name + "." + id);
        if (!param)
            return fail(std::move(param.error()));
        setting.params.emplace(id, std::move(*param));
    }
    return setting;
}

json toggleJson(const ToggleSetting& setting) {
    json entry = {{"on", setting.on}};
    for (const auto& [id, value] : setting.params)
        entry[id] = toJsonValue(value);
    return entry;
}

/// Values by parameter as text: 20 and "20" mean the same once a toggle has read them.
std::map<std::string, std::string, std::less<>> textsOf(const Profile& profile, std::string_view toggle) {
    std::map<std::string, std::string, std::less<>> texts;
    if (const auto it = profile.toggles.find(toggle); it != profile.toggles.end())
        for (const auto& [id, value] : it->second.params)
            texts.emplace(id, plainText(value));
    return texts;
}

std::set<std::string, std::less<>> togglesOf(const Profile& a, const Profile& b) {
    std::set<std::string, std::less<>> ids;
    for (const Profile* profile : {&a, &b})
        for (const auto& [id, setting] : profile->toggles)
            ids.insert(id);
    return ids;
}

std::string onOff(bool on) { return on ? "on" : "off"; }

/// What a parameter shows where nobody set it.
constexpr char kInitial[] = "initial";

void addParamDifferences(const Profile& a, const Profile& b, const std::string& id,
                         std::vector<ProfileDifference>& found) {
    const auto textsA = textsOf(a, id);
    const auto textsB = textsOf(b, id);
    std::set<std::string> params;
    for (const auto* texts : {&textsA, &textsB})
        for (const auto& [param, text] : *texts)
            params.insert(param);
    for (const std::string& param : params) {
        const auto inA = textsA.find(param);
        const auto inB = textsB.find(param);
        std::string textA = inA == textsA.end() ? kInitial : inA->second;
        std::string textB = inB == textsB.end() ? kInitial : inB->second;
        if (textA != textB)
            found.push_back({id, param, std::move(textA), std::move(textB)});
    }
}

}  // namespace

bool Profile::isOn(std::string_view id) const {
    const auto it = toggles.find(id);
    return it != toggles.end() && it->second.on;
}

bool Profile::sameSettings(const Profile& other) const {
    // Values of a toggle that is off change nothing.
    for (const std::string& id : togglesOf(*this, other)) {
        if (isOn(id) != other.isOn(id))
            return false;
        if (isOn(id) && textsOf(*this, id) != textsOf(other, id))
            return false;
    }
    return true;
}

Result<> Profile::setText(std::string_view assignment) {
    const auto equals = assignment.find('=');
    const auto dot = assignment.substr(0, equals).find('.');
    const bool complete =
        equals != std::string_view::npos && dot != std::string_view::npos && dot > 0 && dot + 1 < equals;
    if (!complete)
        return fail(Error::InvalidArgument, "\"{}\" is not a setting", assignment)
            .hint("Write toggle.parameter=value, for example cache.ttl=30s.");
    toggles[std::string(assignment.substr(0, dot))]
        .params[std::string(assignment.substr(dot + 1, equals - dot - 1))] =
        std::string(assignment.substr(equals + 1));
    return {};
}

json Profile::toJson() const {
    json document = extra.is_object() ? extra : json::object();
    document["hone"] = 1;
    document["kind"] = "profile";
    document["name"] = name;
    if (!note.empty())
        document["note"] = note;
    json entries = json::object();
    for (const auto& [id, setting] : toggles)
        entries[id] = toggleJson(setting);
    document["toggles"] = std::move(entries);
    return document;
}

Result<Profile> Profile::fromJson(const json& document) {
    Profile profile;
    Members members(document);
    if (auto header = checkHeader(members, "profile"); !header)
        return fail(std::move(header.error()));
    members.text("name", profile.name);
    members.text("note", profile.note);
    const json* entries = members.object("toggles");
    if (!entries && !members.failed() && !document.contains("kind"))
        return fail(Error::Malformed, "the file holds no profile: it has neither \"kind\" nor \"toggles\"")
            .hint("The smallest profile is {{\"hone\": 1, \"kind\": \"profile\", \"toggles\": {{}}}}.");
    if (members.failed())
        return fail(members.result().error());
    if (entries)
        for (const auto& [id, value] : entries->items()) {
            auto setting = toggleFrom(value, "toggles." + id);
            if (!setting)
                return fail(std::move(setting.error()));
            profile.toggles.emplace(id, std::move(*setting));
        }
    profile.extra = members.unknown();
    return profile;
}

Result<Profile> Profile::load(const std::filesystem::path& file) {
    auto document = readDocument(file);
    if (!document)
        return fail(std::move(document.error()));
    auto profile = fromJson(*document);
    if (!profile)
        return fail(
            Error{profile.error().code, file.string() + ": " + profile.error().what, profile.error().hint});
    return profile;
}

Result<> Profile::save(const std::filesystem::path& file) const { return writeDocument(file, toJson()); }

std::vector<ProfileDifference> differences(const Profile& a, const Profile& b) {
    std::vector<ProfileDifference> found;
    for (const std::string& id : togglesOf(a, b)) {
        if (a.isOn(id) != b.isOn(id))
            found.push_back({id, "", onOff(a.isOn(id)), onOff(b.isOn(id))});
        // Values of a toggle that neither arm uses explain nothing.
        if (a.isOn(id) || b.isOn(id))
            addParamDifferences(a, b, id, found);
    }
    return found;
}

}  // namespace hone::model
