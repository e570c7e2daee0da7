#pragma once

#include "core/base/error.h"
#include "core/data/rows.h"

#include <string>
#include <string_view>

/// Rows as columns of bytes: what `application/vnd.hone.columnar` holds. The layout is published in
/// resources/docs/columnar.md, version 1; a change of it is another version.
///
/// Pure functions; thread: any.
namespace hone::data {

inline constexpr std::string_view kColumnarType = "application/vnd.hone.columnar";

/// What one column's values are, and how they are written: the bytes of the layout.
namespace columnar {

inline constexpr std::string_view kMagic = "HCOL";
inline constexpr std::uint8_t kVersion = 1;

enum Type : std::uint8_t { Integer = 0, Real = 1, Boolean = 2, Text = 3, Mixed = 4 };
enum IntegerCode : std::uint8_t { Plain = 0, Delta = 1 };
enum RealCode : std::uint8_t { Binary = 0, Decimal = 1 };
enum TextCode : std::uint8_t { Each = 0, Repeated = 1 };

inline constexpr int kMostDecimals = 9;  ///< Of a Decimal column; more than prices and coordinates have.

}  // namespace columnar

/// Appends the rows; every value and its kind comes back from readColumnar().
void writeColumnar(const RowSet& rows, std::string& out);

inline constexpr std::size_t kColumnarCells = std::size_t{64} * 1024 * 1024;

/// Errors: Malformed with the column and what is wrong with it; Unsupported for another version;
/// ResourceExhausted for more than `cellLimit` values. Column::nullable says whether there are nulls.
[[nodiscard]] Result<RowSet> readColumnar(std::string_view bytes, std::size_t cellLimit = kColumnarCells);

}  // namespace hone::data
