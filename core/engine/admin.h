#pragma once

#include "core/engine/arms.h"

namespace hone::engine {

/// The admin interface under /_hone/: profile, toggles, purge, journal, metrics, health.
///
/// Thread: any. Owner: the engine it speaks for. Everything but /health needs the token and a loopback Host;
/// changes are refused when a page of another site asks (Origin), token or not.
class Admin {
public:
    Admin(Engine& engine, const Arms& arms, std::string token);
    [[nodiscard]] http::Response answer(const http::Request& request) const;
    [[nodiscard]] const std::string& token() const { return m_token; }

private:
    [[nodiscard]] std::optional<http::Response> refusal(const http::Request& request) const;
    [[nodiscard]] bool hasToken(const http::Request& request) const;
    [[nodiscard]] http::Response getProfile(Arm arm) const;
    [[nodiscard]] http::Response putProfile(Arm arm, std::string_view body) const;
    [[nodiscard]] http::Response toggles() const;
    [[nodiscard]] http::Response journal(std::optional<std::string_view> limit) const;

    Engine& m_engine;
    const Arms& m_arms;
    const std::string m_token;
};

}  // namespace hone::engine
