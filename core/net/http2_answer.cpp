#include "core/net/http2_answer.h"

#include "core/base/assert.h"
#include "core/http/syntax.h"

#include <charconv>

namespace hone::net {

namespace {

nghttp2_nv view(std::string_view name, std::string_view value) {
    const auto bytes = [](std::string_view text) {
        return reinterpret_cast<std::uint8_t*>(const_cast<char*>(text.data()));
    };
    return {bytes(name), bytes(value), name.size(), value.size(), NGHTTP2_NV_FLAG_NONE};
}

/// Control characters become spaces, as in HTTP/1.1 (RFC 9110 section 5.5).
std::string cleaned(std::string_view value) {
    std::string out(value);
    for (char& c : out)
        if (!http::isFieldValue({&c, 1}))
            c = ' ';
    return out;
}

}  // namespace

void Http2AnswerFields::add(std::string_view name, std::string_view value) {
    if (!http::isFieldValue(value))
        value = m_cleaned.emplace_back(cleaned(value));
    m_lines.push_back(view(name, http::trim(value)));
}

void Http2AnswerFields::addAll(const http::Fields& fields) {
    for (const auto& [name, value] : fields.lines())
        if (http::isToken(name) && !http::isConnectionField(name) && !http::iequals(name, "Proxy-Connection"))
            add(name, value);
}

std::span<const nghttp2_nv> Http2AnswerFields::build(const http::Response& response, std::string_view date,
                                                     std::optional<std::uint64_t> length) {
    const int status = response.finalStatus();
    HONE_ASSERT(status >= 200 && status <= 599, "handlers give final answers only");
    m_lines.clear();
    m_cleaned.clear();
    const auto statusEnd = std::to_chars(m_status, m_status + sizeof m_status, status).ptr;
    m_lines.push_back(view(":status", {m_status, statusEnd}));
    if (length && !http::statusHasNoContent(status)) {
        const auto end = std::to_chars(m_length, m_length + sizeof m_length, *length).ptr;
        m_lines.push_back(view("content-length", {m_length, end}));
    }
    if (response.prepared)
        addAll(response.prepared->fields);
    addAll(response.fields);
    m_lines.push_back(view("date", date));
    return m_lines;
}

}  // namespace hone::net
