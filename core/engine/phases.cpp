#include "core/engine/phases.h"

#include "core/engine/toggle_def.h"

namespace hone::engine {

std::string_view phaseName(Phase phase) {
    switch (phase) {
        case Phase::Admission: return "admission";
        case Phase::Lookup: return "lookup";
        case Phase::Plan: return "plan";
        case Phase::Handle: return "handle";
        case Phase::Represent: return "represent";
        case Phase::Encode: return "encode";
        case Phase::Store: return "store";
        case Phase::Finish: return "finish";
    }
    return {};
}

std::string_view groupName(Group group) {
    switch (group) {
        case Group::Answer: return "answer";
        case Group::Data: return "data";
        case Group::Protection: return "protection";
        case Group::Network: return "network";
        case Group::Structure: return "structure";
        case Group::Insight: return "insight";
    }
    return {};
}

}  // namespace hone::engine
