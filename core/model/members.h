#pragma once

#include "core/base/error.h"

#include <nlohmann/json.hpp>

#include <chrono>
#include <concepts>
#include <limits>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hone::model {

/// Reads the members of one JSON object: what is absent leaves its target as it is, the first problem is kept
/// and ends the reading, and what nobody asked for is handed back by unknown().
///
/// Thread: one. Owner: a fromJson() on its stack; the object must outlive it. `path` ("load") prefixes names
/// in errors: "load.clients must be …".
class Members {
public:
    explicit Members(const nlohmann::json& object, std::string path = {});

    /// The member, or nullptr when it is absent, null, or reading has already failed. Counts as known.
    const nlohmann::json* find(std::string_view name);
    const nlohmann::json* object(std::string_view name);  ///< Must be an object when present.
    const nlohmann::json* array(std::string_view name);   ///< Must be an array when present.

    void text(std::string_view name, std::string& out);
    void flag(std::string_view name, bool& out);
    void number(std::string_view name, double& out, double min = -std::numeric_limits<double>::infinity(),
                double max = std::numeric_limits<double>::infinity());
    /// `null` is read as infinity, which JSON cannot write.
    void numberOrInfinity(std::string_view name, double& out);
    template <std::integral T>
    void integer(std::string_view name, T& out, T min = std::numeric_limits<T>::min(),
                 T max = std::numeric_limits<T>::max());
    /// Text with a unit: "10s".
    void duration(std::string_view name, std::chrono::milliseconds& out, std::chrono::milliseconds min,
                  std::chrono::milliseconds max);
    /// "2026-11-24T08:18:33.25Z", as timeText() writes it.
    void time(std::string_view name, std::chrono::system_clock::time_point& out);
    /// One of the names in `table`.
    template <class E, std::size_t N>
    void choice(std::string_view name, E& out, const std::pair<std::string_view, E> (&table)[N]);
    /// Every element of an array must be a text.
    void texts(std::string_view name, std::vector<std::string>& out);

    /// Keeps the first problem.
    void refuse(Failure failure);
    /// "load.clients": how errors name a member.
    [[nodiscard]] std::string nameOf(std::string_view name) const;
    [[nodiscard]] bool failed() const { return !m_result; }
    [[nodiscard]] Result<> result() const { return m_result; }
    [[nodiscard]] nlohmann::json unknown() const;

private:
    /// find(), and the type must be as told.
    const nlohmann::json* ofType(std::string_view name, bool (*is)(const nlohmann::json&),
                                 std::string_view what);
    void wrongInteger(std::string_view name, const nlohmann::json& value, const std::string& range);

    const nlohmann::json& m_object;
    std::string m_path;
    std::set<std::string, std::less<>> m_known;
    Result<> m_result;
};

/// A value as one short line for errors: long texts are cut.
[[nodiscard]] std::string excerpt(const nlohmann::json& value);

/// ISO 8601 in UTC with as many decimals as the time needs.
[[nodiscard]] std::string timeText(std::chrono::system_clock::time_point time);

/// Checks the "hone" version and, when present, the "kind" of a file's top object.
[[nodiscard]] Result<> checkHeader(Members& members, std::string_view kind);

template <std::integral T>
void Members::integer(std::string_view name, T& out, T min, T max) {
    const nlohmann::json* value = find(name);
    if (!value)
        return;
    const auto fits = [&](auto number) {
        return std::cmp_greater_equal(number, min) && std::cmp_less_equal(number, max);
    };
    if (value->is_number_unsigned() && fits(value->template get<std::uint64_t>()))
        out = static_cast<T>(value->template get<std::uint64_t>());
    else if (value->is_number_integer() && !value->is_number_unsigned() &&
             fits(value->template get<std::int64_t>()))
        out = static_cast<T>(value->template get<std::int64_t>());
    else
        wrongInteger(name, *value, fmt::format("{} … {}", min, max));
}

template <class E, std::size_t N>
void Members::choice(std::string_view name, E& out, const std::pair<std::string_view, E> (&table)[N]) {
    std::string word;
    text(name, word);
    if (failed() || word.empty())
        return;
    std::string known;
    for (const auto& [id, value] : table) {
        if (id == word) {
            out = value;
            return;
        }
        known += known.empty() ? "" : ", ";
        known += id;
    }
    refuse(fail(Error::InvalidArgument, "{} must be one of {}, got \"{}\"", nameOf(name), known, word));
}

}  // namespace hone::model
