#include "core/toggles/encoding/eligibility.h"

#include "core/coding/decode_json.h"
#include "core/http/semantics.h"
#include "core/http/syntax.h"

namespace hone::toggles::encoding {

bool isCompressible(std::string_view contentType) {
    const auto type = http::lower(http::trim(contentType.substr(0, contentType.find(';'))));
    return type.starts_with("text/") || type.ends_with("+json") || type.ends_with("+xml") ||
           type == "application/json" || type == "application/xml" || type == "application/javascript" ||
           type == "application/x-ndjson" || coding::formatOf(type).has_value();
}

bool mayBeCoded(const http::Response& response) {
    if (response.status < 200 || response.status == 206 || http::statusHasNoContent(response.status) ||
        response.fields.has("Content-Encoding"))
        return false;
    const auto control = response.fields.get("Cache-Control");
    return isCompressible(response.fields.get("Content-Type").value_or("")) &&
           !(control && http::parseCacheControl(*control).noTransform);
}

void addToVary(http::Fields& fields, std::string_view name) {
    auto value = fields.joined("Vary");
    std::string_view rest = value;
    std::string_view member;
    while (http::nextMember(rest, member))
        if (member == "*" || http::iequals(member, name))
            return;
    value += value.empty() ? "" : ", ";
    value += name;
    fields.set("Vary", value);
}

std::optional<std::string_view> fieldOf(const http::Request& request, std::string_view name,
                                        std::string& joined) {
    int lines = 0;
    std::optional<std::string_view> only;
    for (const auto& line : request.fields)
        if (http::iequals(line.name, name) && ++lines == 1)
            only = line.value;
    if (lines <= 1)
        return only;
    joined = request.joined(name);
    return joined;
}

}  // namespace hone::toggles::encoding
