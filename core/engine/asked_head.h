#pragma once

#include "core/engine/engine.h"

namespace hone::engine {

/// The fields of a request that the engine itself looks at; views into the request.
struct AskedHead {
    std::optional<std::string_view> host, arm, origin;
    bool isConditional = false;  ///< Any field of http::Conditions.
    bool isEarly = false;        ///< An intermediary got it as early data (RFC 8470 section 5.1).
};

/// In one walk over the fields. Thread: any.
[[nodiscard]] AskedHead readHead(const http::Request& request);
/// The arm that Hone-Arm names; A without it, none for another name.
[[nodiscard]] std::optional<Arm> armFrom(std::optional<std::string_view> text);

}  // namespace hone::engine
