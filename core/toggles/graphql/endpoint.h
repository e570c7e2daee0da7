#pragma once

#include "core/toggles/graphql/documents.h"
#include "core/toggles/graphql/execution.h"
#include "core/toggles/graphql/http_request.h"

#include "core/engine/endpoint.h"

namespace hone::toggles::graphql {

/// Whether persisted queries are taken.
enum class Persisted : std::uint8_t { Off, Automatic };

struct EndpointOptions {
    Limits limits;
    bool batching = true;
    Persisted persisted = Persisted::Automatic;
};

/// What all requests did; written by any thread.
struct Totals {
    std::atomic<std::uint64_t> operations{0}, errors{0}, statements{0}, rows{0}, persistedHits{0}, refused{0};
};

/// Answers /graphql as the draft "GraphQL over HTTP" has it.
///
/// Thread: any. Owner: the toggle's State. Answers to queries by GET depend on the request and the datasets
/// alone and may be cached, if there is one dataset whose writes a cache can follow; those to POST are not.
class GraphqlEndpoint final : public engine::Endpoint {
public:
    /// `only`: the dataset, when there is one alone.
    GraphqlEndpoint(Api api, EndpointOptions options, std::size_t documents, data::Dataset* only);

    [[nodiscard]] std::string_view name() const override { return "/graphql"; }
    [[nodiscard]] data::Dataset* dataset() const override { return m_only; }
    void handle(engine::Exchange& exchange) const override;
    [[nodiscard]] const Api& api() const { return m_api; }
    [[nodiscard]] Documents& documents() const { return m_documents; }
    [[nodiscard]] const Totals& totals() const { return m_totals; }

private:
    void run(engine::Exchange& exchange, Asked asked, std::string_view media) const;
    /// False when it has been answered.
    bool persist(engine::Exchange& exchange, Asked& asked, std::string_view media) const;
    void respond(engine::Exchange& exchange, std::string_view media, const ExecutionResult& result) const;
    void refuse(engine::Exchange& exchange, std::string_view media, int status, std::vector<Problem> problems,
                std::string_view allow = {}) const;
    /// Of a well-formed request that cannot be executed: 400, or 200 for clients of the older media type.
    static int requestErrorStatus(std::string_view media) { return media == kJson ? 200 : 400; }

    const Api m_api;
    const EndpointOptions m_options;
    data::Dataset* const m_only;
    mutable Documents m_documents;
    mutable Totals m_totals;
    mutable std::mutex m_writes;
};

}  // namespace hone::toggles::graphql
