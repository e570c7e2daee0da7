#include "core/engine/upstream/replay_endpoint.h"

#include "core/http/semantics.h"
#include "core/http/syntax.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <numeric>

namespace hone::engine::upstream {
namespace {

std::string keyOf(std::string_view method, std::string_view target) {
    return std::string(method).append(" ").append(target);
}

/// Levenshtein's distance, row by row.
std::size_t distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t(0));
    for (std::size_t i = 0; i < a.size(); ++i) {
        auto diagonal = std::exchange(row[0], i + 1);
        for (std::size_t j = 0; j < b.size(); ++j) {
            const auto changed = diagonal + (a[i] == b[j] ? 0 : 1);
            diagonal = row[j + 1];
            row[j + 1] = std::min({row[j + 1] + 1, row[j] + 1, changed});
        }
    }
    return row.back();
}

/// Long targets are compared by their beginning: what tells routes apart stands there.
constexpr std::size_t kCompared = 200;

RelayedAnswer answerOf(const RecordedExchange& exchange, bool isHead, Nanos took) {
    RelayedAnswer answer{.took = took, .note = "replayed"};
    answer.response.status = exchange.status;
    answer.response.fields = exchange.fields;
    if (!isHead) {
        answer.response.body = exchange.body;
    } else if (!http::statusHasNoContent(exchange.status)) {
        answer.response.source = noContent();
        if (exchange.method == "GET")
            answer.response.sourceLength = exchange.body.size();
    }
    return answer;
}

}  // namespace

std::vector<std::string> nearest(std::string_view text, std::span<const std::string_view> known,
                                 std::size_t count) {
    std::vector<std::pair<std::size_t, std::string_view>> ranked;
    ranked.reserve(known.size());
    for (const auto one : known)
        ranked.emplace_back(distance(text.substr(0, kCompared), one.substr(0, kCompared)), one);
    const auto shown = std::min(count, ranked.size());
    std::ranges::partial_sort(ranked, ranked.begin() + static_cast<std::ptrdiff_t>(shown));
    std::vector<std::string> out;
    for (std::size_t i = 0; i < shown; ++i)
        out.emplace_back(ranked[i].second);
    return out;
}

Result<std::unique_ptr<ReplayEndpoint>> ReplayEndpoint::create(const std::filesystem::path& file,
                                                               bool isInstant) {
    auto all = Recording::load(file);
    if (!all)
        return fail(std::move(all.error()));
    if (all->empty())
        return fail(Error::NotFound, "the recording {} holds no exchange", file.string())
            .hint("Record some traffic first: hone serve --upstream URL --record FILE.");
    std::unique_ptr<ReplayEndpoint> endpoint(new ReplayEndpoint(isInstant));
    for (auto& one : *all) {
        auto key = keyOf(one.method, one.target);
        endpoint->m_sequences[std::move(key)].exchanges.push_back(
            std::make_shared<const RecordedExchange>(std::move(one)));
    }
    return endpoint;
}

const ReplayEndpoint::Sequence* ReplayEndpoint::find(const http::Request& request) const {
    const auto target = maskedTarget(request.target);
    auto at = m_sequences.find(keyOf(request.methodText, target));
    if (at == m_sequences.end() && request.method == http::Method::Head)
        at = m_sequences.find(keyOf("GET", target));
    return at == m_sequences.end() ? nullptr : &at->second;
}

http::Response ReplayEndpoint::unknown(const http::Request& request) const {
    constexpr std::size_t kShown = 3;
    constexpr std::size_t kMostCompared = 10'000;  // a 404 must stay cheap
    std::vector<std::string_view> known;
    for (const auto& [key, sequence] : m_sequences)
        if (known.size() < kMostCompared)
            known.push_back(key);
    const auto asked = keyOf(request.methodText, maskedTarget(request.target));
    return http::problem(404, fmt::format("the recording has no {}", asked),
                         fmt::format("Nearest of {} recorded: {}.", m_sequences.size(),
                                     fmt::join(nearest(asked, known, kShown), ", ")));
}

void ReplayEndpoint::handle(Exchange& exchange) const { exchange.answer(unknown(exchange.request)); }

void ReplayEndpoint::begin(Exchange& exchange, Resume done) const {
    const auto* sequence = find(exchange.request);
    if (!sequence) {
        handle(exchange);
        return done({});
    }
    const auto turn = sequence->next.fetch_add(1, std::memory_order_relaxed) % sequence->exchanges.size();
    const bool isHead = exchange.request.method == http::Method::Head;
    const auto begun = monotonicNow();
    auto giveBack = [recorded = sequence->exchanges[turn], isHead, begun, done = std::move(done)]() mutable {
        done([answer = answerOf(*recorded, isHead, monotonicNow() - begun)](Exchange& waiting) mutable {
            fill(waiting, std::move(answer), "replay");
        });
    };
    const auto latency = sequence->exchanges[turn]->total;
    if (m_isInstant || latency <= Nanos(0))
        return giveBack();
    m_thread.door()->post([this, due = begun + latency, giveBack = std::move(giveBack)]() mutable {
        m_thread.loop().at(due, std::move(giveBack));
    });
}

}  // namespace hone::engine::upstream
