#pragma once

#include "core/engine/engine_core.h"
#include "core/engine/held_answers.h"

namespace hone::engine {

/// The engine on one event loop: takes requests through the pipeline of their arm, phase by phase (see
/// phases.h).
///
/// Thread: its loop's, but for the Handle, Represent and Encode of an endpoint that blocks, which a pool
/// thread runs while the loop leaves that exchange alone. Owner: the loop's handler, and pool tasks under
/// way. Invariant: a frame is either free or has one exchange that will be answered once.
class Worker : public std::enable_shared_from_this<Worker> {
public:
    using Post = std::function<void(std::function<void()>)>;

    Worker(std::shared_ptr<EngineCore> core, int index);
    ~Worker();

    /// How to get back onto the loop; before the first request.
    void setPost(Post post);
    /// How to wait on the loop, for answers that are held back; without it they are not.
    void setAfter(HeldAnswers::After after) { m_held.setAfter(std::move(after)); }
    /// Lets go of a pipeline that was replaced, unless a request is on it. On the loop.
    void dropStaleLanes();
    void handle(const http::Request& request, net::Responder respond);

private:
    /// This worker's side of a pipeline. Shared by frames of this loop alone, so that counting them is cheap.
    struct Lane {
        std::shared_ptr<const Pipeline> pipeline;
        const StageSet& stages;
        std::uint64_t generation;
    };
    struct Frame;

    void findAtToggle(const Pipeline& pipeline, std::string_view path, Route& route) const;
    [[nodiscard]] bool mayAskFor(std::string_view host);
    static const http::Request& withConditions(Frame& frame, const http::Request& request);
    void refuse(const http::Request& request, net::Responder respond, std::string_view who,
                http::Response response);
    void answerAdmin(const http::Request& request, net::Responder respond);
    const std::shared_ptr<const Lane>& laneOf(Arm arm);
    Frame& take();
    void release(Frame& frame);
    Resume makeResume(Frame& frame);

    void lookup(Frame& frame, std::size_t from);
    void resumed(Frame& frame);
    void planAndHandle(Frame& frame);
    static void work(EngineCore& core, Frame& frame, int worker);
    static void write(EngineCore& core, Frame& frame, int worker);
    void handleElsewhere(Frame& frame);
    void handled(Frame& frame);
    static void representAndEncode(Frame& frame, int worker);
    void storeAndFinish(Frame& frame);
    void finish(Frame& frame);
    void record(const Exchange& exchange, const http::Request& asked, int name, Nanos now, Nanos duration,
                std::string_view timing);

    const std::shared_ptr<EngineCore> m_core;
    const int m_index;
    Meter& m_meter;
    Journal& m_journal;
    Post m_post;
    std::string m_lastHost;  ///< The last one that was allowed.
    std::string m_timing;    ///< Server-Timing of the answer that is being finished.
    std::array<std::shared_ptr<const Lane>, 2> m_lanes;
    std::vector<std::unique_ptr<Frame>> m_frames;
    std::vector<Frame*> m_free;
    HeldAnswers m_held;
};

/// What the server calls on each loop. A shell around the worker, which may have to live longer.
class LoopHandler final : public net::Handler {
public:
    LoopHandler(std::shared_ptr<EngineCore> core, int index)
        : m_worker(std::make_shared<Worker>(std::move(core), index)) {}
    void handle(const http::Request& request, net::Responder respond) override {
        if (!m_isReady) {
            m_worker->setPost(post);
            m_worker->setAfter(after);
            m_isReady = true;
        }
        m_worker->handle(request, std::move(respond));
    }

private:
    const std::shared_ptr<Worker> m_worker;
    bool m_isReady = false;
};

}  // namespace hone::engine
