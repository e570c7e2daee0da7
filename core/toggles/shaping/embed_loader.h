#pragma once

#include "core/data/dataset.h"
#include "core/toggles/shaping/selection.h"

#include <nlohmann/json.hpp>

namespace hone::toggles::shaping {

/// An array of one object per row with what the selection shows of the row itself.
[[nodiscard]] nlohmann::json plainObjects(const data::RowSet& rows, const Selection& selection);

/// Turns rows into objects with the related rows inside, one statement per relation and level however many
/// rows there are (more only beyond 10 000 keys).
///
/// Thread: one. Owner: whoever answers. Invariant: loaded() never exceeds the limit; an answer that would
/// need more rows is refused as a whole, because a list cut in silence would be a wrong one.
class EmbedLoader {
public:
    EmbedLoader(data::Session& session, std::int64_t maxRows) : m_session(session), m_maxRows(maxRows) {}

    /// An array of one object per row, in order. The rows must have the selection's columnsToRead().
    Result<nlohmann::json> objects(const data::RowSet& rows, const Selection& selection);
    [[nodiscard]] std::int64_t loaded() const { return m_loaded; }

private:
    Result<> embed(const data::RowSet& rows, const Selection::Branch& branch, nlohmann::json& objects);
    /// The rows whose `hop.targetColumn` is one of `keys`.
    Result<data::RowSet> related(const Selection::Branch& branch, const std::vector<std::string>& keys);

    data::Session& m_session;
    std::int64_t m_maxRows;
    std::int64_t m_loaded = 0;
};

}  // namespace hone::toggles::shaping
