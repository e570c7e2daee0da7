// How often the admission policy has what is asked for, beside LRU, on one trace: Zipf 0.9 with scans in
// between.
// `./dev bench cache_hit_ratio`. Deterministic: no time is measured.

#include "core/caching/s3_fifo.h"

#include "core/http/hash.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <list>
#include <random>
#include <unordered_map>
#include <vector>

namespace {

constexpr unsigned kSeed = 42;
constexpr std::size_t kKeys = 100'000;
constexpr std::size_t kRequests = 2'000'000;
constexpr double kSkew = 0.9;

/// The reference: what was asked for last stays.
class Lru {
public:
    explicit Lru(std::size_t budget) : m_budget(budget) {}
    bool ask(std::uint64_t key) {
        if (const auto it = m_index.find(key); it != m_index.end()) {
            m_order.splice(m_order.begin(), m_order, it->second);
            return true;
        }
        m_order.push_front(key);
        m_index[key] = m_order.begin();
        if (m_order.size() > m_budget) {
            m_index.erase(m_order.back());
            m_order.pop_back();
        }
        return false;
    }

private:
    std::size_t m_budget;
    std::list<std::uint64_t> m_order;
    std::unordered_map<std::uint64_t, std::list<std::uint64_t>::iterator> m_index;
};

/// What the toggle uses; every answer has one byte.
class Ours {
public:
    explicit Ours(std::size_t budget) : m_answers(budget) {}
    bool ask(std::uint64_t key) {
        const std::string_view bytes(reinterpret_cast<const char*>(&key), sizeof key);
        const auto hash = hone::http::xxHash64(bytes);
        if (m_answers.find(hash, bytes))
            return true;
        m_answers.insert(hash, bytes, 0, 1);
        return false;
    }

private:
    hone::caching::S3Fifo<int> m_answers;
};

/// Popular keys drawn by Zipf; after `every` of them a scan asks for `length` keys once each, as an export
/// or a crawler does, over keys that nobody else asks for.
std::vector<std::uint64_t> makeTrace(std::size_t every, std::size_t length) {
    std::vector<double> sums(kKeys);
    double sum = 0;
    for (std::size_t i = 0; i < kKeys; ++i)
        sums[i] = sum += std::pow(static_cast<double>(i + 1), -kSkew);
    std::mt19937_64 random(kSeed);
    std::uniform_real_distribution<double> uniform(0, sum);
    std::vector<std::uint64_t> trace;
    trace.reserve(kRequests);
    std::uint64_t scanned = kKeys, drawn = 0;
    while (trace.size() < kRequests) {
        const auto at = std::ranges::lower_bound(sums, uniform(random)) - sums.begin();
        trace.push_back(static_cast<std::uint64_t>(at));
        if (every > 0 && ++drawn % every == 0)
            for (std::size_t i = 0; i < length; ++i)
                trace.push_back(scanned++);
    }
    return trace;
}

/// Of the second half: the first fills the cache.
template <class Cache>
double hitShare(const std::vector<std::uint64_t>& trace, std::size_t budget) {
    Cache cache(budget);
    std::size_t hits = 0;
    for (std::size_t i = 0; i < trace.size(); ++i)
        hits += cache.ask(trace[i]) && i >= trace.size() / 2 ? 1 : 0;
    return 100.0 * static_cast<double>(hits) / static_cast<double>(trace.size() - trace.size() / 2);
}

}  // namespace

int main() {
    struct Case {
        const char* name;
        std::size_t every, length;
    };
    fmt::print("{} keys, Zipf {}, {} requests, seed {}; hits in per cent of the second half\n\n", kKeys,
               kSkew, kRequests, kSeed);
    fmt::print("{:<34}{:>10}{:>8}{:>10}{:>10}\n", "trace", "room", "LRU", "S3-FIFO", "points");
    bool isGood = true;
    for (const Case& one : {Case{"Zipf", 0, 0}, Case{"Zipf + a scan of 5 000 in 20 000", 15'000, 5'000},
                            Case{"Zipf + a scan of 20 000 in 60 000", 40'000, 20'000}}) {
        const auto trace = makeTrace(one.every, one.length);
        for (const double share : {0.01, 0.05, 0.10}) {
            const auto budget = static_cast<std::size_t>(share * kKeys);
            const double lru = hitShare<Lru>(trace, budget), ours = hitShare<Ours>(trace, budget);
            fmt::print("{:<34}{:>9.0f}%{:>8.1f}{:>10.1f}{:>+10.1f}\n", one.name, share * 100, lru, ours,
                       ours - lru);
            isGood = isGood && (one.every == 0 ? ours > lru : ours >= lru + 5);
        }
    }
    fmt::print("\nwith scans at least 5 points above LRU: {}\n", isGood ? "yes" : "no");
    return isGood ? 0 : 1;
}
