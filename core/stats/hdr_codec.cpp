#include "core/stats/histogram.h"

#include <libdeflate.h>

#include <algorithm>
#include <array>
#include <bit>
#include <memory>
#include <new>

// The binary forms of HdrHistogram: V2, and its zlib container in base64 (BENCH_SCIENCE section 2.4).

namespace hone::stats {
namespace {

constexpr std::uint32_t kCookie = 0x1c849313;            // V2, counts as ZigZag LEB128
constexpr std::uint32_t kCompressedCookie = 0x1c849314;  // the same, deflated
constexpr std::size_t kHeaderBytes = 40;
// 5 digits over the whole int64 range at nine bytes a count need less than this.
constexpr std::size_t kMaxPayloadBytes = std::size_t{64} << 20;
constexpr char kAlphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

template <class T>
void putBigEndian(std::string& out, T value) {
    for (int shift = static_cast<int>(sizeof(T)) * 8 - 8; shift >= 0; shift -= 8)
        out += static_cast<char>((value >> shift) & 0xff);
}

/// ZigZag, then seven bits a byte; a ninth byte carries eight.
void putCount(std::string& out, std::int64_t count) {
    auto bits = (static_cast<std::uint64_t>(count) << 1) ^ static_cast<std::uint64_t>(count >> 63);
    for (int i = 0; i < 8 && bits >= 0x80; ++i, bits >>= 7)
        out += static_cast<char>((bits & 0x7f) | 0x80);
    out += static_cast<char>(bits);
}

/// Reads numbers from the front of a text; `failed` once it was too short.
struct Reader {
    std::string_view rest;
    bool failed = false;

    template <class T>
    T bigEndian() {
        T value = 0;
        if (rest.size() < sizeof(T)) {
            failed = true;
            return value;
        }
        for (std::size_t i = 0; i < sizeof(T); ++i)
            value = static_cast<T>(value << 8) | static_cast<unsigned char>(rest[i]);
        rest.remove_prefix(sizeof(T));
        return value;
    }

    std::int64_t count() {
        std::uint64_t bits = 0;
        for (int i = 0; i < 9; ++i) {
            if (rest.empty()) {
                failed = true;
                return 0;
            }
            const auto byte = static_cast<unsigned char>(rest.front());
            rest.remove_prefix(1);
            const bool isLast = i == 8 || byte < 0x80;
            bits |= std::uint64_t{i == 8 ? byte : byte & 0x7fu} << (7 * i);
            if (isLast)
                break;
        }
        return static_cast<std::int64_t>(bits >> 1) ^ -static_cast<std::int64_t>(bits & 1);
    }
};

Failure malformed(std::string_view what) {
    return fail(Error::Malformed, "the histogram text is damaged: {}", what)
        .hint("It must be HdrHistogram's compressed V2 in base64, which begins with HISTF.");
}

std::string toBase64(std::string_view bytes) {
    std::string out;
    out.reserve((bytes.size() + 2) / 3 * 4);
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        std::uint32_t group = 0;
        for (std::size_t j = 0; j < 3; ++j)
            group = (group << 8) | (i + j < bytes.size() ? static_cast<unsigned char>(bytes[i + j]) : 0u);
        for (std::size_t j = 0; j < 4; ++j)
            out += i + j <= bytes.size() ? kAlphabet[(group >> (18 - 6 * j)) & 63] : '=';
    }
    return out;
}

Result<std::string> fromBase64(std::string_view text) {
    static constexpr auto kDigits = [] {
        std::array<signed char, 256> digits{};
        digits.fill(-1);
        for (int i = 0; i < 64; ++i)
            digits[static_cast<unsigned char>(kAlphabet[i])] = static_cast<signed char>(i);
        return digits;
    }();
    while (text.ends_with('='))
        text.remove_suffix(1);
    std::string out;
    out.reserve(text.size() * 3 / 4);
    std::uint32_t group = 0;
    int bits = 0;
    for (const char c : text) {
        const int digit = kDigits[static_cast<unsigned char>(c)];
        if (digit < 0)
            return malformed(fmt::format("base64 has no character 0x{:02x}", static_cast<unsigned char>(c)));
        group = (group << 6) | static_cast<std::uint32_t>(digit);
        bits += 6;
        if (bits >= 8) {
            bits -= 8;
            out += static_cast<char>((group >> bits) & 0xff);
        }
    }
    return out;
}

Result<std::string> inflate(std::string_view compressed) {
    const std::unique_ptr<libdeflate_decompressor, decltype(&libdeflate_free_decompressor)> inflater(
        libdeflate_alloc_decompressor(), &libdeflate_free_decompressor);
    if (!inflater)
        return fail(Error::ResourceExhausted, "no memory to inflate a histogram");
    // The size is not in the format; most histograms fit the first try.
    for (std::size_t room = std::size_t{64} << 10; room <= kMaxPayloadBytes; room *= 4) {
        std::string out(room, '\0');
        std::size_t size = 0;
        const auto status = libdeflate_zlib_decompress(inflater.get(), compressed.data(), compressed.size(),
                                                       out.data(), out.size(), &size);
        if (status == LIBDEFLATE_SUCCESS) {
            out.resize(size);
            return out;
        }
        if (status != LIBDEFLATE_INSUFFICIENT_SPACE)
            return malformed("its zlib part does not inflate");
    }
    return malformed("it inflates to more than 64 MiB");
}

/// The 40-byte header and the length of what follows it.
Result<Histogram> readHeader(Reader& reader) {
    if (reader.rest.size() < kHeaderBytes)
        return malformed("it ends inside its header");
    if (const auto cookie = reader.bigEndian<std::uint32_t>(); cookie != kCookie)
        return malformed(fmt::format("unknown format 0x{:08x}", cookie));
    const auto length = reader.bigEndian<std::uint32_t>();
    const auto offset = reader.bigEndian<std::uint32_t>();
    const auto digits = reader.bigEndian<std::uint32_t>();
    const auto lowest = static_cast<std::int64_t>(reader.bigEndian<std::uint64_t>());
    const auto highest = static_cast<std::int64_t>(reader.bigEndian<std::uint64_t>());
    const auto ratio = std::bit_cast<double>(reader.bigEndian<std::uint64_t>());
    // Below 2^40 one row of sub-buckets fits an int64 whatever the digits.
    const bool possible = digits >= 1 && digits <= 5 && lowest >= 1 && lowest < (std::int64_t{1} << 40) &&
                          highest / 2 >= lowest && offset == 0 && ratio == 1.0;
    if (!possible)
        return malformed(
            fmt::format("impossible configuration {} … {} with {} digits", lowest, highest, digits));
    if (length > reader.rest.size())
        return malformed(fmt::format("{} bytes of counts announced, {} there", length, reader.rest.size()));
    reader.rest = reader.rest.substr(0, length);
    return Histogram(lowest, highest, static_cast<int>(digits));
}

Result<Histogram> decodeV2(std::string_view payload) {
    Reader reader{payload};
    auto histogram = readHeader(reader);
    if (!histogram)
        return histogram;
    const auto last = static_cast<std::int64_t>(histogram->countsLength());
    std::int64_t index = 0;
    while (!reader.rest.empty()) {
        const std::int64_t count = reader.count();
        if (reader.failed || count < -(last - index) || index >= last)
            return malformed("its counts run past its range");
        if (count < 0) {
            index -= count;  // a run of empty buckets
            continue;
        }
        if (count > INT64_MAX - histogram->count())
            return malformed("its counts add up to more than 2^63");
        if (count > 0)
            histogram->recordN(histogram->valueAt(static_cast<std::size_t>(index)), count);
        ++index;
    }
    // As everywhere in HdrHistogram, the largest value is known only as far as its bucket.
    const std::int64_t largest =
        std::min(histogram->highestEquivalent(histogram->max()), histogram->highest());
    histogram->setExact(histogram->min(), largest, histogram->saturated());
    return histogram;
}

}  // namespace

