// Plan to Encode: on the loop, on a pool thread, or begun here and ended elsewhere.

#include "core/engine/gate.h"
#include "core/engine/worker_frame.h"

namespace hone::engine {

void Worker::planAndHandle(Frame& frame) {
    auto& exchange = *frame.exchange;
    if (exchange.route.table)
        exchange.query.table = exchange.route.table->name;
    gate::plan(frame.lane->stages, exchange);
    if (exchange.answered)
        return finish(frame);
    if (exchange.route.endpoint->isAsync())
        return handleElsewhere(frame);
    if (!m_core->pool || !exchange.route.endpoint->blocks()) {
        work(*m_core, frame, m_index);
        return storeAndFinish(frame);
    }
    m_core->pool->post([self = shared_from_this(), &frame](int thread) {
        work(*self->m_core, frame, self->m_core->loops + thread);
        // Dropped when the loop has ended; the frame then goes with the worker, unanswered as its connection
        // is gone.
        self->m_post([worker = self.get(), &frame] { worker->storeAndFinish(frame); });
    });
}

/// On the loop or on a pool thread, with the stages of that worker.
void Worker::work(EngineCore& core, Frame& frame, int worker) {
    if (frame.exchange->route.endpoint->writes())
        write(core, frame, worker);
    else
        gate::handle(*frame.exchange);
    representAndEncode(frame, worker);
}

void Worker::write(EngineCore& core, Frame& frame, int worker) {
    auto& exchange = *frame.exchange;
    auto& dataset = *exchange.route.dataset;
    const auto& table = *exchange.route.table;
    const auto oneAtATime = core.writes.lock(dataset);
    if (frame.conditions)
        if (auto refusal =
                judgeWrite(exchange, *frame.conditions, core.router, frame.lane->pipeline->stages(worker),
                           core.writes.modified(dataset, table)))
            return exchange.answer(std::move(*refusal));
    gate::handle(exchange);
    if (exchange.wrote)
        core.writes.wrote(dataset, table);
}

/// Weak, as in makeResume(): the endpoint's threads may outlive this loop.
void Worker::handleElsewhere(Frame& frame) {
    auto& exchange = *frame.exchange;
    exchange.route.endpoint->begin(
        exchange, [weak = weak_from_this(), &frame](std::move_only_function<void(Exchange&)> fill) {
            const auto worker = weak.lock();
            if (!worker)
                return;
            frame.before = std::move(fill);
            worker->m_post([self = worker.get(), &frame] { self->handled(frame); });
        });
}

void Worker::handled(Frame& frame) {
    auto& exchange = *frame.exchange;
    gate::fill(exchange, std::exchange(frame.before, {}));
    // Only compressing is worth another thread: nothing else is left to do with what came from elsewhere.
    const bool isHeavy = !exchange.response.body.empty() && !frame.lane->stages.hooks(Phase::Encode).empty();
    if (!m_core->pool || exchange.answered || !isHeavy) {
        representAndEncode(frame, m_index);
        return storeAndFinish(frame);
    }
    m_core->pool->post([self = shared_from_this(), &frame](int thread) {
        representAndEncode(frame, self->m_core->loops + thread);
        self->m_post([worker = self.get(), &frame] { worker->storeAndFinish(frame); });
    });
}

void Worker::representAndEncode(Frame& frame, int worker) {
    auto& exchange = *frame.exchange;
    const auto& stages = frame.lane->pipeline->stages(worker);
    frame.isForStore = true;
    if (exchange.answered)
        return;
    gate::represent(stages, exchange);
    if (!exchange.answered)
        gate::encode(stages, exchange);
    frame.isForStore = !exchange.answered;  // refused on the way
}

}  // namespace hone::engine
