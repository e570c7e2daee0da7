#pragma once

#include "core/base/error.h"
#include "core/params/param.h"

#include <nlohmann/json.hpp>

#include <filesystem>
#include <map>
#include <string>

namespace hone::model {

/// One toggle's entry in a profile: on or off, and the values somebody set (checked when the engine compiles
/// it).
struct ToggleSetting {
    bool on = false;
    std::map<std::string, ParamValue, std::less<>> params;
    bool operator==(const ToggleSetting&) const = default;
};

/// A named set of toggle states and parameter values (`*.profile.json`): {"hone":1,"kind":"profile","name":…,
/// "toggles":{"cache":{"on":true,"ttl":"30s"}}}. A value; unknown members survive a round trip.
struct Profile {
    std::string name = "baseline";
    std::string note;
    std::map<std::string, ToggleSetting, std::less<>> toggles;
    nlohmann::json extra = nlohmann::json::object();  ///< Members we do not know.

    [[nodiscard]] bool isOn(std::string_view id) const;
    /// Same toggles on with the same values; names and notes do not matter.
    [[nodiscard]] bool sameSettings(const Profile& other) const;

    /// `assignment` is "id.param=value" as in --set; it also switches nothing on. Ids are checked later.
    Result<> setText(std::string_view assignment);

    [[nodiscard]] nlohmann::json toJson() const;
    [[nodiscard]] static Result<Profile> fromJson(const nlohmann::json& json);
    [[nodiscard]] static Result<Profile> load(const std::filesystem::path& file);  ///< JSON or YAML.
    Result<> save(const std::filesystem::path& file) const;  ///< Written beside, then renamed.
};

/// One difference between two profiles, in words' parts: toggle, parameter ("" = on/off), A's and B's text.
struct ProfileDifference {
    std::string toggle, param, a, b;
};
[[nodiscard]] std::vector<ProfileDifference> differences(const Profile& a, const Profile& b);

}  // namespace hone::model
