// Percent-encoding, query strings and URLs.

#include "tests/fuzz/fuzz.h"

#include "core/http/semantics.h"
#include "core/http/syntax.h"

#include <algorithm>

using namespace hone;

namespace {

void percent(std::string_view text) {
    const std::string encoded = http::percentEncode(text);
    FUZZ_CHECK(std::ranges::all_of(encoded, http::isTargetChar));
    FUZZ_CHECK(http::percentDecode(encoded) == std::string(text));
    FUZZ_CHECK(http::percentDecode(encoded, true) == std::string(text));
    for (const bool plusIsSpace : {false, true}) {
        const auto decoded = http::percentDecode(text, plusIsSpace);
        FUZZ_CHECK(!decoded || decoded->size() <= text.size());
        FUZZ_CHECK(decoded || (text.contains('%') && !decoded.error().what.empty()));
        if (decoded)
            FUZZ_CHECK(http::percentDecode(http::percentEncode(*decoded), plusIsSpace) == *decoded);
    }
}

void query(std::string_view text) {
    const auto pairs = http::parseQuery(text);
    if (!pairs)
        return;
    std::string again;
    for (const auto& [name, value] : *pairs)
        again += (again.empty() ? "" : "&") + http::percentEncode(name) + "=" + http::percentEncode(value);
    FUZZ_CHECK(http::parseQuery(again) == *pairs);
}

void url(std::string_view text) {
    const auto parsed = http::parseUrl(text);
    if (!parsed) {
        FUZZ_CHECK(parsed.error().code == Error::InvalidArgument && !parsed.error().hint.empty());
        return;
    }
    FUZZ_CHECK(parsed->scheme == "http" || parsed->scheme == "https");
    FUZZ_CHECK(!parsed->host.empty() && parsed->port != 0);
    FUZZ_CHECK(parsed->path.starts_with('/'));
    FUZZ_CHECK(std::ranges::all_of(parsed->target(), http::isTargetChar));
    FUZZ_CHECK(std::ranges::all_of(parsed->authority(), http::isTargetChar));
    FUZZ_CHECK(!parsed->authority().contains('/') && !parsed->authority().contains('@'));
    const auto again = http::parseUrl(parsed->scheme + "://" + parsed->authority() + parsed->target());
    FUZZ_CHECK(again && again->host == parsed->host && again->port == parsed->port &&
               again->scheme == parsed->scheme && again->path == parsed->path &&
               again->query == parsed->query);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    percent(text);
    query(text);
    url(text);
    return 0;
}
