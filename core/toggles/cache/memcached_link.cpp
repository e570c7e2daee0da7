#include "core/toggles/cache/backend_link.h"

#include <libmemcached/memcached.h>

#include <algorithm>
#include <cstdlib>

namespace hone::toggles::cache {
namespace {

struct FreeHandle {
    void operator()(memcached_st* handle) const { memcached_free(handle); }
};

/// libmemcached, synchronous; it connects by itself.
class MemcachedLink final : public BackendLink {
public:
    explicit MemcachedLink(LinkOptions options) : m_options(std::move(options)) {}

    Result<std::optional<std::string>> get(const std::string& key) override {
        if (auto opened = open(); !opened)
            return fail(std::move(opened.error()));
        std::size_t length = 0;
        std::uint32_t flags = 0;
        memcached_return_t status{};
        char* value = memcached_get(m_handle.get(), key.data(), key.size(), &length, &flags, &status);
        const std::unique_ptr<char, decltype(&std::free)> owned(value, std::free);
        if (status == MEMCACHED_NOTFOUND)
            return std::nullopt;
        if (status != MEMCACHED_SUCCESS)
            return broken(status);
        return std::string(value ? value : "", length);
    }

    Result<bool> set(const std::string& key, const std::string& value,
                     std::chrono::seconds keptFor) override {
        if (auto opened = open(); !opened)
            return fail(std::move(opened.error()));
        // Beyond thirty days it would be taken for a date (memcached protocol.txt, "Expiration times").
        constexpr std::int64_t kLongest = 30L * 24 * 60 * 60;
        const auto time = static_cast<time_t>(std::clamp<std::int64_t>(keptFor.count(), 1, kLongest));
        const auto status =
            memcached_set(m_handle.get(), key.data(), key.size(), value.data(), value.size(), time, 0);
        if (status == MEMCACHED_E2BIG)
            return false;
        if (memcached_failed(status))
            return broken(status);
        return true;
    }

    Result<> erase(const std::string& key) override {
        if (auto opened = open(); !opened)
            return fail(std::move(opened.error()));
        const auto status = memcached_delete(m_handle.get(), key.data(), key.size(), 0);
        if (status != MEMCACHED_NOTFOUND && memcached_failed(status))
            return broken(status);
        return {};
    }

private:
    Result<> open() {
        if (m_handle)
            return {};
        m_handle.reset(memcached_create(nullptr));
        if (!m_handle)
            return fail(Error::ResourceExhausted, "no memory for a connection");
        const auto& address = m_options.address;
        auto* handle = m_handle.get();
        const auto command = static_cast<std::uint64_t>(m_options.timeout.count());
        memcached_behavior_set(handle, MEMCACHED_BEHAVIOR_CONNECT_TIMEOUT,
                               static_cast<std::uint64_t>(m_options.connectTimeout.count()));
        memcached_behavior_set(handle, MEMCACHED_BEHAVIOR_POLL_TIMEOUT, command);
        memcached_behavior_set(handle, MEMCACHED_BEHAVIOR_SND_TIMEOUT, command * 1000);
        memcached_behavior_set(handle, MEMCACHED_BEHAVIOR_RCV_TIMEOUT, command * 1000);
        memcached_behavior_set(handle, MEMCACHED_BEHAVIOR_TCP_NODELAY, 1);
        memcached_behavior_set(handle, MEMCACHED_BEHAVIOR_RETRY_TIMEOUT, 0);  // when is RemoteStore's affair
        const auto status = address.port == 0
                                ? memcached_server_add_unix_socket(handle, address.host.c_str())
                                : memcached_server_add(handle, address.host.c_str(), address.port);
        if (memcached_failed(status))
            return broken(status);
        return {};
    }

    /// Begins anew after an error: half an answer may still be on the old connection.
    Failure broken(memcached_return_t status) {
        const std::string says = memcached_last_error_message(m_handle.get())
                                     ? memcached_last_error_message(m_handle.get())
                                     : memcached_strerror(m_handle.get(), status);
        m_handle.reset();
        if (status == MEMCACHED_TIMEOUT)
            return fail(Error::Timeout, "no answer in time");
        return fail(Error::Unavailable, "{}", says);
    }

    const LinkOptions m_options;
    std::unique_ptr<memcached_st, FreeHandle> m_handle;
};

}  // namespace

std::unique_ptr<BackendLink> makeMemcachedLink(const LinkOptions& options) {
    return std::make_unique<MemcachedLink>(options);
}

}  // namespace hone::toggles::cache
