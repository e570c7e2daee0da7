#pragma once

#include "core/engine/exchange.h"

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
    /// Fills payload, or answers with a problem.
    virtual void handle(Exchange& exchange) const = 0;
};

}  // namespace hone::engine
