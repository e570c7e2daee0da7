#include "core/toggles/encoding/decoded_request.h"

#include "core/coding/codec.h"
#include "core/http/semantics.h"
#include "core/http/syntax.h"

#include <fmt/format.h>

#include <algorithm>

namespace hone::toggles::encoding {
namespace {

constexpr std::string_view kAccepted = "gzip, br, zstd";
/// Below this the ratio says nothing: a page of blanks is no attack.
constexpr std::size_t kFreeBytes = std::size_t{64} * 1024;

class DecodingEndpoint final : public engine::Endpoint {
public:
    DecodingEndpoint(const engine::Endpoint& inner, RequestLimits limits)
        : m_inner(inner), m_limits(limits) {}

    [[nodiscard]] std::string_view name() const override { return m_inner.name(); }
    [[nodiscard]] bool blocks() const override { return true; }
    [[nodiscard]] bool isList() const override { return m_inner.isList(); }
    [[nodiscard]] bool writes() const override { return m_inner.writes(); }
    void stop() const override {}

    void handle(engine::Exchange& exchange) const override {
        const auto& coded = exchange.request;
        const std::size_t byRatio = std::max(kFreeBytes, coded.body.size() * m_limits.ratio);
        const auto text = coding::decodeContent(coded.joined("Content-Encoding"), coded.body,
                                                std::min(m_limits.bytes, byRatio));
        if (!text)
            return exchange.answer(refusal(text.error(), byRatio));
        std::vector<http::FieldView> fields;
        for (const auto& line : coded.fields)
            if (!http::iequals(line.name, "Content-Encoding") && !http::iequals(line.name, "Content-Length"))
                fields.push_back(line);
        http::Request plain = coded;
        plain.fields = fields;
        plain.body = *text;
        engine::Exchange inside(plain);
        inside.route = exchange.route;
        inside.route.endpoint = &m_inner;
        inside.arm = exchange.arm;
        inside.query = std::move(exchange.query);
        inside.access = exchange.access;
        inside.post = exchange.post;
        m_inner.handle(inside);
        takeOver(exchange, std::move(inside));
    }

private:
    /// What Handle may change. The request of `inside` ends here, so nothing of it may point there.
    static void takeOver(engine::Exchange& exchange, engine::Exchange&& inside) {
        exchange.query = std::move(inside.query);
        exchange.payload = std::move(inside.payload);
        exchange.response = std::move(inside.response);
        exchange.answered = inside.answered;
        exchange.cacheable = inside.cacheable;
        exchange.wrote = inside.wrote;
        exchange.sql = inside.sql;
        for (int i = 0; i < inside.timingCount; ++i) {
            auto& timing = inside.timings[static_cast<std::size_t>(i)];
            exchange.note(timing.name, timing.duration, std::move(timing.note));
        }
    }

    [[nodiscard]] http::Response refusal(const Error& error, std::size_t byRatio) const {
        if (error.code != Error::ResourceExhausted)
            return http::problem(400, "the content cannot be decoded: " + error.what,
                                 "Send it again, or without Content-Encoding.");
        if (m_limits.bytes <= byRatio)
            return http::problem(
                413, fmt::format("the content is more than {} bytes when decoded", m_limits.bytes),
                "Send less at once, or raise encoding.requestLimit.");
        return http::problem(400,
                             fmt::format("the content grows more than {} times when decoded", m_limits.ratio),
                             "Send it without Content-Encoding, or raise encoding.requestRatio.");
    }

    const engine::Endpoint& m_inner;
    const RequestLimits m_limits;
};

}  // namespace

std::shared_ptr<const engine::Endpoint> makeDecoding(const engine::Endpoint& inner, RequestLimits limits) {
    return std::make_shared<DecodingEndpoint>(inner, limits);
}

std::optional<http::Response> refuseUnknownCoding(std::string_view contentEncoding) {
    std::string_view member;
    while (http::nextMember(contentEncoding, member))
        if (!coding::codingFrom(member)) {
            auto response =
                http::problem(415, fmt::format("the content is coded as \"{}\", which is not known", member),
                              fmt::format("Known: {}, identity.", kAccepted));
            response.fields.set("Accept-Encoding", kAccepted);
            return response;
        }
    return std::nullopt;
}

}  // namespace hone::toggles::encoding
