#pragma once

#include "core/engine/endpoint.h"

#include <atomic>

namespace hone::toggles::advanced {

/// Whether Accept names the columnar type and likes nothing better (RFC 9110 section 12.5.1). `*/*` does not
/// name it: who does not know it gets JSON.
[[nodiscard]] bool wantsColumnar(const http::Request& request);

struct ColumnarTotals {
    std::atomic<std::uint64_t> answers{0}, bytes{0};
};

/// A list endpoint that writes its rows as columns. It stands in for the endpoint between Plan and Handle, so
/// that whoever represents payloads finds none and the content it would have written.
///
/// Thread: the exchange's. Owner: the stage's note in the exchange; puts the original back as it runs.
class ColumnarEndpoint final : public engine::Endpoint {
public:
    ColumnarEndpoint(const engine::Endpoint& inner, ColumnarTotals& totals)
        : m_inner(inner), m_totals(totals) {}
    [[nodiscard]] std::string_view name() const override { return m_inner.name(); }
    [[nodiscard]] bool blocks() const override { return m_inner.blocks(); }
    [[nodiscard]] bool isList() const override { return true; }
    void handle(engine::Exchange& exchange) const override;

private:
    const engine::Endpoint& m_inner;
    ColumnarTotals& m_totals;
};

}  // namespace hone::toggles::advanced
