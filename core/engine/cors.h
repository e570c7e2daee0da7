#pragma once

#include "core/base/error.h"
#include "core/http/message.h"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hone::engine {

/// Which pages of other origins may read what this server answers (Fetch, "CORS protocol"). Off without an
/// origin. Credentials are never offered: nothing of the API depends on a cookie. The admin interface is not
/// part of it.
///
/// Thread: any; immutable. Owner: the engine.
class Cors {
public:
    /// InvalidArgument for what is neither "*" nor an origin like https://app.example:8443.
    static Result<> check(std::span<const std::string> origins);
    /// Of origins that passed check().
    explicit Cors(std::span<const std::string> origins);

    [[nodiscard]] bool isOn() const { return m_isAny || !m_origins.empty(); }
    /// An OPTIONS that a browser sends before the request of a page.
    [[nodiscard]] static bool isPreflight(const http::Request& request);
    /// 204 with what is allowed, or 403 for a page of another origin.
    [[nodiscard]] http::Response preflight(const http::Request& request) const;
    /// The fields of an answer to a request with this Origin, if it has one.
    void addTo(http::Response& response, std::optional<std::string_view> origin) const;

private:
    [[nodiscard]] bool allows(std::string_view origin) const;

    std::vector<std::string> m_origins;  ///< In lower case, as browsers send them.
    bool m_isAny = false;
};

}  // namespace hone::engine
