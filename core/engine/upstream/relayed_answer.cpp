#include "core/engine/upstream/relayed_answer.h"

#include "core/http/semantics.h"
#include "core/http/syntax.h"

#include <fmt/format.h>

namespace hone::engine::upstream {
namespace {

class NoContent final : public http::BodySource {
public:
    State read(std::string&, std::size_t) override { return State::End; }
};

/// Our cache reads max-age; what an older server says with Expires (RFC 9111 section 5.3) means the same.
void sayFreshness(http::Fields& fields) {
    const auto expires = fields.get("Expires");
    const auto control = http::parseCacheControl(fields.joined("Cache-Control"));
    if (!expires || control.maxAge || control.sMaxAge)
        return;
    const auto until = http::parseHttpDate(*expires);
    const auto date = http::parseHttpDate(fields.get("Date").value_or(""));
    const auto from = date.value_or(std::chrono::system_clock::now());
    const auto left =
        until && *until > from ? std::chrono::floor<std::chrono::seconds>(*until - from).count() : 0;
    const auto before = fields.joined("Cache-Control");
    fields.set("Cache-Control", before.empty() ? fmt::format("max-age={}", left)
                                               : fmt::format("{}, max-age={}", before, left));
}

}  // namespace

void fill(Exchange& exchange, RelayedAnswer answer, std::string_view name) {
    const auto method = exchange.request.method;
    exchange.note(name, answer.took, std::move(answer.note));
    exchange.response = std::move(answer.response);
    const int status = exchange.response.status;
    // Whether it is kept is for the answer itself to say; see the cache's rules.
    exchange.cacheable = method == http::Method::Get;
    exchange.wrote = !http::isSafe(method) && status < 400;
    if (exchange.cacheable)
        sayFreshness(exchange.response.fields);
}

std::shared_ptr<http::BodySource> noContent() { return std::make_shared<NoContent>(); }

http::Response relayProblem(const Error& error, std::string_view upstream) {
    const int status = error.code == Error::Timeout             ? 504
                       : error.code == Error::ResourceExhausted ? 503
                                                                : 502;
    auto response = http::problem(
        status, fmt::format("the upstream {} gave no usable answer: {}", upstream, error.what), error.hint);
    response.fields.set("Cache-Control", "no-store");
    return response;
}

}  // namespace hone::engine::upstream
