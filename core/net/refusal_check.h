#pragma once

#include "core/net/raw_client.h"
#include "core/net/server.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <atomic>
#include <string>
#include <string_view>

namespace hone::net::testing {

/// What is wrong with how `request` is refused; empty when it never reaches a handler, is answered by
/// `status` as a problem, and the connection ends.
inline std::string faultOfRefusal(std::string_view request, int status, const ServerOptions& options = {}) {
    std::atomic<bool> handled{false};
    const auto server = serve(
        [&](const http::Request& r, Responder respond) {
            handled = true;
            echo(r, std::move(respond));
        },
        options);
    RawClient client(server->port());
    const auto answer = client.ask(request);
    if (answer.status != status)
        return fmt::format("answered {} instead of {}", answer.status, status);
    if (handled)
        return "a handler saw it";
    if (!answer.has("Connection: close") || !answer.has("Content-Type: application/problem+json"))
        return "the answer is no closing problem: " + answer.head;
    const auto problem = nlohmann::json::parse(answer.body, nullptr, false);
    if (problem.value("status", 0) != status || problem.value("detail", "").empty())
        return "the problem does not say why: " + answer.body;
    if (!client.ended())
        return "the connection goes on";
    const ServerCounters counters = server->counters();
    return counters.malformed == 1 && counters.requests == 0 ? "" : "it was counted wrong";
}

}  // namespace hone::net::testing
