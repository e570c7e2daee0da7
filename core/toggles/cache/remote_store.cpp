#include "core/toggles/cache/remote_store.h"

#include "core/base/ids.h"
#include "core/base/log.h"
#include "core/http/hash.h"

namespace hone::toggles::cache {
namespace {

/// Redis and Memcached expire by whole seconds.
std::chrono::seconds keptFor(const StoredAnswer& answer, Nanos now) {
    return std::chrono::ceil<std::chrono::seconds>(answer.freshFor + answer.staleFor - answer.age(now));
}

}  // namespace

RemoteStore::RemoteStore(const Clock& clock, std::string kind, std::string address, MakeLink makeLink,
                         int connections)
    : m_clock(clock),
      m_kind(std::move(kind)),
      m_address(std::move(address)),
      m_name("hone:" + randomHex(8)),
      m_makeLink(std::move(makeLink)) {
    for (int i = 0; i < connections; ++i)
        m_threads.emplace_back([this](std::stop_token stop) { run(std::move(stop)); });
}

RemoteStore::~RemoteStore() {
    for (auto& thread : m_threads)
        thread.request_stop();
    m_threads.clear();
    // Who still waits is told, so that no request hangs.
    for (auto& task : std::exchange(m_tasks, {})) {
        class Gone final : public BackendLink {
            static Failure gone() { return fail(Error::Cancelled, "the store is closed"); }
            Result<std::optional<std::string>> get(const std::string&) override { return gone(); }
            Result<bool> set(const std::string&, const std::string&, std::chrono::seconds) override {
                return gone();
            }
            Result<> erase(const std::string&) override { return gone(); }
        } link;
        task(link);
    }
}

bool RemoteStore::isUp() const {
    const auto until = m_downUntil.load(std::memory_order_relaxed);
    return until == 0 || m_clock.now().count() >= until;
}

void RemoteStore::find(std::string key, Found found) {
    auto shared = std::make_shared<Found>(std::move(found));
    Task task = [this, key = std::move(key), shared](BackendLink& link) {
        // What waited behind the one that found the server dead need not find out again.
        auto bytes = isUp() ? link.get(place(key)) : Result<std::optional<std::string>>(std::nullopt);
        if (!bytes) {
            failed(bytes.error());
            return (*shared)(std::nullopt);
        }
        if (isUp())
            worked();
        (*shared)(*bytes ? decodeAnswer(key, **bytes, m_clock) : std::nullopt);
    };
    if (!post(task))
        (*shared)(std::nullopt);
}

void RemoteStore::insert(std::string key, const Answer& answer, std::uint64_t purges) {
    if (!isUp())
        return;
    Task task = [this, place = place(key), key = std::move(key), answer, purges](BackendLink& link) {
        if (!isUp())
            return;
        const auto set =
            link.set(place, encodeAnswer(key, *answer, purges, m_clock), keptFor(*answer, m_clock.now()));
        set ? worked() : failed(set.error());
    };
    static_cast<void>(post(task));
}

void RemoteStore::erase(const std::string& key) {
    Task task = [this, place = place(key)](BackendLink& link) {
        if (!isUp())
            return;
        if (const auto erased = link.erase(place); !erased)
            failed(erased.error());
    };
    static_cast<void>(post(task));
}

void RemoteStore::forgetAll() { m_generation.fetch_add(1); }

std::string RemoteStore::trouble() const {
    const std::scoped_lock lock(m_mutex);
    return m_trouble;
}

bool RemoteStore::post(Task& task) {
    {
        const std::scoped_lock lock(m_mutex);
        if (m_tasks.size() >= kMostWaiting)
            return false;
        m_tasks.push_back(std::move(task));
    }
    m_wake.notify_one();
    return true;
}

void RemoteStore::run(std::stop_token stop) {
    const auto link = m_makeLink();
    for (;;) {
        std::unique_lock lock(m_mutex);
        if (!m_wake.wait(lock, stop, [this] { return !m_tasks.empty(); }) || stop.stop_requested())
            return;
        auto task = std::move(m_tasks.front());
        m_tasks.pop_front();
        lock.unlock();
        task(*link);
    }
}

/// Memcached keys have 250 bytes at most and no spaces: two hashes stand for ours, which is compared when the
/// answer is read.
std::string RemoteStore::place(std::string_view key) const {
    const auto first = http::xxHash64(key);
    const auto second = http::xxHash64(fmt::format("{}{}", first, key));
    return fmt::format("{}:{}:{:016x}{:016x}", m_name, m_generation.load(), first, second);
}

void RemoteStore::failed(const Error& error) {
    m_failures.fetch_add(1, std::memory_order_relaxed);
    if (error.code == Error::Cancelled)
        return;
    m_downUntil.store((m_clock.now() + kRetryAfter).count(), std::memory_order_relaxed);
    const std::scoped_lock lock(m_mutex);
    auto sentence = fmt::format("{} at {}: {}; answers come from the origin", m_kind, m_address, error.what);
    if (m_trouble.empty())
        log::warn("cache: {}", sentence);
    m_trouble = std::move(sentence);
}

void RemoteStore::worked() {
    if (m_downUntil.load(std::memory_order_relaxed) == 0)
        return;
    m_downUntil.store(0, std::memory_order_relaxed);
    const std::scoped_lock lock(m_mutex);
    m_trouble.clear();
}

}  // namespace hone::toggles::cache
