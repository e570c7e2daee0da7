#pragma once

#include <fmt/format.h>

#include <expected>
#include <string>
#include <string_view>

namespace hone {

/// What went wrong that a user, network, disk or file may cause: a code, what happened (with the value), what
/// to try.
///
/// A value; immutable after it was built. Errors in our own logic are HONE_ASSERT, not Error.
struct Error {
    enum Code {
        InvalidArgument,  ///< A value the user gave; CLI exit 2, HTTP 400.
        Malformed,        ///< A file or message that does not parse.
        NotFound,
        AlreadyExists,
        Unsupported,
        PermissionDenied,
        Unavailable,  ///< A server, port or peer that does not answer.
        Timeout,
        ResourceExhausted,  ///< Disk full, too many files, over a limit.
        Cancelled,
        Io,
        Internal,
    };

    Code code = Internal;
    std::string what;
    std::string hint;  ///< May be empty.

    /// One line: "what. hint".
    [[nodiscard]] std::string line() const;
};

/// Stable lower-snake name of a code, as used in JSON and problem details.
[[nodiscard]] std::string_view codeName(Error::Code code);

template <class T = void>
using Result = std::expected<T, Error>;

/// What `fail()` returns: converts to any Result<T>; `.hint()` adds what to try.
class Failure : public std::unexpected<Error> {
public:
    explicit Failure(Error error) : std::unexpected<Error>(std::move(error)) {}
    template <class... Args>
    [[nodiscard]] Failure hint(fmt::format_string<Args...> format, Args&&... args) && {
        error().hint = fmt::format(format, std::forward<Args>(args)...);
        return std::move(*this);
    }
};

/// `return fail(Error::InvalidArgument, "rate must be above 0, got {}", rate).hint("Try --rate 100.");`
template <class... Args>
[[nodiscard]] Failure fail(Error::Code code, fmt::format_string<Args...> format, Args&&... args) {
    return Failure(Error{code, fmt::format(format, std::forward<Args>(args)...), {}});
}

/// Hands on an error of another Result: `if (!x) return fail(std::move(x.error()));`
[[nodiscard]] inline Failure fail(Error error) { return Failure(std::move(error)); }

}  // namespace hone
