#pragma once

// For the tests of this folder: the edge in front of an upstream or of the API's own table.

#include "core/toggles/test_origin.h"
#include "core/toggles/test_rig.h"

namespace hone::toggles::edge {
const engine::ToggleDef& def();
}

namespace hone::toggles::test {

/// The edge with one worker; get() takes a request all the way, as the engine's worker would.
class Edge {
public:
    using Fields = std::vector<http::FieldView>;

    explicit Edge(Rig::Settings settings = {}) : rig(edge::def(), settings), stage(rig.stage()) {}

    /// Of the upstream.
    std::unique_ptr<Ask> get(std::string target, Fields fields = {}, std::string_view method = "GET") {
        return pass(std::move(target), std::move(fields), method, [this](engine::Exchange& exchange) {
            exchange.route.endpoint->begin(exchange, [&](auto fill) {
                if (fill)
                    fill(exchange);
            });
        });
    }
    /// Of the API's own table: "own", written in `revision`.
    std::unique_ptr<Ask> getOwn(std::string target, Fields fields = {}, std::string_view method = "GET") {
        return pass(
            std::move(target), std::move(fields), method,
            [this](engine::Exchange& exchange) {
                ++ownAsked;
                const bool isRead = exchange.request.method == http::Method::Get;
                exchange.cacheable = isRead;
                exchange.wrote = !isRead;
                exchange.response.body = fmt::format("own {}", revision);
            },
            true);
    }
    /// In milliseconds, from the field that clients see.
    [[nodiscard]] static double heldBack(const Ask& ask) {
        return static_cast<double>(ask.exchange.heldBack.count()) / 1e6;
    }

    Rig rig;
    std::unique_ptr<engine::Stage> stage;
    Origin origin;
    int ownAsked = 0, revision = 1;

private:
    std::unique_ptr<Ask> pass(std::string target, Fields fields, std::string_view method,
                              const std::function<void(engine::Exchange&)>& compute, bool isOwn = false) {
        fields.push_back({"Host", "api.test"});
        auto ask = std::make_unique<Ask>(std::move(target), std::move(fields), method);
        auto& exchange = ask->exchange;
        const engine::Endpoint& endpoint = isOwn ? static_cast<const engine::Endpoint&>(m_own)
                                                 : static_cast<const engine::Endpoint&>(origin);
        exchange.route.endpoint = &endpoint;
        if (!isOwn)
            exchange.route.table = nullptr;
        stage->admit(exchange);
        engine::Resume none = [](auto) { throw std::runtime_error("nobody waits here"); };
        if (!exchange.answered && stage->lookup(exchange, none) == engine::Lookup::Wait)
            throw std::runtime_error("nobody waits here");
        if (!exchange.answered)
            compute(exchange);
        stage->finish(exchange);
        if (exchange.route.endpoint != &endpoint)
            throw std::runtime_error("the route is left as it was");
        return ask;
    }

    IdleEndpoint m_own;
};

}  // namespace hone::toggles::test
