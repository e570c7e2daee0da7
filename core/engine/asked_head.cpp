#include "core/engine/asked_head.h"

#include "core/http/conditions.h"

namespace hone::engine {

AskedHead readHead(const http::Request& request) {
    AskedHead head;
    const auto take = [](std::optional<std::string_view>& into, std::string_view wanted,
                         const http::FieldView& line) {
        if (!into && http::iequals(line.name, wanted))
            into = line.value;
    };
    for (const auto& line : request.fields)
        switch (line.name.size()) {  // most fields are none of these: one comparison instead of nine
            case 4: take(head.host, "Host", line); break;
            case 6: take(head.origin, "Origin", line); break;
            case 5:
            case 13:
            case 17:
            case 19: head.isConditional = head.isConditional || http::isConditional(line.name); break;
            case 8:
                take(head.arm, "Hone-Arm", line);
                head.isConditional = head.isConditional || http::isConditional(line.name);
                break;
            case 10: head.isEarly = head.isEarly || http::iequals(line.name, "Early-Data"); break;
            default: break;
        }
    return head;
}

std::optional<Arm> armFrom(std::optional<std::string_view> text) {
    if (!text || *text == "A")
        return Arm::A;
    return *text == "B" ? std::optional(Arm::B) : std::nullopt;
}

}  // namespace hone::engine
