#pragma once

#include "core/model/members.h"
#include "core/model/run.h"

/// JSON of the parts that runs and comparisons share. Thread: any.
namespace hone::model {

/// {"hdr": "HISTF…", "min", "max", "saturated"}: the text any tool reads, and the exact facts it has no room
/// for.
[[nodiscard]] nlohmann::json histogramJson(const stats::Histogram& histogram);
/// Reads a member; a bare "HISTF…" text will do. An absent one leaves `out` empty.
void readHistogram(Members& members, std::string_view name, stats::Histogram& out);

/// The member "environment" of every result.
[[nodiscard]] nlohmann::json environmentJson(const Environment& environment);
void readEnvironment(Members& members, Environment& environment);

/// A map as an object, and back.
template <class V>
[[nodiscard]] nlohmann::json mapJson(const std::map<std::string, V>& map) {
    nlohmann::json object = nlohmann::json::object();
    for (const auto& [name, value] : map)
        object[name] = value;
    return object;
}
void readMap(Members& members, std::string_view name, std::map<std::string, double>& out);
void readMap(Members& members, std::string_view name, std::map<std::string, std::uint64_t>& out);

/// Every element of an array member through `read(element, path) → Result<T>`.
template <class T, class Read>
void readList(Members& members, std::string_view name, std::vector<T>& out, Read read) {
    const nlohmann::json* list = members.array(name);
    if (!list)
        return;
    out.reserve(list->size());
    for (const auto& element : *list) {
        auto value = read(element, fmt::format("{}[{}]", members.nameOf(name), out.size()));
        if (!value)
            return members.refuse(fail(std::move(value.error())));
        out.push_back(std::move(*value));
    }
}

/// A member object through `T::fromJson`, its errors prefixed with the member's name.
template <class T>
void readPart(Members& members, std::string_view name, T& out) {
    const nlohmann::json* part = members.object(name);
    if (!part)
        return;
    auto value = T::fromJson(*part);
    if (!value) {
        value.error().what = fmt::format("{}: {}", members.nameOf(name), value.error().what);
        return members.refuse(fail(std::move(value.error())));
    }
    out = std::move(*value);
}

}  // namespace hone::model
