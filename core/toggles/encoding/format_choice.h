#pragma once

#include "core/coding/decode_json.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hone::toggles::encoding {

using coding::Format;

/// Chooses a representation for a request from what is switched on.
///
/// Among what the client likes equally, a type it names beats one it takes by a wildcard, and then our order
/// decides. An absent field, or one without a readable member, takes anything. Thread: one at a time
/// (remembers the last field: clients of one kind all send the same). Owner: the Stage. Source: RFC 9110
/// section 12.5.1.
class FormatChoice {
public:
    /// `preference`: best first.
    explicit FormatChoice(std::vector<Format> preference);

    struct Choice {
        std::optional<Format> format;  ///< None: nothing is acceptable (406).
        std::string_view mediaType;    ///< As the client calls it.
    };
    /// `withSchema`: the answer can be written by a schema (Protobuf, Avro).
    [[nodiscard]] const Choice& choose(std::optional<std::string_view> accept, bool withSchema);

    /// What there is, by its registered or usual name: "application/json, application/msgpack".
    [[nodiscard]] std::string available(bool withSchema) const;
    /// Whether answers differ by Accept at all.
    [[nodiscard]] bool varies() const { return m_preference.size() > 1; }

private:
    [[nodiscard]] Choice compute(std::optional<std::string_view> accept, bool withSchema) const;

    std::vector<Format> m_preference;
    struct Remembered {
        bool isKnown = false;
        std::optional<std::string> accept;
        Choice choice;
    };
    Remembered m_last[2];  ///< Without and with a schema.
};

/// Needs a schema for whatever it writes.
[[nodiscard]] constexpr bool isSchemaFormat(Format format) {
    return format == Format::Protobuf || format == Format::Avro;
}

}  // namespace hone::toggles::encoding
