#include "core/engine/toggle_def.h"
#include "core/toggles/graphql/endpoint.h"
#include "toggles/graphql/doc.h"

namespace hone::toggles::graphql {
namespace {

constexpr std::string_view kPaths[] = {"/graphql"};

const Choice kPersisted[] = {
    {.id = "automatic",
     .label = "Automatic",
     .help = "A hash stands for a query that was sent once with it."},
    {.id = "off", .label = "Off", .help = "Every request carries its query."},
};

const Param kParams[] = {
    {.id = "batching",
     .label = "Batching",
     .help = "Related rows come in one statement per relation; off, in one per row (N+1).",
     .initial = true},
    {.id = "pageSize",
     .label = "Page size",
     .help = "Rows of a list or connection that names none.",
     .unit = Unit::Count,
     .initial = 50,
     .min = 1,
     .max = 10'000},
    {.id = "maxPageSize",
     .label = "Largest page",
     .help = "A larger first, last or limit is an error of its field.",
     .unit = Unit::Count,
     .initial = 500,
     .min = 1,
     .max = 10'000},
    {.id = "maxDepth",
     .label = "Depth limit",
     .help = "How deep fields may nest; introspection has its own limit.",
     .unit = Unit::Count,
     .initial = 12,
     .min = 1,
     .max = 100},
    {.id = "maxCost",
     .label = "Cost limit",
     .help = "Objects an operation may fetch: page sizes multiplied on the way down.",
     .unit = Unit::Count,
     .initial = 100'000,
     .min = 1,
     .max = 100'000'000},
    {.id = "persisted",
     .label = "Persisted queries",
     .help = "Hashes in place of query texts, as Apollo's clients send them.",
     .initial = "automatic",
     .choices = kPersisted},
    {.id = "documents",
     .label = "Kept documents",
     .help = "Parsed documents and persisted queries that are kept; 0: each is parsed again.",
     .unit = Unit::Count,
     .initial = 1'000,
     .min = 0,
     .max = 100'000,
     .advanced = true},
    {.id = "introspection",
     .label = "Introspection",
     .help = "Whether clients may ask for the schema.",
     .initial = true,
     .advanced = true},
};

const engine::Counter kCounters[] = {
    {.id = "operations", .label = "Operations executed"},
    {.id = "fieldErrors", .label = "Errors of fields"},
    {.id = "refused", .label = "Requests refused"},
    {.id = "statements", .label = "SQL statements"},
    {.id = "rows", .label = "Rows read"},
    {.id = "parsed", .label = "Documents parsed"},
    {.id = "reused", .label = "Documents reused"},
    {.id = "persistedHits", .label = "Persisted queries found"},
};

/// No part in other requests: what it does happens at its own path.
struct Shared final : engine::State {
    Shared(Api api, EndpointOptions options, std::size_t documents, data::Dataset* dataset)
        : endpointOf(std::move(api), options, documents, dataset) {}

    std::unique_ptr<engine::Stage> makeStage() override { return std::make_unique<engine::Stage>(); }
    void readCounters(std::span<double> out) const override {
        const Totals& totals = endpointOf.totals();
        const std::atomic<std::uint64_t>* const values[] = {&totals.operations,
                                                            &totals.errors,
                                                            &totals.refused,
                                                            &totals.statements,
                                                            &totals.rows,
                                                            &endpointOf.documents().parsed,
                                                            &endpointOf.documents().reused,
                                                            &totals.persistedHits};
        for (std::size_t i = 0; i < out.size(); ++i)
            out[i] = static_cast<double>(values[i]->load(std::memory_order_relaxed));
    }
    void reset() override { endpointOf.documents().clear(); }
    [[nodiscard]] const engine::Endpoint* endpoint(std::string_view path) const override {
        return path == kPaths[0] ? &endpointOf : nullptr;
    }

    GraphqlEndpoint endpointOf;
};

Result<std::shared_ptr<engine::State>> make(const engine::ToggleContext& context) {
    const ParamSet& params = context.params;
    EndpointOptions options{
        .limits = {.maxDepth = params.integer("maxDepth"),
                   .maxCost = params.integer("maxCost"),
                   .pageSize = params.integer("pageSize"),
                   .maxPageSize = params.integer("maxPageSize"),
                   .introspection = params.flag("introspection")},
        .batching = params.flag("batching"),
        .persisted = params.text("persisted") == "off" ? Persisted::Off : Persisted::Automatic};
    if (options.limits.pageSize > options.limits.maxPageSize)
        return fail(Error::InvalidArgument, "graphql.pageSize must be at most maxPageSize ({}), got {}",
                    options.limits.maxPageSize, options.limits.pageSize)
            .hint("Raise graphql.maxPageSize too.");
    auto api = apiOf(context.datasets, {.pageSize = options.limits.pageSize});
    if (!api)
        return fail(std::move(api.error()));
    return std::make_shared<Shared>(std::move(*api), options,
                                    static_cast<std::size_t>(params.integer("documents")),
                                    context.datasets.size() == 1 ? context.datasets.front().get() : nullptr);
}

}  // namespace

const engine::ToggleDef& def() {
    static const engine::ToggleDef kDef{
        .id = "graphql",
        .number = 17,
        .title = "GraphQL",
        .summary = "One request to /graphql names exactly the fields and related rows it wants.",
        .off = "REST only: whole rows, and one request for each related row.",
        .why = "A screen of related rows is many round trips, each with columns nobody shows.",
        .moves = "requests and bytes per screen, time until a screen is complete",
        .costs =
            "Parsing and checking each new document, answers no shared cache knows (POST), and N+1 "
            "statements without batching.",
        .group = engine::Group::Data,
        .params = kParams,
        .counters = kCounters,
        .figure = {.kind = engine::Figure::Rate, .part = "operations", .label = "operations"},
        .doc = kDoc,
        .paths = kPaths,
        .needsDatasets = true,
        .make = make};
    return kDef;
}

}  // namespace hone::toggles::graphql
