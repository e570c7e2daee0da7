#pragma once

// For the tests of toggles: an upstream that does as it is told.

#include "core/engine/endpoint.h"
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

}  // namespace hone::toggles::test
