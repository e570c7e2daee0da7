#pragma once

#include "core/toggles/graphql/completion.h"

namespace hone::toggles::graphql {

/// Writes the value of __schema or __type (section 4). Thread: one.
Completion::Outcome writeIntrospection(Completion& to, PlannedField& field, const Path& path);

}  // namespace hone::toggles::graphql
