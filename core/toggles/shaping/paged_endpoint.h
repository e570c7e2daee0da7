#pragma once

#include "core/engine/endpoint.h"
#include "core/toggles/shaping/list_request.h"
#include "core/toggles/shaping/page_work.h"

#include <nlohmann/json_fwd.hpp>

namespace hone::toggles::shaping {

/// Changes the query to what was asked for, and one row more, which tells whether there is a next page.
void askForPage(data::Query& query, const ListRequest& request, const data::Table& table);

/// The list endpoint with the work of a page around it: cuts the row too many, counts, links, embeds. It
/// stands in for the endpoint between Plan and Handle because that work must be done where SQL may block,
/// before anything is represented.
///
/// Thread: the exchange's. Owner: the stage's slot in the exchange; puts the original back as it runs.
class PageEndpoint final : public engine::Endpoint {
public:
    PageEndpoint(const engine::Endpoint& inner, ListRequest request, CursorKey key,
                 std::shared_ptr<PageWork> work)
        : m_inner(inner), m_request(std::move(request)), m_key(key), m_work(std::move(work)) {}
    [[nodiscard]] std::string_view name() const override { return m_inner.name(); }
    [[nodiscard]] bool blocks() const override { return m_inner.blocks(); }
    [[nodiscard]] bool isList() const override { return true; }
    void handle(engine::Exchange& exchange) const override;

private:
    /// The rows of the whole list, before the page is read; moves a page beyond the last to the last.
    Result<std::int64_t> clampPage(engine::Exchange& exchange, SideSession& side) const;
    Result<> finishPage(engine::Exchange& exchange, SideSession& side,
                        std::optional<std::int64_t> total) const;
    Result<> linkCursors(const engine::Exchange& exchange, PagePosition& position) const;
    Result<> countRows(engine::Exchange& exchange, SideSession& side, PagePosition& position) const;
    Result<std::int64_t> countOf(engine::Exchange& exchange, SideSession& side, const data::Query& query,
                                 Count how) const;
    Result<> shape(engine::Exchange& exchange, SideSession& side, const PagePosition& position) const;
    void record(const engine::Exchange& exchange) const;

    const engine::Endpoint& m_inner;
    ListRequest m_request;
    CursorKey m_key;
    std::shared_ptr<PageWork> m_work;
};

/// An item endpoint whose row keeps only some fields and embeds related rows. Thread, owner: as PageEndpoint.
class ItemEndpoint final : public engine::Endpoint {
public:
    ItemEndpoint(const engine::Endpoint& inner, Selection selection, std::shared_ptr<PageWork> work)
        : m_inner(inner), m_selection(std::move(selection)), m_work(std::move(work)) {}
    [[nodiscard]] std::string_view name() const override { return m_inner.name(); }
    [[nodiscard]] bool blocks() const override { return m_inner.blocks(); }
    void handle(engine::Exchange& exchange) const override;

private:
    const engine::Endpoint& m_inner;
    Selection m_selection;
    std::shared_ptr<PageWork> m_work;
};

}  // namespace hone::toggles::shaping
