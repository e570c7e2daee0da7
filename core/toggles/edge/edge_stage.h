#pragma once

#include "core/toggles/edge/edge_state.h"
#include "core/toggles/revalidation.h"

namespace hone::toggles::edge {

/// How far a request had to go.
enum class Reach : std::uint8_t { Pop, Shield, Origin };

/// What one hook leaves for the next of the same request. Letting go of it gives up the lead.
struct Note {
    int region = 0;
    int pop = 0;
    Reach reach = Reach::Origin;
    bool isKeyed = false;      ///< For a cache, and not answered by one yet.
    bool shieldAsked = false;  ///< And it had nothing fresh.
    std::string primary, key;  ///< Without and with what Vary adds.
    std::uint64_t hash = 0;
    std::uint64_t purges = 0;  ///< How many there had been before anything was read.
    Nanos askedAt{0};
    Asked asked;
    std::string_view why = "uri-miss";  ///< The fwd parameter of Cache-Status (RFC 9211 section 2.2).
    std::string_view word = "PASS";     ///< For Server-Timing.
    Answer known;                       ///< A stale one, if there is one.
    Flights::Leadership lead;
    std::shared_ptr<Revalidation> revalidation;
};
using NotePtr = std::shared_ptr<Note>;

/// The edge on one worker. It looks its caches up in Admission, because it stands in front of everything the
/// origin does, and keeps and delays the answer in Finish, when it is as it will be sent.
class EdgeStage final : public engine::Stage {
public:
    explicit EdgeStage(std::shared_ptr<EdgeState> state) : m_state(std::move(state)) {}
    void admit(engine::Exchange& exchange) override;
    engine::Lookup lookup(engine::Exchange& exchange, engine::Resume& resume) override;
    void finish(engine::Exchange& exchange) override;

private:
    // edge_stage.cpp: before the origin
    void look(engine::Exchange& exchange, const NotePtr& note);
    void serve(engine::Exchange& exchange, Note& note, const Answer& answer, Reach reach, bool isStale);
    void refuse(engine::Exchange& exchange, Note& note);
    void goOn(engine::Exchange& exchange, const NotePtr& note);
    void landed(engine::Exchange& exchange, const Answer& answer);
    [[nodiscard]] Answer usable(Site& site, const Note& note);
    [[nodiscard]] std::string flightOf(const Note& note) const;
    [[nodiscard]] Revalidation::Renew renewer(const Note& note) const;

    // edge_stage_finish.cpp: after it
    void settle(engine::Exchange& exchange, Note& note);
    void keep(engine::Exchange& exchange, Note& note, const Answer& answer, std::string_view status);
    [[nodiscard]] Answer makeAnswer(engine::Exchange& exchange, const Note& note);
    void answerFrom(engine::Exchange& exchange, const StoredAnswer& answer, const Note& note);
    void say(http::Response& response, const Note& note, std::string_view ofShield,
             std::string_view ofPop) const;
    void delay(engine::Exchange& exchange, const Note& note);
    [[nodiscard]] NotePtr noteOf(const engine::Exchange& exchange) const {
        return std::static_pointer_cast<Note>(exchange.notes[index()]);
    }
    [[nodiscard]] std::size_t index() const { return static_cast<std::size_t>(slot); }

    const std::shared_ptr<EdgeState> m_state;
    KeyBuilder m_key{false};
};

}  // namespace hone::toggles::edge
