#include "core/toggles/encoding/encoding_state.h"

#include <algorithm>

namespace hone::toggles::encoding {
namespace {

using coding::Coding;

/// Levels for what is compressed once and sent often. Brotli 9 and zstd 19 need some 10 ms for 100 KiB; the
/// levels above gain a percent for ten times that.
constexpr coding::Levels kStoredLevels{.gzip = 12, .brotli = 9, .zstd = 19};

struct FormatName {
    std::string_view id;
    Format format;
};
constexpr FormatName kFormatNames[] = {{"json", Format::Json},
                                       {"msgpack", Format::Msgpack},
                                       {"cbor", Format::Cbor},
                                       {"protobuf", Format::Protobuf},
                                       {"avro", Format::Avro}};

/// The default first. JSON is always there: errors and clients that ask for nothing else need it.
std::vector<Format> formatsOf(const ParamSet& params) {
    const auto first = params.text("default");
    std::vector<Format> out;
    for (const auto& [id, format] : kFormatNames)
        if (format == Format::Json || id == first || params.flag(id))
            id == first ? (void)out.insert(out.begin(), format) : out.push_back(format);
    return out;
}

std::vector<Coding> codingsOf(const ParamSet& params) {
    const auto order = params.text("prefer") == "size"
                           ? std::vector{Coding::Brotli, Coding::Zstd, Coding::Gzip}
                           : std::vector{Coding::Zstd, Coding::Gzip, Coding::Brotli};
    std::vector<Coding> on;
    for (const Coding one : order)
        if (params.flag(coding::codingName(one)))
            on.push_back(one);
    return on;
}

std::size_t sizeOf(const ParamSet& params, std::string_view id) {
    return static_cast<std::size_t>(params.integer(id));
}

}  // namespace

Settings readSettings(const ParamSet& params) {
    return {.isMinified = params.text("format") == "minified",
            .formats = formatsOf(params),
            .codings = codingsOf(params),
            .minSize = sizeOf(params, "minSize"),
            .levels = {.gzip = static_cast<int>(params.integer("gzipLevel")),
                       .brotli = static_cast<int>(params.integer("brLevel")),
                       .zstd = static_cast<int>(params.integer("zstdLevel"))},
            .storedBytes = sizeOf(params, "storedSize"),
            .storedAfter = static_cast<int>(params.integer("storedAfter")),
            .requests = {.bytes = sizeOf(params, "requestLimit"), .ratio = sizeOf(params, "requestRatio")}};
}

EncodingState::EncodingState(Settings given, std::span<const std::shared_ptr<data::Dataset>> datasets)
    : settings(std::move(given)), schemas(datasets) {
    if (settings.storedBytes > 0 && !settings.codings.empty())
        copies.emplace(kStoredLevels, settings.storedBytes);
}

void EncodingState::readCounters(std::span<double> out) const {
    for (std::size_t i = 0; i < kCounts; ++i)
        out[i] = static_cast<double>(m_counts[i].load(std::memory_order_relaxed));
    const auto made = copies ? copies->counts() : BetterCopies::Counts{};
    out[kCounts] = static_cast<double>(made.made);
    out[kCounts + 1] = static_cast<double>(made.bytesBefore - made.bytesAfter);
    out[kCounts + 2] = copies ? static_cast<double>(copies->bytes()) : 0;
}

void EncodingState::reset() {
    if (copies)
        copies->clear();
}

void EncodingState::countCoded(std::uint64_t bytesIn, std::uint64_t bytesOut) {
    count(Count::BytesIn, bytesIn);
    count(Count::BytesOut, bytesOut);
    count(Count::BytesSaved, bytesIn > bytesOut ? bytesIn - bytesOut : 0);
}

}  // namespace hone::toggles::encoding
