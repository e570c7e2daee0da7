#pragma once

#include "core/data/rows.h"

#include <string>

namespace hone::toggles::encoding {

/// A table in the formats that need a schema: the schemas that are served, and rows written with them.
///
/// Protobuf: message <Table> has one optional field a column, numbered as the table lists them; an answer is
/// <Table>List or <Table>Item, whose `columns` names the columns of a projection and is empty for whole rows
/// (so that "not set" is null and never "not asked for"). Avro: a record of unions with null in an object
/// container file, which carries the schema of just the columns there are. Names that the formats do not
/// allow are replaced; `json_name` and the property "column" keep the real ones.
///
/// Thread: any; immutable. Owner: the toggle's State.
class TableSchema {
public:
    explicit TableSchema(const data::Table& table);

    [[nodiscard]] const std::string& proto() const { return m_proto; }
    [[nodiscard]] const std::string& avsc() const { return m_avsc; }
    /// Value of the media type's parameter `proto`.
    [[nodiscard]] std::string messageType(bool isList) const;

    /// The set has only columns of the table, and every value is of its column's type (SQLite lets any value
    /// be anywhere). What does not fit has no such representation.
    [[nodiscard]] bool fits(const data::RowSet& rows) const;
    /// Append all rows, which must fit. An item is the set's only row.
    void writeProtobuf(const data::RowSet& rows, std::string& out) const;
    void writeAvro(const data::RowSet& rows, bool isList, std::string& out) const;

private:
    [[nodiscard]] std::size_t indexOf(std::string_view column) const;
    [[nodiscard]] bool isWhole(const data::RowSet& rows) const;

    data::Table m_table;
    std::string m_message;  ///< "Cities".
    std::string m_proto, m_avsc;
};

}  // namespace hone::toggles::encoding
