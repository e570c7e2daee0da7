#pragma once

#include "core/engine/worker.h"
#include "core/http/conditions.h"

namespace hone::engine {

/// One exchange and where it stands; used again for the next request.
struct Worker::Frame {
    std::optional<Exchange> exchange;
    net::Responder respond;
    std::shared_ptr<const Lane> lane;
    int name = 0;  ///< Of the endpoint in the router's list.
    bool isArmAsked = false;
    const http::Request* asked = nullptr;  ///< As it was received.
    std::optional<std::string_view> origin;
    std::optional<http::Conditions> conditions;  ///< When there are any that are ours to judge.
    http::Request plain;  ///< What the stages see of a request whose conditions are ours.
    std::vector<http::FieldView> plainFields;
    bool isForStore = false;  ///< What Handle began ended in an answer worth offering to Store.
    std::size_t waitsAt = 0;  ///< The Lookup hook that waits.
    Nanos waitBegan{0};
    Resume resume;                                    ///< Ready for a stage that wants to wait.
    std::move_only_function<void(Exchange&)> before;  ///< Written by who resumes, then read on the loop.
};

}  // namespace hone::engine
