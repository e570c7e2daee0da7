#include "core/base/units.h"
#include "core/net/link.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <optional>

namespace hone::net {

namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;

constexpr double kMega = 1e6;
constexpr Nanos kMaxDelay = std::chrono::seconds(60);
constexpr double kMaxBits = 1e12, kMinBits = 1e3;
constexpr double kMaxLoss = 0.5;
constexpr std::int64_t kMaxBurst = 1LL << 30;
constexpr std::string_view kParts = "rtt, jitter, down, up, burst, loss, seed";

struct RateUnit {
    std::string_view name;
    int exponent;
};
/// Longest first: "bit" ends all of them.
constexpr RateUnit kRateUnits[] = {{"kbit", 3}, {"Mbit", 6}, {"Gbit", 9}, {"kbps", 3},
                                   {"Mbps", 6}, {"Gbps", 9}, {"bit", 0},  {"bps", 0}};

std::string presetNames() {
    std::string names;
    for (const auto& preset : linkPresets())
        names += (names.empty() ? "" : ", ") + preset.options.name;
    return names;
}

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && text.front() == ' ')
        text.remove_prefix(1);
    while (!text.empty() && text.back() == ' ')
        text.remove_suffix(1);
    return text;
}

/// A decimal number times ten to the power of `exponent`, all of `text`. The power is put into the text, so
/// that nothing is rounded twice.
std::optional<double> number(std::string_view text, int exponent = 0) {
    if (text.empty() || std::isdigit(static_cast<unsigned char>(text.front())) == 0)
        return std::nullopt;
    const auto e = text.find('e');
    if (e != std::string_view::npos) {
        int own = 0;
        const auto [end, error] = std::from_chars(text.data() + e + 1, text.data() + text.size(), own);
        if (error != std::errc{} || end != text.data() + text.size() || std::abs(own) > 400)
            return std::nullopt;
        exponent += own;
    }
    const std::string whole = fmt::format("{}e{}", text.substr(0, e), exponent);
    double value = 0;
    const auto [end, error] = std::from_chars(whole.data(), whole.data() + whole.size(), value);
    if (error != std::errc{} || end != whole.data() + whole.size())
        return std::nullopt;
    return value;
}

/// What number() reads as `value` with this exponent: 0.013 with -2 is "1.3".
std::string numberText(double value, int exponent) {
    std::string plain = fmt::format("{}", value * std::pow(10, -exponent));
    if (number(plain, exponent) == value)
        return plain;
    char buffer[64];
    const auto end = std::to_chars(buffer, buffer + sizeof buffer, value, std::chars_format::scientific).ptr;
    const std::string_view shortest(buffer, static_cast<std::size_t>(end - buffer));
    const auto e = shortest.find('e');
    int own = 0;
    const char* sign = shortest.data() + e + 1;
    std::from_chars(*sign == '+' ? sign + 1 : sign, end, own);
    return fmt::format("{}e{}", shortest.substr(0, e), own - exponent);
}

Result<double> parseBits(std::string_view text) {
    if (text == "0" || text == "unlimited")
        return 0.0;
    std::string_view digits = text;
    if (digits.ends_with("/s"))
        digits.remove_suffix(2);
    for (const auto& unit : kRateUnits) {
        if (!digits.ends_with(unit.name))
            continue;
        const auto value = number(trimmed(digits.substr(0, digits.size() - unit.name.size())), unit.exponent);
        if (!value)
            break;
        if (*value < kMinBits || *value > kMaxBits)
            return fail(Error::InvalidArgument,
                        "a link's rate must be between 1kbit and 1000Gbit, got \"{}\"", text)
                .hint("Use 0 for a rate without limit.");
        return *value;
    }
    return fail(Error::InvalidArgument, "\"{}\" is not a rate in bits per second", text)
        .hint("Write 768kbit, 1.6Mbit or 1Gbit.");
}

std::string bitsText(double bits) {
    if (bits >= 1e9)
        return numberText(bits, 9) + "Gbit";
    return bits >= 1e6 ? numberText(bits, 6) + "Mbit" : numberText(bits, 3) + "kbit";
}

Result<double> parseLoss(std::string_view text) {
    const auto loss =
        text.ends_with('%') ? number(trimmed(text.substr(0, text.size() - 1)), -2) : std::nullopt;
    if (!loss || *loss > kMaxLoss)
        return fail(Error::InvalidArgument, "a link's loss must be between 0% and 50%, got \"{}\"", text)
            .hint("Write loss=1%.");
    return *loss;
}

Result<Nanos> parseDelay(std::string_view text) {
    auto delay = parseDuration(text);
    if (delay && *delay > kMaxDelay)
        return fail(Error::InvalidArgument, "a link's delay must be at most 60s, got \"{}\"", text)
            .hint("Write rtt=80ms.");
    return delay;
}

/// Puts a parsed value in place, or hands on why it is none.
template <class T>
Result<> assign(T& to, Result<T> value) {
    if (!value)
        return fail(std::move(value.error()));
    to = *value;
    return {};
}

Result<double> parseBurst(std::string_view text) {
    const auto bytes = parseSize(text);
    if (!bytes)
        return fail(bytes.error());
    if (*bytes > kMaxBurst)
        return fail(Error::InvalidArgument, "a link's burst must be at most 1GiB, got \"{}\"", text);
    return static_cast<double>(*bytes);
}

