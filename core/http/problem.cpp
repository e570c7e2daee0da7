#include "core/http/semantics.h"

#include <nlohmann/json.hpp>

namespace hone::http {

namespace {

int statusOf(Error::Code code) {
    switch (code) {
        case Error::InvalidArgument:
        case Error::Malformed: return 400;
        case Error::NotFound: return 404;
        case Error::AlreadyExists: return 409;
        case Error::Unsupported: return 501;
        case Error::PermissionDenied: return 403;
        case Error::Timeout: return 504;
        case Error::Unavailable:
        case Error::ResourceExhausted:
        case Error::Cancelled: return 503;
        case Error::Io:
        case Error::Internal: return 500;
    }
    return 500;
}

Response answer(int status, std::string_view detail, std::string_view hint, std::string_view code) {
    nlohmann::ordered_json json;
    // Without "type" it is about:blank, whose title is the status phrase (RFC 9457 section 4.2.1).
    json["title"] = reason(status);
    json["status"] = status;
    json["detail"] = detail;
    if (!hint.empty())
        json["hint"] = hint;
    if (!code.empty())
        json["code"] = code;
    Response out;
    out.status = status;
    out.fields.add("Content-Type", "application/problem+json");
    // Details quote what a client sent, which need not be UTF-8.
    out.body = json.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
    return out;
}

}  // namespace

Response problem(int status, std::string_view detail, std::string_view hint) {
    return answer(status, detail, hint, {});
}

Response problem(const Error& error) {
    return answer(statusOf(error.code), error.what, error.hint, codeName(error.code));
}

}  // namespace hone::http
