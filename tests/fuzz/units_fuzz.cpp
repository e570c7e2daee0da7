// Values with a unit, parameters, and links: what is written is read back.

#include "tests/fuzz/fuzz.h"

#include "core/base/units.h"
#include "core/net/link.h"
#include "core/params/param_set.h"

#include <cmath>

using namespace hone;

namespace {

template <class T>
void checkError(const Result<T>& result) {
    if (!result)
        FUZZ_CHECK(result.error().code == Error::InvalidArgument && !result.error().what.empty());
}

void quantities(std::string_view text) {
    const auto duration = parseDuration(text);
    checkError(duration);
    if (duration) {
        FUZZ_CHECK(*duration >= Nanos(0));
        FUZZ_CHECK(parseDuration(durationText(*duration)) == *duration);
        FUZZ_CHECK(!formatDuration(*duration).empty());
    }
    const auto size = parseSize(text);
    checkError(size);
    if (size) {
        FUZZ_CHECK(*size >= 0);
        FUZZ_CHECK(parseSize(sizeText(*size)) == *size);
    }
    const auto rate = parseRate(text);
    checkError(rate);
    FUZZ_CHECK(!rate || (std::isfinite(*rate) && *rate >= 0));
    const auto count = parseCount(text);
    checkError(count);
    FUZZ_CHECK(!count || *count >= 0);
}

/// Parsers accept what is written for people, to the digits that are shown.
void forPeople(std::string_view text) {
    // Three digits, or whole minutes from an hour on.
    const auto isNear = [](double a, double b) { return std::abs(a - b) <= 0.0085 * std::abs(b); };
    if (const auto value = parseDuration(text); value && *value < std::chrono::hours(1'000'000)) {
        const auto again = parseDuration(formatDuration(*value));
        FUZZ_CHECK(again && isNear(static_cast<double>(again->count()), static_cast<double>(value->count())));
    }
    if (const auto value = parseRate(text); value && *value < 1e12 && *value > 1e-3) {
        const auto again = parseRate(formatRate(*value));
        FUZZ_CHECK(again && isNear(*again, *value));
    }
    if (const auto value = parseSize(text); value && *value < 1LL << 50) {
        const auto again = parseSize(formatBytes(static_cast<double>(*value)));
        FUZZ_CHECK(again && isNear(static_cast<double>(*again), static_cast<double>(*value)));
    }
    if (const auto value = parseCount(text); value && *value < 1'000'000'000'000) {
        const auto again = parseCount(formatCount(static_cast<double>(*value)));
        FUZZ_CHECK(again && isNear(static_cast<double>(*again), static_cast<double>(*value)));
    }
}

constexpr Choice kChoices[] = {{"gzip", "gzip"}, {"br", "Brotli"}};
const Param kParams[] = {
    {.id = "on", .label = "On", .initial = true},
    {.id = "count", .label = "Count", .initial = std::int64_t{5}, .min = -10, .max = 1e9},
    {.id = "share", .label = "Share", .unit = Unit::Percent, .initial = 0.5, .min = 0, .max = 100},
    {.id = "wait", .label = "Wait", .unit = Unit::Milliseconds, .initial = std::int64_t{5}, .min = 0},
    {.id = "ttl", .label = "Time", .unit = Unit::Seconds, .initial = 1.5, .min = 0},
    {.id = "size", .label = "Size", .unit = Unit::Bytes, .initial = std::int64_t{1024}, .min = 0},
    {.id = "rate", .label = "Rate", .unit = Unit::PerSecond, .initial = 10.0, .min = 0},
    {.id = "coding", .label = "Coding", .initial = std::string("gzip"), .choices = kChoices},
    {.id = "name", .label = "Name", .initial = std::string("x")},
};

void params(std::string_view text) {
    for (const Param& param : kParams) {
        const auto value = parseValue(param, text);
        checkError(value);
        if (!value)
            continue;
        FUZZ_CHECK(checkValue(param, *value) == *value);
        FUZZ_CHECK(parseValue(param, valueText(param, *value)) == *value);
    }
}

void link(std::string_view text) {
    auto options = net::parseLink(text);
    checkError(options);
    if (!options)
        return;
    auto again = net::parseLink(net::linkText(*options));
    FUZZ_CHECK(again.has_value());
    again->name = options->name;
    FUZZ_CHECK(*again == *options);
    constexpr std::size_t kBytes = 20'000;
    const auto projected =
        net::projectTransfer(*options, {.upBytes = 300, .downBytes = kBytes, .handshakeRoundTrips = 1});
    FUZZ_CHECK(projected.firstByte >= 2 * options->rtt - Nanos(1) && projected.total >= projected.firstByte);
    // The live link lets everything through in the end, and never goes back.
    net::Link live(*options, 1);
    live.opened(Nanos(0));
    live.queued(live.received(Nanos(0), 300), kBytes);
    std::size_t released = 0;
    Nanos last{0};
    while (live.nextRelease() != Nanos::max()) {
        FUZZ_CHECK(live.nextRelease() >= last);
        last = live.nextRelease();
        released += live.release(last);
    }
    FUZZ_CHECK(released == kBytes);
    if (options->loss == 0 && options->jitter == Nanos(0))
        FUZZ_CHECK(std::abs((last - projected.total).count()) <= 100);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    quantities(text);
    forPeople(text);
    params(text);
    link(text);
    return 0;
}