Result<std::uint64_t> parseSeed(std::string_view text) {
    std::uint64_t seed = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seed);
    if (error != std::errc{} || end != text.data() + text.size())
        return fail(Error::InvalidArgument, "a link's seed must be a whole number of 64 bits, got \"{}\"",
                    text)
            .hint("Write seed=7.");
    return seed;
}

Result<> setPart(LinkOptions& options, std::string_view key, std::string_view value) {
    if (key == "rtt")
        return assign(options.rtt, parseDelay(value));
    if (key == "jitter")
        return assign(options.jitter, parseDelay(value));
    if (key == "down")
        return assign(options.downBitsPerSecond, parseBits(value));
    if (key == "up")
        return assign(options.upBitsPerSecond, parseBits(value));
    if (key == "burst")
        return assign(options.burstBytes, parseBurst(value));
    if (key == "loss")
        return assign(options.loss, parseLoss(value));
    if (key == "seed")
        return assign(options.seed, parseSeed(value));
    return fail(Error::InvalidArgument, "a link has no part \"{}\"", key).hint("The parts are {}.", kParts);
}

LinkOptions path(std::string name, Nanos rtt, double down, double up) {
    return {.name = std::move(name), .rtt = rtt, .downBitsPerSecond = down, .upBitsPerSecond = up};
}

}  // namespace

std::span<const LinkPreset> linkPresets() {
    static const std::array kPresets{
        LinkPreset{{}, "Loopback", "Nothing is simulated: this machine talks to itself."},
        LinkPreset{path("lan", microseconds(500), 1000 * kMega, 1000 * kMega), "Local network",
                   "1000BASE-T (IEEE 802.3ab); half a millisecond is our choice, between one room and the "
                   "0.25 to 3.4 ms of neighbouring zones of a cloud region."},
        LinkPreset{path("fibre", milliseconds(4), 20 * kMega, 5 * kMega), "Fibre to the home",
                   "WebPageTest connectivity profile FIOS: 4 ms, 20/5 Mbit/s."},
        LinkPreset{path("cable", milliseconds(28), 5 * kMega, 1 * kMega), "Cable",
                   "WebPageTest connectivity profile Cable: 28 ms, 5/1 Mbit/s."},
        LinkPreset{path("4g", milliseconds(170), 9 * kMega, 9 * kMega), "4G",
                   "WebPageTest connectivity profile 4G: 170 ms, 9/9 Mbit/s."},
        LinkPreset{path("3g", milliseconds(300), 1.6 * kMega, 0.768 * kMega), "3G",
                   "WebPageTest connectivity profile 3G: 300 ms, 1.6 Mbit/s and 768 kbit/s."},
        LinkPreset{path("cross-continent", milliseconds(80), 100 * kMega, 100 * kMega), "Across a continent",
                   "Pings between AWS regions: US East to US West 71 to 87 ms, to Ireland 67 to 81 ms; "
                   "100 Mbit/s is our choice."},
    };
    return kPresets;
}

Result<LinkOptions> parseLink(std::string_view text) {
    LinkOptions options{.name = std::string(trimmed(text))};
    bool isFirst = true;
    for (std::string_view rest = text; isFirst || !rest.empty(); isFirst = false) {
        const auto comma = rest.find(',');
        const auto part = trimmed(rest.substr(0, comma));
        rest = comma == std::string_view::npos ? std::string_view{} : rest.substr(comma + 1);
        const auto equals = part.find('=');
        if (equals != std::string_view::npos) {
            const auto done =
                setPart(options, trimmed(part.substr(0, equals)), trimmed(part.substr(equals + 1)));
            if (!done)
                return fail(done.error());
            continue;
        }
        const auto presets = linkPresets();
        const auto preset = std::ranges::find(presets, part, [](const auto& p) { return p.options.name; });
        if (!isFirst || preset == presets.end())
            return fail(Error::InvalidArgument, "\"{}\" is neither a link nor a part of one", part)
                .hint("The links are {}; or write rtt=80ms,jitter=5ms,down=10Mbit,up=2Mbit,loss=1%.",
                      presetNames());
        const std::string name = std::move(options.name);
        options = preset->options;
        options.name = name;
    }
    return options;
}

std::string linkText(const LinkOptions& options) {
    for (const auto& preset : linkPresets()) {
        LinkOptions named = preset.options;
        named.name = options.name;
        if (named == options)
            return preset.options.name;
    }
    std::string text = "rtt=" + durationText(options.rtt);
    if (options.jitter > Nanos(0))
        text += ",jitter=" + durationText(options.jitter);
    if (options.downBitsPerSecond > 0)
        text += ",down=" + bitsText(options.downBitsPerSecond);
    if (options.upBitsPerSecond > 0)
        text += ",up=" + bitsText(options.upBitsPerSecond);
    if (options.burstBytes > 0)
        text += fmt::format(",burst={}B", static_cast<std::int64_t>(options.burstBytes));
    if (options.loss > 0)
        text += ",loss=" + numberText(options.loss, -2) + "%";
    if (options.seed != LinkOptions{}.seed)
        text += fmt::format(",seed={}", options.seed);
    return text;
}

}  // namespace hone::net
