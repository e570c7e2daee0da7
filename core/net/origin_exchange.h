#pragma once

#include "core/net/origin.h"

namespace hone::net {

class OriginConnection;
class OriginPool;

/// A request on its way: waiting for a turn in the pool, carried by a connection, or over.
///
/// Thread: the origin's loop. Owner: the pool or the connection, and who sent it. Invariant: the reader hears
/// at most one of end() and failed(), and nothing after it.
class OriginExchange final : public OriginCall, public std::enable_shared_from_this<OriginExchange> {
public:
    OriginExchange(OriginRequest asked, std::unique_ptr<OriginReader> taker)
        : request(std::move(asked)), m_reader(std::move(taker)) {}

    void pause() override { isPaused = true; }
    void resume() override;
    void cancel() override;

    void head(const OriginHead& head) { m_reader->head(head); }
    void body(std::string_view bytes) { m_reader->body(bytes); }
    void end();
    void fail(const Error& error);
    [[nodiscard]] bool isOver() const { return !m_reader; }

    OriginRequest request;
    OriginConnection* carrier = nullptr;  ///< While carried.
    OriginPool* queue = nullptr;          ///< While waiting.
    Nanos waitsUntil{0};
    bool isPaused = false, isRepeated = false;

private:
    std::unique_ptr<OriginReader> m_reader;
};

using ExchangePtr = std::shared_ptr<OriginExchange>;

}  // namespace hone::net
