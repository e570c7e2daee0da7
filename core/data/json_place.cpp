#include "core/data/json_place.h"

#include "core/data/values.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <memory>
#include <vector>

namespace hone::data {
namespace {

using nlohmann::json;

/// Walks through characters and remembers for the handler how far the parser has read.
struct Cursor {
    using iterator_category = std::forward_iterator_tag;
    using value_type = char;
    using difference_type = std::ptrdiff_t;
    using pointer = const char*;
    using reference = const char&;

    const char* at = nullptr;
    const char** furthest = nullptr;

    reference operator*() const { return *at; }
    Cursor& operator++() {
        *furthest = ++at;
        return *this;
    }
    Cursor operator++(int) {
        Cursor old = *this;
        ++*this;
        return old;
    }
    bool operator==(const Cursor& other) const { return at == other.at; }
    bool operator!=(const Cursor& other) const { return at != other.at; }
};

std::int64_t lineAt(std::string_view text, std::size_t offset) {
    return 1 + std::count(text.begin(),
                          text.begin() + static_cast<std::ptrdiff_t>(std::min(offset, text.size())), '\n');
}

/// Follows the parse: which element of a row array it is in. Rows are the elements of the document's array,
/// or of the arrays that are members of its object.
class Follower : public json::json_sax_t {
public:
    explicit Follower(std::string_view text) : m_text(text), m_furthest(std::to_address(text.begin())) {}

    /// Stops where this element begins.
    void stopAt(std::string_view member, std::int64_t element) {
        m_stopMember = member;
        m_stopElement = element;
    }
    void run() {
        const char* const end = std::to_address(m_text.end());
        json::sax_parse(Cursor{std::to_address(m_text.begin()), &m_furthest}, Cursor{end, &m_furthest}, this);
    }
    [[nodiscard]] const std::optional<JsonPlace>& place() const { return m_place; }

    bool null() override { return value(); }
    bool boolean(bool) override { return value(); }
    bool number_integer(std::int64_t) override { return value(); }
    bool number_unsigned(std::uint64_t) override { return value(); }
    bool number_float(double, const std::string& digits) override {
        if (!value())
            return false;
        if (m_stopElement < 0 && digits.find_first_of(".eE") == std::string::npos) {
            stopHere(fmt::format("the number {} does not fit 64 bits", shown(digits)));
            return false;
        }
        return true;
    }
    bool string(std::string&) override { return value(); }
    bool binary(json::binary_t&) override { return value(); }
    bool key(std::string& name) override {
        if (m_open.size() == 1)
            m_member = name;
        return true;
    }
    bool start_object(std::size_t) override { return value() && open('{'); }
    bool start_array(std::size_t) override {
        if (!value())
            return false;
        if (m_open.empty() || m_open == "{")
            m_element = -1;
        return open('[');
    }
    bool end_object() override { return close(); }
    bool end_array() override { return close(); }
    bool parse_error(std::size_t, const std::string&, const json::exception& error) override {
        std::string what =
            error.what();  // "[json.exception.…] parse error at line 1, column 2: what we want"
        if (const auto at = what.find(": "); at != std::string::npos)
            what.erase(0, at + 2);
        stopHere(std::move(what));
        return false;
    }

private:
    [[nodiscard]] bool inRows() const { return m_open == "[" || m_open == "{["; }
    /// A value begins; false stops the parse.
    bool value() {
        if (!inRows())
            return true;
        ++m_element;
        if (m_element != m_stopElement || (m_open == "{[" && m_member != m_stopMember))
            return true;
        stopHere("");
        return false;
    }
    bool open(char kind) {
        m_open += kind;
        return true;
    }
    bool close() {
        m_open.pop_back();
        return true;
    }
    void stopHere(std::string problem) {
        const bool within = m_open.starts_with("[") || m_open.starts_with("{[");
        m_place =
            JsonPlace{lineAt(m_text, static_cast<std::size_t>(m_furthest - m_text.data())),
                      within && m_element >= 0 ? std::optional(m_element) : std::nullopt, std::move(problem)};
    }

    std::string_view m_text;
    const char* m_furthest;
    std::string m_open;  ///< The brackets we are inside of.
    std::string m_member, m_stopMember;
    std::int64_t m_element = -1, m_stopElement = -1;
    std::optional<JsonPlace> m_place;
};

}  // namespace

std::optional<JsonPlace> findJsonProblem(std::string_view text) {
    Follower follower(text);
    follower.run();
    return follower.place();
}

std::int64_t lineOfElement(std::string_view text, std::string_view member, std::int64_t element) {
    Follower follower(text);
    follower.stopAt(member, element);
    follower.run();
    return follower.place() ? follower.place()->line : 1;
}

}  // namespace hone::data
