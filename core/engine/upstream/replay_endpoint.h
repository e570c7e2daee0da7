#pragma once

#include "core/engine/upstream/loop_thread.h"
#include "core/engine/upstream/recording.h"
#include "core/engine/upstream/relayed_answer.h"

#include <atomic>
#include <unordered_map>

namespace hone::engine::upstream {

/// Answers from a recording, without any upstream, after the latency each exchange had.
///
/// Exchanges with one method and target are answered in the order they were recorded, over and over; HEAD may
/// be answered from a GET. Thread: begin() on any loop; waiting is a timer on a loop of our own. Owner: the
/// router. Invariant: the recording is never written to.
class ReplayEndpoint final : public Endpoint {
public:
    /// Errors: as Recording::load(), and NotFound for a recording without exchanges.
    static Result<std::unique_ptr<ReplayEndpoint>> create(const std::filesystem::path& file, bool isInstant);
    ~ReplayEndpoint() override { m_thread.stop(); }

    [[nodiscard]] std::string_view name() const override { return "replay"; }
    [[nodiscard]] bool blocks() const override { return false; }
    [[nodiscard]] bool isAsync() const override { return true; }
    /// As the upstream did, and not again: a recorded 304 or 206 is the answer.
    [[nodiscard]] bool relaysConditions() const override { return true; }
    void stop() const override { m_thread.stop(); }
    [[nodiscard]] Nanos cpuTime() const override { return m_thread.cpuTime(); }
    void handle(Exchange& exchange) const override;
    void begin(Exchange& exchange, Resume done) const override;

private:
    struct Sequence {
        std::vector<std::shared_ptr<const RecordedExchange>> exchanges;
        mutable std::atomic<std::size_t> next{0};
    };

    explicit ReplayEndpoint(bool isInstant) : m_isInstant(isInstant), m_thread("replay") {}
    [[nodiscard]] const Sequence* find(const http::Request& request) const;
    [[nodiscard]] http::Response unknown(const http::Request& request) const;

    const bool m_isInstant;
    std::unordered_map<std::string, Sequence> m_sequences;  ///< By "GET /path?query".
    mutable LoopThread m_thread;
};

/// The (at most `count`) texts of `known` that differ least from `text`, the nearest first.
[[nodiscard]] std::vector<std::string> nearest(std::string_view text, std::span<const std::string_view> known,
                                               std::size_t count);

}  // namespace hone::engine::upstream
