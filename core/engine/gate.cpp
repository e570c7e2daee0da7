#include "core/engine/gate.h"

#include "core/base/assert.h"
#include "core/base/log.h"
#include "core/engine/endpoint.h"
#include "core/engine/json_representation.h"
#include "core/http/semantics.h"

namespace hone::engine::gate {
namespace {

void checkAnswer([[maybe_unused]] const Exchange& exchange) {
    [[maybe_unused]] const int status = exchange.response.finalStatus();
    HONE_ASSERT(status >= 200 && status < 600, "an answer has a final status");
}

void broke(Exchange& exchange, std::string_view who, const char* what, bool mayAnswer) {
    log::error("{} failed on {} {}: {}", who, exchange.request.methodText, exchange.request.target, what);
    if (!mayAnswer)
        return;
    exchange.cacheable = false;
    exchange.answer(http::problem(500, fmt::format("{} failed", who), "The log of the server says more."));
}

/// Calls something of `who`; after it, an answered exchange is a complete one.
template <class Call>
void guarded(Exchange& exchange, std::string_view who, bool mayAnswer, Call&& call) {
    try {
        call();
    } catch (const std::exception& error) {
        broke(exchange, who, error.what(), mayAnswer);
    } catch (...) {
        broke(exchange, who, "an exception of unknown type", mayAnswer);
    }
    if (exchange.answered)
        checkAnswer(exchange);
}

/// One hook. `since` is when the hook before it ended: one reading of the clock a hook.
template <class Call>
void pass(Hook& hook, Exchange& exchange, Nanos& since, bool mayAnswer, Call&& call) {
    HONE_ASSERT(!mayAnswer || !exchange.answered, "a stage is not asked once another has answered");
    const bool wasAnswered = exchange.answered;
    guarded(exchange, hook.id, mayAnswer, [&] { call(hook.stage); });
    if (mayAnswer && !wasAnswered && exchange.answered)
        exchange.answeredBy = hook.id;
    const Nanos now = monotonicNow();
    exchange.note(hook.id, now - since);
    hook.calls.add(1);
    hook.nanos.add(static_cast<std::uint64_t>((now - since).count()));
    since = now;
}

/// Every hook of a phase until one answers.
template <class Call>
void untilAnswered(const StageSet& stages, Phase phase, Exchange& exchange, Call&& call) {
    const auto hooks = stages.hooks(phase);
    if (hooks.empty())
        return;
    Nanos since = monotonicNow();
    for (const auto& hook : hooks) {
        if (exchange.answered)
            return;
        pass(*hook, exchange, since, true, call);
    }
}

/// Every hook of a phase that works on the complete answer and may not replace it.
template <class Call>
void onAnswer(const StageSet& stages, Phase phase, Exchange& exchange, Call&& call) {
    const auto hooks = stages.hooks(phase);
    if (hooks.empty())
        return;
    Nanos since = monotonicNow();
    for (const auto& hook : hooks)
        pass(*hook, exchange, since, false, call);
}

}  // namespace

void admit(const StageSet& stages, Exchange& exchange) {
    untilAnswered(stages, Phase::Admission, exchange, [&](Stage& stage) { stage.admit(exchange); });
}

std::optional<std::size_t> lookup(const StageSet& stages, Exchange& exchange, Resume& resume,
                                  std::size_t from) {
    const auto hooks = stages.hooks(Phase::Lookup);
    if (hooks.empty())
        return std::nullopt;
    Nanos since = monotonicNow();
    for (std::size_t i = from; i < hooks.size() && !exchange.answered; ++i) {
        bool waits = false;
        pass(*hooks[i], exchange, since, true,
             [&](Stage& stage) { waits = stage.lookup(exchange, resume) == Lookup::Wait; });
        HONE_ASSERT(!waits || !exchange.answered, "who waits has no answer yet");
        if (waits)
            return i;
    }
    return std::nullopt;
}

void resume(const StageSet& stages, Exchange& exchange, std::size_t hook,
            std::move_only_function<void(Exchange&)> before) {
    if (!before)
        return;
    Nanos since = monotonicNow();
    pass(*stages.hooks(Phase::Lookup)[hook], exchange, since, true, [&](Stage&) { before(exchange); });
}

void plan(const StageSet& stages, Exchange& exchange) {
    untilAnswered(stages, Phase::Plan, exchange, [&](Stage& stage) { stage.plan(exchange); });
}

void handle(Exchange& exchange) {
    guarded(exchange, exchange.route.endpoint->name(), true,
            [&] { exchange.route.endpoint->handle(exchange); });
}

void fill(Exchange& exchange, std::move_only_function<void(Exchange&)> answer) {
    if (answer)
        guarded(exchange, exchange.route.endpoint->name(), true, [&] { answer(exchange); });
}

void represent(const StageSet& stages, Exchange& exchange) {
    if (exchange.payload.kind == Payload::None)
        return;
    bool done = false;
    const auto hooks = stages.hooks(Phase::Represent);
    Nanos since = monotonicNow();
    for (const auto& hook : hooks) {
        if (done || exchange.answered)
            return;
        pass(*hook, exchange, since, true, [&](Stage& stage) { done = stage.represent(exchange); });
    }
    if (done || exchange.answered)
        return;
    guarded(exchange, "json", true, [&] { representAsJson(exchange); });
    exchange.note("json", monotonicNow() - since);
}

void encode(const StageSet& stages, Exchange& exchange) {
    if (exchange.response.source)  // no stage can change what is not there yet
        return;
    untilAnswered(stages, Phase::Encode, exchange, [&](Stage& stage) { stage.encode(exchange); });
}

void store(const StageSet& stages, Exchange& exchange) {
    checkAnswer(exchange);
    if (exchange.response.source)  // it is read once, by the connection
        return;
    onAnswer(stages, Phase::Store, exchange, [&](Stage& stage) { stage.store(exchange); });
}

void finish(const StageSet& stages, Exchange& exchange) {
    [[maybe_unused]] const int status = exchange.response.finalStatus();
    onAnswer(stages, Phase::Finish, exchange, [&](Stage& stage) { stage.finish(exchange); });
    checkAnswer(exchange);
}

}  // namespace hone::engine::gate
