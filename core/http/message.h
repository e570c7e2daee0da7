#pragma once

#include "core/base/clock.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hone::http {

enum class Method : std::uint8_t { Get, Head, Post, Put, Patch, Delete, Options, Other };

[[nodiscard]] Method methodFrom(std::string_view text);
/// GET, HEAD, OPTIONS (RFC 9110 section 9.2.1).
[[nodiscard]] bool isSafe(Method method);

/// A field line inside somebody else's buffer.
struct FieldView {
    std::string_view name;
    std::string_view value;
};

/// Field lines in order (RFC 9110 section 5); names compare without case. Owns its strings; a value type.
class Fields {
public:
    using Line = std::pair<std::string, std::string>;

    void add(std::string_view name, std::string_view value) { m_lines.emplace_back(name, value); }
    /// Replaces every line of that name by one.
    void set(std::string_view name, std::string_view value);
    void remove(std::string_view name);
    [[nodiscard]] std::optional<std::string_view> get(std::string_view name) const;  ///< The first.
    [[nodiscard]] bool has(std::string_view name) const { return get(name).has_value(); }
    /// All lines of that name joined by ", " (RFC 9110 section 5.3).
    [[nodiscard]] std::string joined(std::string_view name) const;
    [[nodiscard]] const std::vector<Line>& lines() const { return m_lines; }
    [[nodiscard]] bool empty() const { return m_lines.empty(); }
    void clear() { m_lines.clear(); }

    bool operator==(const Fields&) const = default;

private:
    std::vector<Line> m_lines;
};

/// A parsed request whose framing was already checked. Views point into the connection's buffer and stay
/// valid until the answer has been handed over.
struct Request {
    Method method = Method::Get;
    std::string_view methodText;
    std::string_view target;  ///< As received, origin form.
    std::string_view path;    ///< Still percent-encoded.
    std::string_view query;   ///< Without '?'; still encoded.
    std::span<const FieldView> fields;
    std::string_view body;
    int version = 11;                  ///< 10, 11, 20, 30.
    std::string_view scheme = "http";  ///< "https" when it came over TLS.
    std::string_view peer;             ///< Client address without port.
    std::uint64_t connection = 0;
    std::uint64_t ordinal = 0;  ///< Requests that came before it on its connection.
    bool isEarly = false;  ///< Came as TLS early data: who sent it may be replaying another's (RFC 8470).
    Nanos received{0};     ///< When the request was complete (monotonic).

    [[nodiscard]] std::optional<std::string_view> field(std::string_view name) const;
    [[nodiscard]] std::string joined(std::string_view name) const;
};

/// A complete answer in the form it goes out, shared by all who send it; immutable. What a cache keeps.
/// Build with prepare(); `fields` has no Content-Length, Date or Connection: the connection writes those.
struct Prepared {
    int status = 200;
    Fields fields;
    std::string body;
    std::string head11;  ///< HTTP/1.1 status line and field lines with Content-Length, without Date and the
                         ///< last CRLF.
};

[[nodiscard]] std::shared_ptr<const Prepared> prepare(int status, Fields fields, std::string body);

/// Content that is produced while it is sent: an upstream's answer, an event stream.
///
/// The connection pulls: it calls read() whenever it has room to send, which is the back-pressure. Thread:
/// every call on the connection's loop; what produces elsewhere posts there and then calls `onReady`.
class BodySource {
public:
    enum class State : std::uint8_t {
        More,    ///< Something was appended; ask again when it is sent.
        Later,   ///< Nothing now; onReady will be called.
        End,     ///< That was the last of it (bytes may have been appended).
        Failed,  ///< Cut short: the connection ends the message so that the client can tell.
    };
    virtual ~BodySource() = default;  ///< The connection lets go of it when the message is over or lost.
    /// Appends at most about `room` bytes.
    virtual State read(std::string& out, std::size_t room) = 0;
    /// Set by the connection before the first read().
    std::move_only_function<void()> onReady;
};

/// An answer on its way out. With `prepared`, status and body come from there and `fields` are added to its
/// fields.
struct Response {
    int status = 200;
    Fields fields;
    std::string body;
    std::shared_ptr<const Prepared> prepared;
    std::shared_ptr<BodySource> source;         ///< When set, the content comes from there; `body` is empty.
    std::optional<std::uint64_t> sourceLength;  ///< Content-Length, when known beforehand.
    bool close = false;                         ///< Ask the connection to close after this answer.

    [[nodiscard]] int finalStatus() const { return prepared ? prepared->status : status; }
    [[nodiscard]] std::string_view content() const {
        return prepared ? std::string_view(prepared->body) : body;
    }
    /// As it goes out: of `fields`, else of what was prepared.
    [[nodiscard]] std::optional<std::string_view> field(std::string_view name) const;
};

/// "OK" for 200 (RFC 9110 section 15); empty for an unknown code.
[[nodiscard]] std::string_view reason(int status);
/// Equal without regard to ASCII case.
[[nodiscard]] bool iequals(std::string_view a, std::string_view b);

}  // namespace hone::http
