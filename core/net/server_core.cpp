#include "core/net/server_core.h"

#include "core/base/assert.h"
#include "core/net/peer_limit.h"
#include "core/net/server_connection.h"

namespace hone::net {

void ServerCore::add(ServerConnection& connection) {
    connection.indexInCore = connections.size();
    connections.push_back(connection.shared_from_this());
}

void ServerCore::remove(ServerConnection& connection, const std::string& peer) {
    const std::size_t index = connection.indexInCore;
    HONE_ASSERT(index < connections.size() && connections[index].get() == &connection,
                "a connection is removed once");
    std::swap(connections[index], connections.back());
    connections[index]->indexInCore = index;
    connections.pop_back();  // the caller keeps the connection alive meanwhile
    leave(peer);
    if (stopping && connections.empty() && onEmpty)
        onEmpty();
}

void ServerCore::leave(const std::string& peer) {
    open.fetch_sub(1, std::memory_order_relaxed);
    if (peers)
        peers->give(peer);
}

}  // namespace hone::net
