#pragma once

#include "core/engine/exchange.h"

#include <atomic>
#include <memory>
#include <optional>

namespace hone::toggles::shaping {

enum class Count : std::uint8_t { Exact, Estimated, None };

/// How pages are made, and what the workers count while they do. Thread: any; the settings do not change.
struct PageWork {
    virtual ~PageWork() = default;
    Count count = Count::Exact;
    std::int64_t maxEmbedded = 10'000;
    std::atomic<std::int64_t> rowsReturned{0}, rowsAvoided{0}, pages{0}, counts{0}, rowsEmbedded{0};
};

/// A session for what a page needs besides its rows, opened when first asked for and given back at the end;
/// its statements are counted with the exchange's.
///
/// Thread: the exchange's. Owner: the handling of one request.
class SideSession {
public:
    explicit SideSession(engine::Exchange& exchange) : m_exchange(exchange) {}
    ~SideSession();
    SideSession(const SideSession&) = delete;
    SideSession& operator=(const SideSession&) = delete;

    [[nodiscard]] Result<data::Session*> get();
    [[nodiscard]] int statements() const {
        return m_session ? m_session->stats().statements - m_before.statements : 0;
    }

private:
    engine::Exchange& m_exchange;
    std::unique_ptr<data::Session> m_session;
    data::SqlStats m_before;
};

}  // namespace hone::toggles::shaping
