#pragma once

#include "core/engine/endpoint.h"
#include "core/toggles/shaping/list_request.h"
#include "core/toggles/shaping/page_links.h"

#include <atomic>
#include <memory>

namespace hone::toggles::shaping {

/// What the workers count. Thread: any.
struct PageTotals {
    virtual ~PageTotals() = default;
    bool countsExactly = true;
    std::atomic<std::int64_t> rowsReturned{0}, rowsAvoided{0}, pages{0}, counts{0};
};

/// Changes the query to what was asked for, and one row more, which tells whether there is a next page.
void askForPage(data::Query& query, const ListRequest& request, const data::Table& table);

/// The list endpoint with the work of a page around it: cuts the row too many, counts, links. It stands in
/// for the endpoint between Plan and Handle because that work must be done where SQL may block, before
/// anything is represented.
///
/// Thread: the exchange's. Owner: the stage's slot in the exchange; puts the original back as it runs.
class PageEndpoint final : public engine::Endpoint {
public:
    PageEndpoint(const engine::Endpoint& inner, ListRequest request, std::shared_ptr<PageTotals> totals)
        : m_inner(inner), m_request(std::move(request)), m_totals(std::move(totals)) {}
    [[nodiscard]] std::string_view name() const override { return m_inner.name(); }
    [[nodiscard]] bool blocks() const override { return m_inner.blocks(); }
    [[nodiscard]] bool isList() const override { return true; }
    void handle(engine::Exchange& exchange) const override;

private:
    Result<> finishPage(engine::Exchange& exchange) const;
    Result<std::int64_t> totalOf(engine::Exchange& exchange, const PagePosition& position) const;
    void count(const engine::Exchange& exchange) const;

    const engine::Endpoint& m_inner;
    ListRequest m_request;
    std::shared_ptr<PageTotals> m_totals;
};

/// An item endpoint whose row keeps only some fields. Thread, owner: as PageEndpoint.
class ItemEndpoint final : public engine::Endpoint {
public:
    ItemEndpoint(const engine::Endpoint& inner, std::vector<std::string> fields)
        : m_inner(inner), m_fields(std::move(fields)) {}
    [[nodiscard]] std::string_view name() const override { return m_inner.name(); }
    [[nodiscard]] bool blocks() const override { return m_inner.blocks(); }
    void handle(engine::Exchange& exchange) const override;

private:
    const engine::Endpoint& m_inner;
    std::vector<std::string> m_fields;
};

}  // namespace hone::toggles::shaping
