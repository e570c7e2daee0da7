#include "core/http/semantics.h"
#include "core/toggles/encoding/coded_source.h"
#include "core/toggles/encoding/eligibility.h"
#include "core/toggles/encoding/encoding_state.h"
#include "core/toggles/encoding/negotiator.h"
#include "core/toggles/encoding/representer.h"

namespace hone::toggles::encoding {
namespace {

using coding::codingName;
using engine::Exchange;

/// A tag that named the bytes as they were is not the tag of these. The engine judges conditions against what
/// goes out, so ours stays strong and gets the coding's name, like `"abc-gzip"`; somebody else's server would
/// not know that tag, so there it names the meaning only (RFC 9110 section 8.8.3.3).
void retag(Exchange& exchange, Coding coding) {
    auto& fields = exchange.response.fields;
    const auto tag = fields.get("ETag");
    if (!tag || tag->starts_with("W/") || tag->size() < 2)
        return;
    const auto* endpoint = exchange.route.endpoint;
    const std::string text(*tag);
    fields.set("ETag", endpoint && endpoint->relaysConditions()
                           ? "W/" + text
                           : text.substr(0, text.size() - 1) + "-" + std::string(codingName(coding)) + "\"");
}

class EncodingStage final : public engine::Stage {
public:
    explicit EncodingStage(std::shared_ptr<EncodingState> state)
        : m_state(std::move(state)),
          m_representer(*m_state),
          m_negotiator(m_state->settings.codings),
          m_compressor(m_state->settings.levels) {
        if (m_state->copies)
            m_popularity.emplace(*m_state->copies, m_state->settings.storedAfter);
    }

    /// Content that is coded is decoded before an endpoint reads it. What goes to an upstream goes as it is.
    void plan(Exchange& exchange) override {
        if (exchange.request.body.empty() || !exchange.route.endpoint || exchange.route.endpoint->isAsync())
            return;
        const auto coded = exchange.request.field("Content-Encoding");
        if (!coded || http::iequals(*coded, codingName(Coding::Identity)))
            return;
        if (auto refusal = refuseUnknownCoding(exchange.request.joined("Content-Encoding"))) {
            m_state->count(Count::RequestsRefused);
            return exchange.answer(std::move(*refusal));
        }
        m_state->count(Count::RequestsDecoded);
        const auto decoding = makeDecoding(*exchange.route.endpoint, m_state->settings.requests);
        exchange.notes[static_cast<std::size_t>(slot)] =
            std::const_pointer_cast<engine::Endpoint>(decoding);  // kept until the exchange is over
        exchange.route.endpoint = decoding.get();
    }

    bool represent(Exchange& exchange) override { return m_representer.represent(exchange); }

    void encode(Exchange& exchange) override {
        auto& response = exchange.response;
        if (response.prepared || response.body.empty() || m_state->settings.codings.empty() ||
            !mayBeCoded(response))
            return;
        const auto acceptEncoding = fieldOf(exchange.request, "Accept-Encoding", m_joined);
        const auto& choice = m_negotiator.choose(acceptEncoding);
        // A write that was done is answered, whatever the client accepts.
        if (!choice.best && http::isSafe(exchange.request.method))
            return refuse(exchange);
        addToVary(response.fields, "Accept-Encoding");
        // Below minSize only for a client that takes nothing else.
        const bool isSmall = response.body.size() < m_state->settings.minSize && choice.identityIsFine;
        if (!choice.best || *choice.best == Coding::Identity || isSmall ||
            !m_compressor.compress(*choice.best, response.body, m_coded)) {
            m_state->count(Count::Skipped);
            m_state->countCoded(response.body.size(), response.body.size());
            return;
        }
        m_state->count(Count::Encoded);
        m_state->countCoded(response.body.size(), m_coded.size());
        response.body.assign(m_coded);  // keeps the roomy buffer here and the answer small
        response.body.shrink_to_fit();
        response.fields.set("Content-Encoding", codingName(*choice.best));
        retag(exchange, *choice.best);
        exchange.note("encoding", Nanos(0), std::string(codingName(*choice.best)));
    }

    void finish(Exchange& exchange) override {
        auto& response = exchange.response;
        if (response.prepared) {
            // An upstream judges conditions itself, by the tags it gave.
            const auto* endpoint = exchange.route.endpoint;
            if (m_popularity && response.prepared->status == 200 &&
                !(endpoint && endpoint->relaysConditions()))
                if (const auto& better = m_popularity->swap(response.prepared))
                    response.prepared = better;
        } else if (response.source) {
            codeWhatStreams(exchange);
        }
    }

private:
    /// Content that comes from elsewhere while it is sent is compressed as it passes.
    void codeWhatStreams(Exchange& exchange) {
        auto& response = exchange.response;
        if (m_state->settings.codings.empty() || exchange.request.method == http::Method::Head ||
            !mayBeCoded(response))
            return;
        const auto acceptEncoding = fieldOf(exchange.request, "Accept-Encoding", m_joined);
        const auto choice = m_negotiator.choose(acceptEncoding);
        addToVary(response.fields, "Accept-Encoding");
        const bool isSmall = response.sourceLength && *response.sourceLength < m_state->settings.minSize;
        if (!choice.best || *choice.best == Coding::Identity || (isSmall && choice.identityIsFine))
            return;
        m_state->count(Count::Streamed);
        response.source = std::make_shared<CodedSource>(
            std::move(response.source), coding::StreamCoder::create(*choice.best, m_state->settings.levels),
            [state = m_state](std::uint64_t in, std::uint64_t out) { state->countCoded(in, out); });
        response.sourceLength.reset();
        response.fields.remove("Accept-Ranges");  // its ranges were of other bytes
        response.fields.set("Content-Encoding", codingName(*choice.best));
        retag(exchange, *choice.best);
        exchange.note("encoding", Nanos(0), std::string(codingName(*choice.best)));
    }

    void refuse(Exchange& exchange) const {
        m_state->count(Count::NotAcceptable);
        std::string known;
        for (const Coding one : m_state->settings.codings)
            known += std::string(codingName(one)) + ", ";
        auto response = http::problem(406, "No content coding in Accept-Encoding is available",
                                      "Available: " + known + "identity.");
        addToVary(response.fields, "Accept-Encoding");
        exchange.answer(std::move(response));
    }

    std::shared_ptr<EncodingState> m_state;
    Representer m_representer;
    Negotiator m_negotiator;
    coding::Compressor m_compressor;
    std::optional<Popularity> m_popularity;
    std::string m_coded;  ///< Reused: as large as the largest body so far.
    std::string m_joined;
};

}  // namespace

std::unique_ptr<engine::Stage> EncodingState::makeStage() {
    return std::make_unique<EncodingStage>(shared_from_this());
}

}  // namespace hone::toggles::encoding
