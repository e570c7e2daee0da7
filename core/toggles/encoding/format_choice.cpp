#include "core/toggles/encoding/format_choice.h"

#include "core/http/semantics.h"

#include <algorithm>

namespace hone::toggles::encoding {
namespace {

struct Offer {
    std::string_view name;
    Format format;
};
/// The first of each format is what a wildcard gets.
constexpr Offer kOffers[] = {
    {"application/json", Format::Json},
    {"application/msgpack", Format::Msgpack},
    {"application/vnd.msgpack", Format::Msgpack},
    {"application/x-msgpack", Format::Msgpack},
    {"application/cbor", Format::Cbor},
    {"application/x-protobuf", Format::Protobuf},
    {"application/protobuf", Format::Protobuf},
    {"application/vnd.google.protobuf", Format::Protobuf},
    {"application/avro", Format::Avro},
    {"avro/binary", Format::Avro},
    {"application/vnd.apache.avro", Format::Avro},
};

/// How closely a media range names a type: 0 not at all, 1 `*/*`, 2 `type/*`, 3 the type. Parameters of a
/// range are looked over: what we offer has none that could differ.
int closeness(std::string_view range, std::string_view type) {
    const auto name = range.substr(0, range.find(';'));
    if (name == "*/*" || name == "*")
        return 1;
    if (name.ends_with("/*"))
        return type.size() > name.size() - 1 &&
                       http::iequals(type.substr(0, name.size() - 1), name.substr(0, name.size() - 1))
                   ? 2
                   : 0;
    return http::iequals(name, type) ? 3 : 0;
}

/// The weight of a type is that of the range that names it most closely (RFC 9110 section 12.5.1).
struct Liking {
    int q = 0, closest = 0;
};
Liking likingOf(std::span<const http::Weighted> wanted, std::string_view type) {
    Liking out;
    for (const auto& range : wanted)
        if (const int close = closeness(range.value, type); close > out.closest)
            out = {.q = range.q, .closest = close};
    return out;
}

}  // namespace

FormatChoice::FormatChoice(std::vector<Format> preference) : m_preference(std::move(preference)) {}

const FormatChoice::Choice& FormatChoice::choose(std::optional<std::string_view> accept, bool withSchema) {
    auto& last = m_last[withSchema ? 1 : 0];
    const bool isSame =
        last.isKnown && accept.has_value() == last.accept.has_value() && (!accept || *accept == *last.accept);
    if (!isSame) {
        last.choice = compute(accept, withSchema);
        last.accept = accept;
        last.isKnown = true;
    }
    return last.choice;
}

FormatChoice::Choice FormatChoice::compute(std::optional<std::string_view> accept, bool withSchema) const {
    auto wanted = http::parseWeighted(accept.value_or(""));
    if (wanted.empty())
        wanted.push_back({.value = "*/*"});
    Choice best;
    Liking most;
    for (const Format format : m_preference) {
        if (isSchemaFormat(format) && !withSchema)
            continue;
        for (const auto& [name, offered] : kOffers) {
            if (offered != format)
                continue;
            const Liking liking = likingOf(wanted, name);
            const bool isNamed = liking.closest == 3, isBestNamed = most.closest == 3;
            if (liking.q > most.q || (liking.q == most.q && liking.q > 0 && isNamed && !isBestNamed)) {
                most = liking;
                best = {.format = format, .mediaType = name};
            }
        }
    }
    return best;
}

std::string FormatChoice::available(bool withSchema) const {
    std::string out;
    for (const Format format : m_preference) {
        if (isSchemaFormat(format) && !withSchema)
            continue;
        out += out.empty() ? "" : ", ";
        out += std::ranges::find(kOffers, format, &Offer::format)->name;
    }
    return out;
}

}  // namespace hone::toggles::encoding
