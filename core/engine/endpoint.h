#pragma once

#include "core/engine/stage.h"

#include <string_view>

namespace hone::engine {

/// A route the engine answers. Stateless; shared by all workers.
class Endpoint {
public:
    virtual ~Endpoint() = default;
    /// For metrics and the journal: "GET /api/<resource>".
    [[nodiscard]] virtual std::string_view name() const = 0;
    /// True when handle() may block (SQL, upstream): it then runs on a pool thread.
    [[nodiscard]] virtual bool blocks() const { return true; }
    /// Lists are what shaping cuts into pages.
    [[nodiscard]] virtual bool isList() const { return false; }
    /// True when handle() changes its dataset: one write at a time, and If-Match is judged before it.
    [[nodiscard]] virtual bool writes() const { return false; }
    /// True when what stands behind it judges conditions and cuts ranges itself (an upstream): the request is
    /// shown to it and to the stages with those fields, and the answer is left as it is.
    [[nodiscard]] virtual bool relaysConditions() const { return false; }
    /// Whose writes outdate its answers; for a toggle's path, which the router knows nothing more of. Null:
    /// no one dataset.
    [[nodiscard]] virtual data::Dataset* dataset() const { return nullptr; }
    /// Fills payload, or answers with a problem.
    virtual void handle(Exchange& exchange) const = 0;

    /// True when begin() is called instead of handle(): other threads do the work and nobody waits for them.
    [[nodiscard]] virtual bool isAsync() const { return false; }
    /// Starts the work. `done` is called exactly once, from any thread; what it is given runs on the
    /// exchange's loop and fills the exchange as handle() would. Called on the loop; the exchange and its
    /// request live until then.
    virtual void begin(Exchange& exchange, Resume done) const {
        handle(exchange);
        done({});
    }
    /// Ends threads of its own: nothing it has begun is done after this. Idempotent.
    virtual void stop() const {}
    /// CPU time of threads of its own, which do what it begins.
    [[nodiscard]] virtual Nanos cpuTime() const { return Nanos(0); }
};

}  // namespace hone::engine
