#pragma once

#include "core/params/param.h"

#include <nlohmann/json_fwd.hpp>

#include <map>
#include <vector>

namespace hone {

/// Values for a list of parameters; what was never set has its initial value.
///
/// A value type. The described `params` must outlive it (they are static in practice).
/// Invariant: every value satisfies its Param; a refused change leaves the set as it was.
class ParamSet {
public:
    ParamSet() = default;
    explicit ParamSet(std::span<const Param> params) : m_params(params) {}

    [[nodiscard]] std::span<const Param> params() const { return m_params; }
    [[nodiscard]] const Param* find(std::string_view id) const;

    /// Unknown ids list the known ones; a bad value names parameter and range.
    Result<> set(std::string_view id, ParamValue value);
    Result<> setText(std::string_view id, std::string_view text);
    void reset(std::string_view id);

    /// The id must exist and have that type (asserted): callers are the parameter's own toggle.
    [[nodiscard]] bool flag(std::string_view id) const;
    [[nodiscard]] std::int64_t integer(std::string_view id) const;
    [[nodiscard]] double real(std::string_view id) const;  ///< Integers convert.
    [[nodiscard]] std::string text(std::string_view id) const;
    [[nodiscard]] ParamValue value(std::string_view id) const;
    [[nodiscard]] bool isInitial(std::string_view id) const;

    /// Only values that differ from the initial ones.
    [[nodiscard]] nlohmann::json toJson() const;
    /// Reads an object; numbers, booleans and strings with units are accepted. All or nothing.
    [[nodiscard]] static Result<ParamSet> fromJson(std::span<const Param> params, const nlohmann::json& json);

    bool operator==(const ParamSet& other) const { return m_values == other.m_values; }

private:
    std::span<const Param> m_params;
    std::map<std::string, ParamValue, std::less<>> m_values;
};

/// "rate, burst, key": the ids, for errors that list what is known.
[[nodiscard]] std::string idList(std::span<const Param> params);
/// The known id closest to a misspelt one (edit distance ≤ 2), for "did you mean".
[[nodiscard]] std::optional<std::string> closest(std::string_view id,
                                                 std::span<const std::string_view> known);

}  // namespace hone
