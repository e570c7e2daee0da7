#pragma once

#include "core/model/workload.h"

namespace hone::model {

/// Every {{name}} must have a value when its request is sent: from a variable, a column of one, or the answer
/// to an earlier request of the sequence. Errors: InvalidArgument with request, member and column.
[[nodiscard]] Result<> checkUses(const Workload& workload);

}  // namespace hone::model
