#include "core/toggles/graphql/loader.h"

namespace hone::toggles::graphql {

Sessions::~Sessions() {
    for (auto& [dataset, session] : m_open)
        dataset->release(std::move(session));
}

Result<data::Session*> Sessions::of(data::Dataset& dataset) {
    for (const auto& [known, session] : m_open)
        if (known == &dataset)
            return session.get();
    const Nanos begin = monotonicNow();
    auto session = dataset.session(m_access);
    work.connect += monotonicNow() - begin;
    if (!session)
        return fail(std::move(session.error()));
    return m_open.emplace_back(&dataset, std::move(*session)).second.get();
}

}  // namespace hone::toggles::graphql
