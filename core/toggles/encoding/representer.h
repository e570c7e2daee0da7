#pragma once

#include "core/toggles/encoding/encoding_state.h"

namespace hone::toggles::encoding {

/// Writes a payload in the representation the client asked for, or refuses with 406 and what there is.
///
/// Answers to writes are never refused: what was done is done, and the default says so (RFC 9110
/// section 15.5.7). Thread: one at a time. Owner: the Stage.
class Representer {
public:
    explicit Representer(EncodingState& state) : m_state(state), m_choice(state.settings.formats) {}
    /// False: the default representation is wanted, pretty JSON.
    [[nodiscard]] bool represent(engine::Exchange& exchange);

private:
    [[nodiscard]] const TableSchema* schemaOf(const engine::Exchange& exchange) const;
    bool writeJson(engine::Exchange& exchange) const;
    void writeBinary(engine::Exchange& exchange, Format format, const TableSchema* schema) const;
    void refuse(engine::Exchange& exchange, bool withSchema) const;

    EncodingState& m_state;
    FormatChoice m_choice;
    std::string m_joined;
};

}  // namespace hone::toggles::encoding
