#pragma once

#include "core/base/clock.h"
#include "core/data/dataset.h"
#include "core/engine/phases.h"
#include "core/http/message.h"

#include <nlohmann/json_fwd.hpp>

#include <array>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace hone::engine {

class Endpoint;

/// Which resource a request is about, as the router found it. Views live as long as the request.
struct Route {
    const Endpoint* endpoint = nullptr;
    data::Dataset* dataset = nullptr;  ///< Null for endpoints without a table.
    const data::Table* table = nullptr;
    std::string key;          ///< Decoded last segment of /api/<resource>/<key>.
    std::string_view toggle;  ///< Whose path this is, while that is on; empty: the API's own.
};

/// What Handle produced, before it has a media type.
struct Payload {
    enum Kind : std::uint8_t { None, List, Object, Document };
    Kind kind = None;
    data::RowSet rows;                               ///< List: all rows; Object: row 0.
    std::shared_ptr<const nlohmann::json> document;  ///< Document.
};

/// One entry of Server-Timing (W3C): who, how long, and a word ("hit", "gzip").
struct Timing {
    std::string_view name;  ///< Toggle id, or "sql".
    Nanos duration{0};
    std::string note;
};

/// One request on its way through the pipeline, and its answer.
///
/// Thread: handed from loop to pool and back, never used by two at a time. Owner: the engine's worker until
/// the answer has gone out. Stages may read and change everything that is not const.
struct Exchange {
    explicit Exchange(const http::Request& r) : request(r) {}

    const http::Request& request;
    Route route;
    int arm = 0;  ///< 0 = A, 1 = B.

    data::Query query;            ///< Plan changes it; starts as the whole table.
    data::Access access;          ///< Plan changes it; starts as the naive way.
    Payload payload;              ///< From Handle.
    http::Response response;      ///< From Represent on; Finish adds fields.
    bool answered = false;        ///< An answer is complete: skip to Finish.
    std::string_view answeredBy;  ///< Written by the gate: the toggle that did; empty: the endpoint.
    bool cacheable = false;  ///< Set by the endpoint: a safe read whose answer depends on the request alone.
    bool wrote = false;      ///< Set by the endpoint after a successful write to route.table.
    data::SqlStats sql;

    std::array<Timing, 12> timings;  ///< Filled by the gate; the first timingCount are valid.
    int timingCount = 0;

    /// Simulated distance: the finished answer waits this long before it goes out. Added to by Admission to
    /// Finish.
    Nanos heldBack{0};

    /// A stage's private note to its own later hook (one place per stage, at the index it got).
    std::array<std::shared_ptr<void>, 18> notes;

    /// Ends the way down with this answer.
    void answer(http::Response r) {
        response = std::move(r);
        answered = true;
    }
    void note(std::string_view name, Nanos duration, std::string text = {});

    /// Runs a task on this exchange's loop; from any thread. A copy may outlive the loop: tasks are then
    /// dropped. Set by the worker; null where there is no loop.
    const std::function<void(std::function<void()>)>* post = nullptr;
};

}  // namespace hone::engine
