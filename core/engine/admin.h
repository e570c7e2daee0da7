#pragma once

#include "core/engine/arms.h"

namespace hone::engine {

/// The admin interface under /_hone/: profile, toggles, purge, journal, metrics, health.
///
/// Thread: any. Owner: the engine it speaks for. Everything but /health needs the token and a loopback Host.
/// A page of another site (Origin) is refused whatever it asks and whatever token it has; CORS never opens
/// this.
class Admin {
public:
    Admin(Engine& engine, const Arms& arms, std::string token);
    [[nodiscard]] http::Response answer(const http::Request& request) const;
    [[nodiscard]] const std::string& token() const { return m_token; }

private:
    /// No parameter twice: the first counts.
    using Parameters = std::vector<std::pair<std::string, std::string>>;

    [[nodiscard]] static std::optional<http::Response> originRefusal(const http::Request& request);
    [[nodiscard]] std::optional<http::Response> refusal(const http::Request& request) const;
    [[nodiscard]] bool hasToken(const http::Request& request) const;
    [[nodiscard]] http::Response getProfile(Arm arm) const;
    [[nodiscard]] http::Response putProfile(Arm arm, std::string_view body) const;
    [[nodiscard]] http::Response toggles() const;
    [[nodiscard]] http::Response purge(const Parameters& parameters) const;
    [[nodiscard]] http::Response journal(const Parameters& parameters) const;

    Engine& m_engine;
    const Arms& m_arms;
    const std::string m_token;
};

}  // namespace hone::engine
