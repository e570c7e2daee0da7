#include "core/net/server_core.h"

#include "core/base/assert.h"
#include "core/net/server_connection.h"

namespace hone::net {

void ServerCore::add(ServerConnection& connection) {
    connection.indexInCore = connections.size();
    connections.push_back(&connection);
}

void ServerCore::remove(ServerConnection& connection) {
    const std::size_t index = connection.indexInCore;
    HONE_ASSERT(index < connections.size() && connections[index] == &connection,
                "a connection is removed once");
    connections[index] = connections.back();
    connections[index]->indexInCore = index;
    connections.pop_back();
    open.fetch_sub(1, std::memory_order_relaxed);
    if (stopping && connections.empty() && onEmpty)
        onEmpty();
}

}  // namespace hone::net
