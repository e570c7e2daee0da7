#pragma once

#include "core/load/request_set.h"

#include <memory>

namespace hone::load {

/// The servers of one run: names resolved, TLS agreed upon once, and how to connect to each.
///
/// A value, immutable once made; shared by the generator's threads.
class Targets {
public:
    /// Tries every server once. Errors: Unavailable when nothing answers or TLS fails there, naming the URL
    /// and the reason; InvalidArgument for a CA file.
    static Result<Targets> reach(const RequestSet& set, const model::Workload& workload);
    /// Without trying anything: a server that is away shows as failed answers.
    static Result<Targets> assume(const RequestSet& set, const model::Workload& workload);

    [[nodiscard]] std::size_t size() const { return m_targets.size(); }
    /// A client of its own for server `index`.
    [[nodiscard]] std::unique_ptr<net::Client> connect(net::Loop& loop, std::size_t index) const;

private:
    struct Target {
        net::Endpoint address;
        net::ClientOptions options;
    };
    std::vector<Target> m_targets;
    bool m_keepAlive = true;
};

}  // namespace hone::load
