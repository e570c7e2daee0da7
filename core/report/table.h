#pragma once

#include <string>
#include <string_view>
#include <vector>

/// A table described once and written for every kind of document. Thread: any.
namespace hone::report {

struct Column {
    std::string title;
    bool right = true;  ///< Numbers; texts stand left.
};

struct Table {
    std::string title;
    std::vector<Column> columns;
    std::vector<std::vector<std::string>> rows;
    std::vector<std::string> tones;  ///< Per row: "good", "bad", "muted" or ""; colours its last cell.
    std::string drawingTitle;
    std::vector<std::string>
        drawings;      ///< Per row an SVG before its last cell, where a document can show it.
    std::string note;  ///< A sentence below; may be empty.

    [[nodiscard]] bool empty() const { return rows.empty(); }
    void add(std::vector<std::string> row, std::string tone = {});
};

/// With its heading; an empty table is an empty text. Cells are escaped for the format.
[[nodiscard]] std::string htmlTable(const Table& table);
[[nodiscard]] std::string markdownTable(const Table& table);
[[nodiscard]] std::string terminalTable(const Table& table, bool colour);

/// ANSI colours, when they are wanted; foreign text must not steer the terminal.
[[nodiscard]] std::string coloured(const std::string& text, std::string_view tone, bool colour);
[[nodiscard]] std::string terminalSafe(std::string_view text);

}  // namespace hone::report
