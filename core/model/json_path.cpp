#include "core/model/json_path.h"

#include <cctype>
#include <charconv>
#include <optional>

namespace hone::model {

namespace {

constexpr char kHint[] = "Name one place, such as $.items[0].id or $['a b'].";

bool isNameByte(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return c == '_' || c == '-' || byte >= 0x80 || std::isalnum(byte) != 0;
}

/// Reads a path from its front.
class Reader {
public:
    explicit Reader(std::string_view text) : m_text(text) {}

    [[nodiscard]] bool atEnd() const { return m_at == m_text.size(); }
    [[nodiscard]] bool take(char c) {
        if (atEnd() || m_text[m_at] != c)
            return false;
        ++m_at;
        return true;
    }
    [[nodiscard]] std::string name() {
        const std::size_t begin = m_at;
        while (!atEnd() && isNameByte(m_text[m_at]))
            ++m_at;
        return std::string(m_text.substr(begin, m_at - begin));
    }
    /// Behind the opening quote; empty optional when it is never closed.
    [[nodiscard]] std::optional<std::string> quoted(char quote) {
        std::string out;
        while (!atEnd()) {
            char c = m_text[m_at++];
            if (c == quote)
                return out;
            if (c == '\\' && !atEnd())
                c = m_text[m_at++];
            out += c;
        }
        return std::nullopt;
    }
    [[nodiscard]] std::optional<std::int64_t> index() {
        std::int64_t value = 0;
        const char* const end = m_text.data() + m_text.size();
        const auto [stop, error] = std::from_chars(m_text.data() + m_at, end, value);
        if (error != std::errc{})
            return std::nullopt;
        m_at = static_cast<std::size_t>(stop - m_text.data());
        return value;
    }
    [[nodiscard]] Failure wrong() const {
        const char found = atEnd() ? '\0' : m_text[m_at];
        if (found == '*' || found == '?' || found == ':' || found == '.')
            return fail(Error::Unsupported, "the JSONPath \"{}\" may name many places (at character {})",
                        m_text, m_at + 1)
                .hint("{}", kHint);
        return fail(Error::Malformed, "\"{}\" is no JSONPath (at character {})", m_text, m_at + 1)
            .hint("{}", kHint);
    }

private:
    std::string_view m_text;
    std::size_t m_at = 0;
};

}  // namespace

Result<JsonPath> JsonPath::parse(std::string_view text) {
    Reader reader(text);
    JsonPath out;
    if (!reader.take('$'))
        return reader.wrong();
    while (!reader.atEnd()) {
        if (reader.take('.')) {
            std::string name = reader.name();
            if (name.empty())
                return reader.wrong();
            out.m_steps.emplace_back(std::move(name));
            continue;
        }
        if (!reader.take('['))
            return reader.wrong();
        const char quote = reader.take('\'') ? '\'' : reader.take('"') ? '"' : '\0';
        if (quote != '\0') {
            auto name = reader.quoted(quote);
            if (!name)
                return reader.wrong();
            out.m_steps.emplace_back(std::move(*name));
        } else if (const auto index = reader.index()) {
            out.m_steps.emplace_back(*index);
        } else {
            return reader.wrong();
        }
        if (!reader.take(']'))
            return reader.wrong();
    }
    return out;
}

const nlohmann::json* JsonPath::find(const nlohmann::json& document) const {
    const nlohmann::json* at = &document;
    for (const Step& step : m_steps) {
        if (const auto* name = std::get_if<std::string>(&step)) {
            const auto found = at->is_object() ? at->find(*name) : at->end();
            if (!at->is_object() || found == at->end())
                return nullptr;
            at = &*found;
            continue;
        }
        const auto size = static_cast<std::int64_t>(at->size());
        std::int64_t index = std::get<std::int64_t>(step);
        index += index < 0 ? size : 0;
        if (!at->is_array() || index < 0 || index >= size)
            return nullptr;
        at = &(*at)[static_cast<std::size_t>(index)];
    }
    return at;
}

}  // namespace hone::model
