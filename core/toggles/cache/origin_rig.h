#pragma once

// For the tests of this folder: a cache in front of an upstream that does as it is told.

#include "core/toggles/catalogue.h"
#include "core/toggles/test_origin.h"
#include "core/toggles/test_rig.h"

namespace hone::toggles::test {

/// The cache with one worker; get() takes a request all the way, as the engine's worker would.
class Proxy {
public:
    using Fields = std::vector<http::FieldView>;

    explicit Proxy(Rig::Settings settings = {}) : rig(*find("cache"), settings), stage(rig.stage()) {}

    std::unique_ptr<Ask> get(std::string target, Fields fields = {}, std::string_view method = "GET") {
        fields.push_back({"Host", "api.test"});
        auto ask = std::make_unique<Ask>(std::move(target), std::move(fields), method);
        auto& exchange = ask->exchange;
        exchange.route.endpoint = &origin;
        exchange.route.table = nullptr;
        engine::Resume none = [](auto) { throw std::runtime_error("nobody waits here"); };
        if (stage->lookup(exchange, none) == engine::Lookup::Wait)
            throw std::runtime_error("nobody waits here");
        if (!exchange.answered) {
            exchange.route.endpoint->begin(exchange, [&](auto fill) {
                if (fill)
                    fill(exchange);
            });
            stage->store(exchange);
        }
        stage->finish(exchange);
        if (exchange.route.endpoint != &origin)
            throw std::runtime_error("the route is left as it was");
        return ask;
    }

    Rig rig;
    std::unique_ptr<engine::Stage> stage;
    Origin origin;
};

}  // namespace hone::toggles::test
