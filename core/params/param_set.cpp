#include "core/params/param_set.h"

#include "core/base/assert.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <limits>
#include <numeric>
#include <utility>

namespace hone {
namespace {

Failure unknown(std::span<const Param> params, std::string_view id) {
    auto failure = fail(Error::InvalidArgument, "unknown parameter \"{}\"", id);
    if (params.empty())
        return std::move(failure).hint("There are no parameters here.");
    std::vector<std::string_view> known;
    for (const Param& param : params)
        known.push_back(param.id);
    if (const auto near = closest(id, known))
        return std::move(failure).hint("Did you mean {}? Known: {}.", *near, idList(params));
    return std::move(failure).hint("Known: {}.", idList(params));
}

/// Insertions, deletions and substitutions that turn `a` into `b` (Levenshtein), one row at a time.
std::size_t editDistance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 0; i < a.size(); ++i) {
        std::size_t diagonal = std::exchange(row[0], i + 1);
        for (std::size_t j = 0; j < b.size(); ++j) {
            const std::size_t replaced = diagonal + (a[i] == b[j] ? 0 : 1);
            diagonal = row[j + 1];
            row[j + 1] = std::min({replaced, row[j] + 1, diagonal + 1});
        }
    }
    return row.back();
}

/// One member of a JSON object into `set`; text goes through the parser with units.
Result<> setFromJson(ParamSet& set, const std::string& id, const nlohmann::json& json) {
    if (json.is_string())
        return set.setText(id, json.get_ref<const std::string&>());
    if (json.is_boolean())
        return set.set(id, json.get<bool>());
    // An unsigned number beyond int64 would wrap; as a real it meets the bounds check.
    if (json.is_number_unsigned() && json.get<std::uint64_t>() > std::numeric_limits<std::int64_t>::max())
        return set.set(id, json.get<double>());
    if (json.is_number_integer())
        return set.set(id, json.get<std::int64_t>());
    if (json.is_number())
        return set.set(id, json.get<double>());
    if (const Param* param = set.find(id))
        return fail(Error::InvalidArgument, "{} must be {}, got {}", id, describeRange(*param),
                    json.type_name())
            .hint("For example {{\"{}\": \"{}\"}}.", id, valueText(*param, param->initial));
    return unknown(set.params(), id);
}

}  // namespace

const Param* ParamSet::find(std::string_view id) const {
    const auto it = std::ranges::find(m_params, id, &Param::id);
    return it == m_params.end() ? nullptr : &*it;
}

Result<> ParamSet::set(std::string_view id, ParamValue value) {
    const Param* param = find(id);
    if (!param)
        return unknown(m_params, id);
    auto checked = checkValue(*param, std::move(value));
    if (!checked)
        return fail(std::move(checked.error()));
    // Initial values are not stored, so that equal sets compare equal however they came about.
    if (*checked == param->initial)
        reset(id);
    else
        m_values.insert_or_assign(std::string(id), std::move(*checked));
    return {};
}

Result<> ParamSet::setText(std::string_view id, std::string_view text) {
    const Param* param = find(id);
    if (!param)
        return unknown(m_params, id);
    auto parsed = parseValue(*param, text);
    if (!parsed)
        return fail(std::move(parsed.error()));
    return set(id, std::move(*parsed));
}

void ParamSet::reset(std::string_view id) {
    if (const auto it = m_values.find(id); it != m_values.end())
        m_values.erase(it);
}

bool ParamSet::flag(std::string_view id) const {
    const ParamValue held = value(id);
    HONE_ASSERT(std::holds_alternative<bool>(held), "only a toggle's own code asks, and it declared a flag");
    return std::get<bool>(held);
}

std::int64_t ParamSet::integer(std::string_view id) const {
    const ParamValue held = value(id);
    HONE_ASSERT(std::holds_alternative<std::int64_t>(held),
                "only a toggle's own code asks, and it declared an integer");
    return std::get<std::int64_t>(held);
}

double ParamSet::real(std::string_view id) const {
    const ParamValue held = value(id);
    if (const auto* whole = std::get_if<std::int64_t>(&held))
        return static_cast<double>(*whole);
    HONE_ASSERT(std::holds_alternative<double>(held),
                "only a toggle's own code asks, and it declared a number");
    return std::get<double>(held);
}

std::string ParamSet::text(std::string_view id) const {
    ParamValue held = value(id);
    HONE_ASSERT(std::holds_alternative<std::string>(held),
                "only a toggle's own code asks, and it declared text");
    return std::get<std::string>(std::move(held));
}

ParamValue ParamSet::value(std::string_view id) const {
    const Param* param = find(id);
    HONE_ASSERT(param != nullptr, "only a toggle's own code asks, and it declared the id");
    const auto it = m_values.find(id);
    return it == m_values.end() ? param->initial : it->second;
}

bool ParamSet::isInitial(std::string_view id) const { return !m_values.contains(id); }

nlohmann::json ParamSet::toJson() const {
    auto json = nlohmann::json::object();
    for (const auto& [id, value] : m_values)
        std::visit([&json, &id](const auto& held) { json[id] = held; }, value);
    return json;
}

Result<ParamSet> ParamSet::fromJson(std::span<const Param> params, const nlohmann::json& json) {
    if (!json.is_object())
        return fail(Error::Malformed, "parameters must be an object, got {}", json.type_name())
            .hint("For example {{\"id\": 100}}. Known: {}.", params.empty() ? "none" : idList(params));
    ParamSet set(params);
    for (const auto& [id, value] : json.items())
        if (auto done = setFromJson(set, id, value); !done)
            return fail(std::move(done.error()));
    return set;
}

std::string idList(std::span<const Param> params) {
    std::string list;
    for (const Param& param : params) {
        list += list.empty() ? "" : ", ";
        list += param.id;
    }
    return list;
}

std::optional<std::string> closest(std::string_view id, std::span<const std::string_view> known) {
    // Below its own length, or every one-letter id would be "close" to "k".
    std::size_t best = std::min<std::size_t>(3, id.size());
    std::optional<std::string> found;
    for (const std::string_view candidate : known)
        if (const std::size_t distance = editDistance(id, candidate); distance < best) {
            best = distance;
            found = std::string(candidate);
        }
    return found;
}

}  // namespace hone
