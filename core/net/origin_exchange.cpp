#include "core/net/origin_exchange.h"

#include "core/net/origin_connection.h"
#include "core/net/origin_pool.h"

namespace hone::net {

void OriginExchange::resume() {
    isPaused = false;
    if (carrier)
        carrier->readOn();
}

void OriginExchange::cancel() {
    const auto self = shared_from_this();
    m_reader.reset();
    if (queue)
        queue->forget(*this);
    if (carrier)
        carrier->abandon();
}

// The reader goes before it is called for the last time: whatever it does, nothing reaches it again.
void OriginExchange::end() {
    if (const auto reader = std::move(m_reader))
        reader->end();
}

void OriginExchange::fail(const Error& error) {
    if (const auto reader = std::move(m_reader))
        reader->failed(error);
}

}  // namespace hone::net
