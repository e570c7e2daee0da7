#pragma once

#include "core/base/error.h"
#include "core/data/relations.h"

#include <string>
#include <string_view>
#include <vector>

namespace hone::toggles::shaping {

/// What of a row is answered: columns of its own and, for relations, what of the rows they lead to.
struct Selection {
    struct Branch;

    const data::Table* table = nullptr;
    bool all = true;                  ///< Every column of its own; otherwise `fields`.
    std::vector<std::string> fields;  ///< In the order asked for.
    std::vector<Branch> branches;

    /// The columns to read: what is shown, and what relations are followed by. Empty: all.
    [[nodiscard]] std::vector<std::string> columnsToRead() const;
};

struct Selection::Branch {
    data::Relation relation;
    Selection selection;
};

/// Finds tables, relations and columns by the paths of a URL: "customer.country". Thread: any. The schema
/// must outlive it.
class Paths {
public:
    Paths(const data::Schema& schema, int maxDepth) : m_schema(schema), m_maxDepth(maxDepth) {}

    /// Adds `fields=` members ("id", "customer.name", or a relation as a whole) to the selection.
    Result<> addField(Selection& selection, std::string_view path) const;
    /// Adds an embedded relation: "customer", "orders.items".
    Result<> addEmbed(Selection& selection, std::string_view where, std::string_view path) const;

    struct Place {
        std::vector<data::Hop> via;
        const data::Table* table;
        const data::Column* column;
    };
    /// The column at the end of a path of relations; none when there is none. Too deep: InvalidArgument.
    [[nodiscard]] Result<std::optional<Place>> find(const data::Table& table, std::string_view path) const;
    /// InvalidArgument that names the nearest and all of the columns and relations of the table.
    [[nodiscard]] Failure unknown(const data::Table& table, std::string_view where,
                                  std::string_view name) const;

private:
    /// The branch of that name, made when it is not there yet.
    Result<Selection::Branch*> branch(Selection& selection, std::string_view where, std::string_view name,
                                      int depth) const;
    [[nodiscard]] std::optional<data::Relation> relation(const data::Table& table,
                                                         std::string_view name) const;
    [[nodiscard]] Failure tooDeep(std::string_view where, std::string_view path) const;

    const data::Schema& m_schema;
    int m_maxDepth;
};

}  // namespace hone::toggles::shaping
