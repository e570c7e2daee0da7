#pragma once

// For the tests of this folder: a cache in front of an upstream that does as it is told.

#include "core/toggles/catalogue.h"
#include "core/toggles/test_rig.h"

#include "core/http/semantics.h"

#include <functional>

namespace hone::toggles::test {

/// An upstream: `answer` sees the request as the cache sent it on.
class Origin final : public engine::Endpoint {
public:
    [[nodiscard]] std::string_view name() const override { return "upstream"; }
    [[nodiscard]] bool blocks() const override { return false; }
    [[nodiscard]] bool isAsync() const override { return true; }
    [[nodiscard]] bool relaysConditions() const override { return true; }
    void handle(engine::Exchange&) const override {}
    void begin(engine::Exchange& exchange, engine::Resume done) const override {
        ++asked;
        auto response = answer(exchange.request);
        done([response = std::move(response)](engine::Exchange& to) mutable {
            to.response = std::move(response);
            to.cacheable = to.request.method == http::Method::Get;
            to.wrote = !http::isSafe(to.request.method) && to.response.status < 400;
        });
    }

    mutable int asked = 0;
    std::function<http::Response(const http::Request&)> answer = [](const http::Request&) {
        return http::Response{.body = "origin"};
    };
};

inline http::Response answerWith(
    std::string body, std::initializer_list<std::pair<std::string_view, std::string_view>> fields = {},
    int status = 200) {
    http::Response response{.status = status, .body = std::move(body)};
    for (const auto& [name, value] : fields)
        response.fields.add(name, value);
    return response;
}

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
