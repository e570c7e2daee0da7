#pragma once

#include <string>
#include <string_view>

/// The character classes of RFC 9110 and what is built on them. Pure functions; thread: any.
namespace hone::http {

/// tchar (RFC 9110 section 5.6.2): what methods and field names are made of.
[[nodiscard]] bool isTokenChar(char c);
/// One or more tchar.
[[nodiscard]] bool isToken(std::string_view text);
/// VCHAR, SP, HTAB and obs-text: what a field value may hold (section 5.5). NUL, CR and LF are not.
[[nodiscard]] bool isFieldValue(std::string_view text);
/// Visible ASCII except '#': a fragment is never sent. Quotes, <>, \, ^, ` and {|} are not URI characters
/// (RFC 3986), but clients send them and no parser takes them for a border, so they pass.
[[nodiscard]] bool isTargetChar(char c);

/// Without the optional whitespace (SP, HTAB) on both sides.
[[nodiscard]] std::string_view trim(std::string_view text);
[[nodiscard]] std::string lower(std::string_view text);

/// Takes the next member of a comma list off `rest`, commas inside quoted strings not counted; empty members
/// are skipped (section 5.6.1). False at the end.
[[nodiscard]] bool nextMember(std::string_view& rest, std::string_view& member, char separator = ',');
/// A quoted-string without its quotes and escapes; anything else as it is.
[[nodiscard]] std::string unquote(std::string_view text);

/// Appends `name: value\r\n`. A value from outside cannot end the line: CR, LF and NUL become SP
/// (section 5.5), and a name that is no token is left out.
void appendFieldLine(std::string& out, std::string_view name, std::string_view value);

/// 1xx, 204 and 304 have no content, whatever the method (sections 6.4.1 and 15).
[[nodiscard]] constexpr bool statusHasNoContent(int status) {
    return status < 200 || status == 204 || status == 304;
}
/// Fields that belong to the connection, not to the answer: what a Handler sets there is not sent.
[[nodiscard]] bool isConnectionField(std::string_view name);

}  // namespace hone::http
