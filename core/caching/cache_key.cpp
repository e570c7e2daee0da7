#include "core/caching/cache_key.h"

#include "core/http/semantics.h"
#include "core/http/syntax.h"

#include <fmt/format.h>

#include <algorithm>

namespace hone::caching {
namespace {

// A control character: it cannot occur in a target or a field value, so parts cannot run into each other.
constexpr char kSeparator = '\n';
constexpr std::string_view kCodings[] = {"gzip", "br", "zstd", "dcb", "dcz", "identity", "*"};

std::string_view nameOf(std::string_view pair) { return pair.substr(0, pair.find('=')); }

constexpr char kLineEnd = '\x01';  // likewise: "a", "b" in two lines is not "a,b" in one

void appendField(const http::Request& request, std::string_view name, std::string& out) {
    for (const auto& line : request.fields)
        if (http::iequals(line.name, name)) {
            out += line.value;
            out += kLineEnd;
        }
}

/// What an upstream may serve though we do not: everything else that was named, in lower case and in order.
void appendOthers(const std::vector<http::Weighted>& wanted, std::string& out) {
    std::vector<std::string> others;
    for (const auto& entry : wanted) {
        auto name = http::lower(entry.value);
        if (name != "x-gzip" && std::ranges::find(kCodings, name) == std::end(kCodings))
            others.push_back(fmt::format("{};{},", name, entry.q));
    }
    std::ranges::sort(others);
    for (const auto& other : others)
        out += other;
}

}  // namespace

std::string acceptEncodingClass(std::string_view acceptEncoding, bool isRelayed) {
    std::string out;
    const auto wanted = http::parseWeighted(acceptEncoding);
    for (const std::string_view coding : kCodings)
        for (const auto& entry : wanted) {
            const bool isOldName = coding == "gzip" && http::iequals(entry.value, "x-gzip");
            if (!isOldName && !http::iequals(entry.value, coding))
                continue;
            out += coding;
            if (entry.q != 1000)
                fmt::format_to(std::back_inserter(out), ";{}", entry.q);
            out += ',';
            break;
        }
    if (isRelayed)
        appendOthers(wanted, out);
    // Present but without anything we know is another thing than absent only in what it allows: identity,
    // both.
    return out;
}

void appendNormalisedQuery(std::string_view query, std::vector<std::string_view>& scratch, std::string& out) {
    if (query.find('&') == query.npos) {
        out += query;
        return;
    }
    scratch.clear();
    while (!query.empty()) {
        const auto end = query.find('&');
        if (end != 0)
            scratch.push_back(query.substr(0, end));
        query.remove_prefix(end == query.npos ? query.size() : end + 1);
    }
    // Insertion sort: stable, in place, and a query has a handful of parts that mostly come in one order.
    for (std::size_t i = 1; i < scratch.size(); ++i)
        for (std::size_t j = i; j > 0 && nameOf(scratch[j]) < nameOf(scratch[j - 1]); --j)
            std::swap(scratch[j], scratch[j - 1]);
    for (std::size_t i = 0; i < scratch.size(); ++i) {
        if (i > 0)
            out += '&';
        out += scratch[i];
    }
}

std::string_view KeyBuilder::build(const http::Request& request, bool isRelayed) {
    m_key.assign(request.path);
    m_key += kSeparator;
    if (isRelayed)
        m_key += request.target;  // "/a" and "/a?" included
    else
        appendNormalisedQuery(request.query, m_pairs, m_key);
    m_key += kSeparator;
    std::string_view encoding;
    std::string_view accept;
    int encodingLines = 0;
    int acceptLines = 0;
    for (const auto& line : request.fields) {
        if (http::iequals(line.name, "Accept-Encoding")) {
            encoding = line.value;
            ++encodingLines;
        } else if (http::iequals(line.name, "Accept")) {
            accept = line.value;
            ++acceptLines;
        }
    }
    if (encodingLines == 1)
        m_key += encodingClass(encoding, isRelayed);
    else if (encodingLines > 1)
        m_key += acceptEncodingClass(request.joined("Accept-Encoding"), isRelayed);
    m_key += kSeparator;
    if (acceptLines == 1 && accept != "*/*")  // "anything" is what an absent field means
        m_key += accept;
    else if (acceptLines > 1)
        appendField(request, "Accept", m_key);
    if (isRelayed) {  // it is told both, in Host or X-Forwarded-*
        m_key += kSeparator;
        m_key += request.scheme;
        m_key += kSeparator;
        m_key += http::lower(request.field("Host").value_or(""));
    }
    if (m_withCredentials) {
        m_key += kSeparator;
        appendField(request, "Authorization", m_key);
        m_key += kSeparator;
        appendField(request, "Cookie", m_key);
    }
    return m_key;
}

bool KeyBuilder::covers(std::string_view fieldName) const {
    return http::iequals(fieldName, "Accept-Encoding") || http::iequals(fieldName, "Accept") ||
           (m_withCredentials &&
            (http::iequals(fieldName, "Authorization") || http::iequals(fieldName, "Cookie")));
}

std::string_view KeyBuilder::encodingClass(std::string_view acceptEncoding, bool isRelayed) {
    if (acceptEncoding.empty())
        return {};
    for (const Remembered& known : m_remembered)
        if (known.header == acceptEncoding && known.isRelayed == isRelayed)
            return known.name;
    Remembered& next = m_remembered[m_nextRemembered];
    m_nextRemembered = (m_nextRemembered + 1) % m_remembered.size();
    next = {std::string(acceptEncoding), acceptEncodingClass(acceptEncoding, isRelayed), isRelayed};
    return next.name;
}

}  // namespace hone::caching
