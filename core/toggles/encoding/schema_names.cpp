#include "core/toggles/encoding/schema_names.h"

#include "core/data/rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace hone::toggles::encoding {
namespace {

bool isLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool isDigit(char c) { return c >= '0' && c <= '9'; }
char upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; }
char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

bool isIdentifier(std::string_view name) {
    return !name.empty() && isLetter(name[0]) &&
           std::ranges::all_of(name, [](char c) { return isLetter(c) || isDigit(c) || c == '_'; });
}

/// What protobuf compares field names by in proto3.
std::string folded(std::string_view name) {
    std::string out;
    for (const char c : name)
        if (c != '_')
            out += lower(c);
    return out;
}

std::string_view protoType(data::ColumnType type) {
    switch (type) {
        case data::ColumnType::Integer: return "int64";
        case data::ColumnType::Real: return "double";
        case data::ColumnType::Text: return "string";
        case data::ColumnType::Boolean: return "bool";
    }
    return {};
}

std::string_view avroType(data::ColumnType type) {
    switch (type) {
        case data::ColumnType::Integer: return "long";
        case data::ColumnType::Real: return "double";
        case data::ColumnType::Text: return "string";
        case data::ColumnType::Boolean: return "boolean";
    }
    return {};
}

/// Escapes of protobuf's string literals: quotes, backslashes and what is not printable ASCII, in octal.
std::string protoString(std::string_view text) {
    std::string out = "\"";
    for (const char c : text)
        if (c == '"' || c == '\\' || c < ' ' || c > '~')
            out += fmt::format("\\{:03o}", static_cast<unsigned char>(c));
        else
            out += c;
    return out + '"';
}

std::string jsonString(std::string_view text) {
    std::string out;
    data::writeJsonString(text, out);
    return out;
}

}  // namespace

std::string messageName(std::string_view table) {
    std::string out;
    bool isStart = true;
    for (const char c : table) {
        if (isLetter(c) || (isDigit(c) && !out.empty()))
            out += isStart ? upper(c) : c;
        isStart = !isLetter(c);
    }
    return out.empty() ? "Table" : out;
}

std::vector<std::string> fieldNames(const std::vector<data::Column>& columns) {
    std::set<std::string> taken;
    std::vector<std::string> out(columns.size());
    for (std::size_t i = 0; i < columns.size(); ++i)
        if (isIdentifier(columns[i].name) && taken.insert(folded(columns[i].name)).second)
            out[i] = columns[i].name;
    for (std::size_t i = 0; i < columns.size(); ++i)
        for (std::string extra; out[i].empty(); extra += 'x')
            if (auto name = fmt::format("column{}{}", extra, i + 1); taken.insert(folded(name)).second)
                out[i] = std::move(name);
    return out;
}

std::string protoText(const data::Table& table) {
    const std::string message = messageName(table.name);
    const auto names = fieldNames(table.columns);
    std::string out = fmt::format(
        "// Rows of {}. A column that is not set is null.\nsyntax = \"proto3\";\npackage hone;\n\n"
        "message {} {{\n",
        protoString(table.name), message);
    for (std::size_t i = 0; i < names.size(); ++i)
        out += fmt::format("  optional {} {} = {} [json_name = {}];\n", protoType(table.columns[i].type),
                           names[i], i + 1, protoString(table.columns[i].name));
    out += fmt::format(
        "}}\n\n// A list. Where rows are less than whole, `columns` says what they have.\n"
        "message {0}List {{\n  repeated {0} items = 1;\n  repeated string columns = 2;\n}}\n\n"
        "message {0}Item {{\n  {0} item = 1;\n  repeated string columns = 2;\n}}\n",
        message);
    return out;
}

std::string avroText(std::string_view table, const std::vector<data::Column>& columns) {
    const auto names = fieldNames(columns);
    std::string out = fmt::format(R"({{"type":"record","name":"{}","namespace":"hone","doc":{},"fields":[)",
                                  messageName(table), jsonString(table));
    for (std::size_t i = 0; i < names.size(); ++i) {
        out += fmt::format(R"({}{{"name":"{}","type":["null","{}"],"default":null)", i == 0 ? "" : ",",
                           names[i], avroType(columns[i].type));
        if (names[i] != columns[i].name)
            out += fmt::format(R"(,"column":{})", jsonString(columns[i].name));
        out += '}';
    }
    return out + "]}";
}

}  // namespace hone::toggles::encoding
