#pragma once

#include "core/engine/stage.h"
#include "core/toggles/cache/cache_note.h"
#include "core/toggles/cache/cache_state.h"

namespace hone::toggles::cache {

/// The cache in one worker: Lookup answers, waits or lets compute (cache_stage.cpp); Store and Finish keep
/// what came and say how (cache_stage_store.cpp).
///
/// Thread: one worker's. Owner: the pipeline, which every exchange that waits keeps alive. Invariant: a hit
/// takes no note and no memory beyond its answer.
class CacheStage final : public engine::Stage {
    using Exchange = engine::Exchange;
    using Lookup = engine::Lookup;
    using NotePtr = std::shared_ptr<Note>;

public:
    explicit CacheStage(std::shared_ptr<CacheState> state)
        : m_state(std::move(state)), m_key(m_state->rules.perUser) {}
    Lookup lookup(Exchange& exchange, engine::Resume& resume) override;
    void store(Exchange& exchange) override;
    void finish(Exchange& exchange) override;

private:
    [[nodiscard]] std::size_t index() const { return static_cast<std::size_t>(slot); }
    [[nodiscard]] NotePtr noteOf(const Exchange& exchange) const;
    /// Requests that neither use nor fill the cache.
    [[nodiscard]] bool passesBy(const Exchange& exchange, const Asked& asked) const;
    static bool isRelayedBy(const Exchange& exchange);
    Lookup passBy(Exchange& exchange, std::string_view why);
    [[nodiscard]] WriteStamp stampOf(const Exchange& exchange, bool isRelayed) const;
    /// A hit takes no memory: a note is made when there is something to compute.
    Lookup lookupHere(Exchange& exchange, const Asked& asked, engine::Resume& resume);
    /// The leader asks the backend for all who want the same answer, and computes it for all when it is not
    /// there.
    Lookup lookupRemote(Exchange& exchange, const Asked& asked, engine::Resume& resume);
    /// On the loop again, with what the backend had.
    void found(Exchange& exchange, const NotePtr& note, const std::optional<KeptAnswer>& kept);
    NotePtr makeNote(const Exchange& exchange, const Asked& asked, WriteStamp stamp);
    [[nodiscard]] std::string_view whyOf(const Note& note, Use use, bool isOutdated) const;
    /// A client that refused what is kept may refuse what others get, too; a user's answer may be the user's
    /// alone; and what is never kept is worth no waiting.
    [[nodiscard]] bool mayWait(const Exchange& exchange, const Note& note) const;
    Lookup compute(Exchange& exchange, const NotePtr& note);
    [[nodiscard]] Revalidation::Renew renewer(const Note& note) const;
    /// Puts the answer into the store, unless a write or a purge came meanwhile: it may lack that, and is
    /// only for those who asked before.
    void keep(Exchange& exchange, Note& note, const Answer& answer, std::string_view status);
    void forget(const std::string& key);
    Lookup serve(Exchange& exchange, const StoredAnswer& answer, const Asked& asked, bool isStale);
    /// RFC 9111 section 5.2.1.7.
    static Lookup refuseToCompute(Exchange& exchange);
    /// Outdated by a write, or older than anything may use; then it is removed.
    bool isDead(std::uint64_t hash, std::string_view key, const Answer& known, WriteStamp stamp);
    [[nodiscard]] bool isForUser(const StoredAnswer& answer, const Asked& asked) const;
    /// Whoever asked after a write must not be handed an answer that was begun before it.
    std::string flightOf(const Note& note) const;
    /// Continues the exchange with what the leader got, when that is good for this request as well; else it
    /// computes for itself.
    Flights::Waiter waiter(engine::Resume resume);
    void landed(Exchange& exchange, const Answer& answer);
    [[nodiscard]] bool isFineOnError(const StoredAnswer& answer) const;

    std::shared_ptr<CacheState> m_state;
    KeyBuilder m_key;
    std::string m_varied;  ///< Reused.
};

}  // namespace hone::toggles::cache
