#include "core/report/table.h"

#include "core/report/escape.h"

#include <fmt/format.h>

#include <algorithm>

namespace hone::report {
namespace {

/// Characters, not bytes: "µ" and "−" are one column wide.
std::size_t widthOf(std::string_view text) {
    return static_cast<std::size_t>(
        std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

std::string padded(const std::string& text, std::size_t width, bool right) {
    const std::size_t used = widthOf(text);
    const std::string space(used < width ? width - used : 0, ' ');
    return right ? space + text : text + space;
}

std::string toneOf(const Table& table, std::size_t row) {
    return row < table.tones.size() ? table.tones[row] : std::string();
}

std::string htmlRow(const Table& table, std::size_t row) {
    const auto& cells = table.rows[row];
    std::string out = "<tr>";
    for (std::size_t c = 0; c < cells.size(); ++c) {
        const bool last = c + 1 == cells.size();
        if (last && row < table.drawings.size())
            out += "<td>" + table.drawings[row] + "</td>";
        std::string classes = table.columns[c].right ? "n" : "";
        if (const auto tone = toneOf(table, row); last && !tone.empty())
            classes += (classes.empty() ? "" : " ") + tone;
        out += fmt::format("<td{}>{}</td>", classes.empty() ? "" : fmt::format(" class=\"{}\"", classes),
                           html(cells[c]));
    }
    return out + "</tr>\n";
}

std::string joined(const std::vector<std::string>& cells) {
    std::string line;
    for (std::size_t i = 0; i < cells.size(); ++i)
        line += (i > 0 ? "   " : "") + cells[i];
    return line;
}

}  // namespace

void Table::add(std::vector<std::string> row, std::string tone) {
    rows.push_back(std::move(row));
    tones.push_back(std::move(tone));
}

std::string htmlTable(const Table& table) {
    if (table.empty())
        return {};
    std::string out = "<div class=\"card\">";
    if (!table.title.empty())
        out += fmt::format("<h3>{}</h3>", html(table.title));
    out += "<table><thead><tr>";
    for (std::size_t c = 0; c < table.columns.size(); ++c) {
        if (c + 1 == table.columns.size() && !table.drawings.empty())
            out += fmt::format("<th scope=\"col\">{}</th>", html(table.drawingTitle));
        out += fmt::format("<th scope=\"col\"{}>{}</th>", table.columns[c].right ? " class=\"n\"" : "",
                           html(table.columns[c].title));
    }
    out += "</tr></thead><tbody>\n";
    for (std::size_t r = 0; r < table.rows.size(); ++r)
        out += htmlRow(table, r);
    out += "</tbody></table>";
    if (!table.note.empty())
        out += fmt::format("<p class=\"muted\">{}</p>", html(table.note));
    return out + "</div>\n";
}

std::string markdownTable(const Table& table) {
    if (table.empty())
        return {};
    std::string out = "\n", rule = "|";
    if (!table.title.empty())
        out += fmt::format("### {}\n\n", markdown(table.title));
    out += "|";
    for (const auto& column : table.columns) {
        out += fmt::format(" {} |", markdown(column.title));
        rule += column.right ? " ---: |" : " --- |";
    }
    out += "\n" + rule + "\n";
    for (const auto& row : table.rows) {
        out += "|";
        for (const auto& cell : row)
            out += fmt::format(" {} |", markdown(cell));
        out += "\n";
    }
    return table.note.empty() ? out : out + "\n" + markdown(table.note) + "\n";
}

std::string terminalTable(const Table& table, bool colour) {
    if (table.empty())
        return {};
    std::vector<std::string> header;
    for (const auto& column : table.columns)
        header.push_back(column.title);
    std::vector<std::size_t> widths(header.size());
    const auto widen = [&](const std::vector<std::string>& row) {
        for (std::size_t c = 0; c < row.size(); ++c)
            widths[c] = std::max(widths[c], widthOf(row[c]));
    };
    widen(header);
    for (const auto& row : table.rows)
        widen(row);
    const auto lined = [&](std::vector<std::string> row, std::string_view tone, bool whole) {
        for (std::size_t c = 0; c < row.size(); ++c) {
            const bool last = c + 1 == row.size();
            row[c] = terminalSafe(row[c]);
            if (!last || table.columns[c].right)
                row[c] = padded(row[c], widths[c], table.columns[c].right);
            if (whole || last)
                row[c] = coloured(row[c], tone, colour);
        }
        return "  " + joined(row) + "\n";
    };
    std::string out = "  " + coloured(table.title, "bold", colour) + "\n" + lined(header, "muted", true);
    for (std::size_t r = 0; r < table.rows.size(); ++r)
        out += lined(table.rows[r], toneOf(table, r), false);
    if (!table.note.empty())
        out += "  " + coloured(terminalSafe(table.note), "muted", colour) + "\n";
    return out + "\n";
}

std::string coloured(const std::string& text, std::string_view tone, bool colour) {
    if (!colour || tone.empty())
        return text;
    const char* code = tone == "good"   ? "\033[32m"
                       : tone == "bad"  ? "\033[31m"
                       : tone == "warn" ? "\033[33m"
                       : tone == "bold" ? "\033[1m"
                                        : "\033[2m";
    return code + text + "\033[0m";
}

std::string terminalSafe(std::string_view text) {
    std::string out(text);
    std::ranges::replace_if(
        out, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }, ' ');
    return out;
}

}  // namespace hone::report
