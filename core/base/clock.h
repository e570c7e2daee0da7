#pragma once

#include <atomic>
#include <chrono>
#include <ctime>

namespace hone {

using Nanos = std::chrono::nanoseconds;

/// Where time comes from, so that tests can move it. `now()` is monotonic since an arbitrary start;
/// `wallNow()` is what a calendar shows. Thread: any.
class Clock {
public:
    virtual ~Clock() = default;
    [[nodiscard]] virtual Nanos now() const = 0;
    [[nodiscard]] virtual std::chrono::system_clock::time_point wallNow() const = 0;
};

/// CLOCK_MONOTONIC in nanoseconds, without a virtual call: for hot paths.
[[nodiscard]] inline Nanos monotonicNow() {
    timespec t{};
    clock_gettime(CLOCK_MONOTONIC, &t);
    return Nanos(t.tv_sec * 1'000'000'000LL + t.tv_nsec);
}

/// CPU time of the calling thread (CLOCK_THREAD_CPUTIME_ID).
[[nodiscard]] inline Nanos threadCpuNow() {
    timespec t{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return Nanos(t.tv_sec * 1'000'000'000LL + t.tv_nsec);
}

class SystemClock final : public Clock {
public:
    [[nodiscard]] Nanos now() const override { return monotonicNow(); }
    [[nodiscard]] std::chrono::system_clock::time_point wallNow() const override {
        return std::chrono::system_clock::now();
    }
    /// The process-wide one; never destroyed before its users.
    static const SystemClock& instance();
};

/// A clock that stands still until a test moves it.
class FakeClock final : public Clock {
public:
    [[nodiscard]] Nanos now() const override { return Nanos(m_now.load()); }
    [[nodiscard]] std::chrono::system_clock::time_point wallNow() const override {
        return std::chrono::system_clock::time_point(
                   std::chrono::seconds(1'767'225'600)) +  // 2026-01-01T00:00:00Z
               std::chrono::duration_cast<std::chrono::system_clock::duration>(now());
    }
    void advance(Nanos by) { m_now += by.count(); }

private:
    std::atomic<long long> m_now{1'000'000'000};
};

}  // namespace hone
