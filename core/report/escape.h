#pragma once

#include <string>
#include <string_view>

/// Makes foreign text harmless in a document: names in datasets, headers and comments come from anybody.
namespace hone::report {

/// For HTML text and double-quoted attributes; control characters other than tab and newline become U+FFFD.
[[nodiscard]] std::string html(std::string_view text);
/// For a Markdown paragraph or table cell: markup characters are backslash-escaped, newlines become spaces,
/// HTML is inert.
[[nodiscard]] std::string markdown(std::string_view text);
/// A CSV field (RFC 4180), quoted when needed; text a spreadsheet would take for a formula gets a leading
/// apostrophe.
[[nodiscard]] std::string csvField(std::string_view text);

}  // namespace hone::report
