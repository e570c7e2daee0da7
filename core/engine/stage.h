#pragma once

#include "core/engine/exchange.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace hone::engine {

class Endpoint;
struct Connections;

/// What Lookup says: go on, or somebody else is computing this answer and will call `resume`.
enum class Lookup : std::uint8_t { Continue, Wait };

/// Continues a waiting exchange on its own loop; call exactly once, from any thread. Before it is called, the
/// stage may have answered the exchange (`ex.answer(…)`, inside `before`) or left it to be computed.
using Resume = std::move_only_function<void(std::move_only_function<void(Exchange&)> before)>;

/// One toggle's part in one worker: hooks that default to nothing, called in the order of phases.h by the
/// gate, which times and counts them. Only the phases named in ToggleDef::phases are called.
///
/// Thread: one worker's (a loop or a pool thread; each has its own Stage). What workers share is in the
/// toggle's State.
class Stage {
public:
    virtual ~Stage() = default;
    virtual void admit(Exchange&) {}
    virtual Lookup lookup(Exchange&, Resume&) {
        return Lookup::Continue;
    }  ///< Takes `resume` only when it returns Wait.
    virtual void plan(Exchange&) {}
    /// Turns payload into response body and Content-Type; true when it did (the default is pretty JSON).
    virtual bool represent(Exchange&) { return false; }
    virtual void encode(Exchange&) {}
    virtual void store(Exchange&) {}
    virtual void finish(Exchange&) {}

    /// Which of Exchange::notes is this stage's own; the same in every worker. Set by the pipeline before any
    /// hook.
    int slot = 0;
};

/// What to forget; members that are empty restrict nothing.
struct Purge {
    std::string_view
        url;  ///< A target ("/api/cities/7?fields=name"), or with a last * everything that begins so.
    std::string_view tag;  ///< A surrogate key; every answer of a table has the table's name.
};

/// What a toggle shares between workers; one per pipeline (so each arm has its own caches). Thread: any.
class State {
public:
    virtual ~State() = default;
    [[nodiscard]] virtual std::unique_ptr<Stage> makeStage() = 0;
    /// Values for ToggleDef::counters, in that order. Totals since the pipeline was made, or levels.
    virtual void readCounters(std::span<double> out) const = 0;
    /// Forgets what was learned (caches, buckets); for cold starts of a run.
    virtual void reset() {}
    /// Forgets the kept answers that match; how many they were. Toggles that keep none have nothing to do.
    virtual std::uint64_t purge(const Purge&) { return 0; }
    /// What answers one of ToggleDef::paths while the toggle is on; lives as long as the state. Null: nothing
    /// is there, a 404.
    [[nodiscard]] virtual const Endpoint* endpoint(std::string_view path) const {
        static_cast<void>(path);
        return nullptr;
    }
    /// What connections may do while the toggle is on; for ToggleDef::governsConnections.
    virtual void govern(Connections&) {}
    /// What keeps the toggle from its work though it is on, in a sentence ("redis at 127.0.0.1:6379 refuses
    /// the connection; answers come from the origin"); shown at its switch. Empty: all is well.
    [[nodiscard]] virtual std::string trouble() const { return {}; }
};

}  // namespace hone::engine
