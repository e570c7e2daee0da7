#include "core/base/error.h"

namespace hone {

std::string Error::line() const {
    if (hint.empty())
        return what;
    const bool closed = !what.empty() && (what.back() == '.' || what.back() == '?');
    return fmt::format("{}{} {}", what, closed ? "" : ".", hint);
}

std::string_view codeName(Error::Code code) {
    switch (code) {
        case Error::InvalidArgument: return "invalid_argument";
        case Error::Malformed: return "malformed";
        case Error::NotFound: return "not_found";
        case Error::AlreadyExists: return "already_exists";
        case Error::Unsupported: return "unsupported";
        case Error::PermissionDenied: return "permission_denied";
        case Error::Unavailable: return "unavailable";
        case Error::Timeout: return "timeout";
        case Error::ResourceExhausted: return "resource_exhausted";
        case Error::Cancelled: return "cancelled";
        case Error::Io: return "io";
        case Error::Internal: return "internal";
    }
    return "internal";
}

}  // namespace hone