std::string encodeV2(const Histogram& histogram) {
    std::string counts;
    const std::size_t end = histogram.indexOf(histogram.max()) + 1;
    for (std::size_t i = 0; i < end;) {
        if (histogram.countAt(i) != 0) {
            putCount(counts, histogram.countAt(i++));
            continue;
        }
        const std::size_t start = i;
        while (i < end && histogram.countAt(i) == 0)
            ++i;
        const auto zeros = static_cast<std::int64_t>(i - start);
        putCount(counts, zeros > 1 ? -zeros : 0);  // Java's way; C writes −1 for one zero, both read either
    }
    std::string out;
    putBigEndian<std::uint32_t>(out, kCookie);
    putBigEndian<std::uint32_t>(out, static_cast<std::uint32_t>(counts.size()));
    putBigEndian<std::uint32_t>(out, 0);  // normalizing index offset
    putBigEndian<std::uint32_t>(out, static_cast<std::uint32_t>(histogram.significantDigits()));
    putBigEndian<std::uint64_t>(out, static_cast<std::uint64_t>(histogram.lowest()));
    putBigEndian<std::uint64_t>(out, static_cast<std::uint64_t>(histogram.highest()));
    putBigEndian<std::uint64_t>(out, std::bit_cast<std::uint64_t>(1.0));
    return out + counts;
}

std::string encodeBase64(const Histogram& histogram) {
    const std::string payload = encodeV2(histogram);
    const std::unique_ptr<libdeflate_compressor, decltype(&libdeflate_free_compressor)> deflater(
        libdeflate_alloc_compressor(6), &libdeflate_free_compressor);
    if (!deflater)
        throw std::bad_alloc();
    std::string compressed(libdeflate_zlib_compress_bound(deflater.get(), payload.size()), '\0');
    compressed.resize(libdeflate_zlib_compress(deflater.get(), payload.data(), payload.size(),
                                               compressed.data(), compressed.size()));
    std::string out;
    putBigEndian<std::uint32_t>(out, kCompressedCookie);
    putBigEndian<std::uint32_t>(out, static_cast<std::uint32_t>(compressed.size()));
    return toBase64(out + compressed);
}

Result<Histogram> decodeBase64(std::string_view text) {
    const auto bytes = fromBase64(text);
    if (!bytes)
        return fail(bytes.error());
    Reader reader{*bytes};
    if (const auto cookie = reader.bigEndian<std::uint32_t>(); cookie != kCompressedCookie)
        return malformed(fmt::format("unknown format 0x{:08x}", cookie));
    const auto length = reader.bigEndian<std::uint32_t>();
    if (reader.failed || length > reader.rest.size())
        return malformed("it is shorter than it says");
    const auto payload = inflate(reader.rest.substr(0, length));
    if (!payload)
        return fail(payload.error());
    return decodeV2(*payload);
}

}  // namespace hone::stats
