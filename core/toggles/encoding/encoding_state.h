#pragma once

#include "core/engine/toggle_def.h"
#include "core/toggles/encoding/better_copies.h"
#include "core/toggles/encoding/decoded_request.h"
#include "core/toggles/encoding/format_choice.h"
#include "core/toggles/encoding/schema_endpoints.h"

#include <atomic>
#include <memory>
#include <optional>
#include <vector>

namespace hone::toggles::encoding {

/// The counters of the toggle, in the order they are published in.
enum class Count : std::uint8_t {
    BytesIn,
    BytesOut,
    BytesSaved,
    Encoded,
    Skipped,
    Binary,
    NotAcceptable,
    Streamed,
    RequestsDecoded,
    RequestsRefused,
};
inline constexpr std::size_t kCounts = 10;

/// What the parameters say.
struct Settings {
    bool isMinified = true;
    std::vector<Format> formats;          ///< Best first.
    std::vector<coding::Coding> codings;  ///< Likewise, without identity.
    std::size_t minSize = 0;
    coding::Levels levels;
    std::size_t storedBytes = 0;  ///< Budget of better copies; 0: none are made.
    int storedAfter = 1;          ///< Sends of one worker before a copy is made.
    RequestLimits requests;
};
[[nodiscard]] Settings readSettings(const ParamSet& params);

/// What all workers share. Thread: any; all but counters and copies is immutable. Owner: the pipeline.
class EncodingState final : public engine::State, public std::enable_shared_from_this<EncodingState> {
public:
    EncodingState(Settings settings, std::span<const std::shared_ptr<data::Dataset>> datasets);

    std::unique_ptr<engine::Stage> makeStage() override;
    void readCounters(std::span<double> out) const override;
    void reset() override;
    [[nodiscard]] const engine::Endpoint* endpoint(std::string_view path) const override {
        return schemas.at(path);
    }
    void count(Count which, std::uint64_t by = 1) {
        m_counts[static_cast<std::size_t>(which)].fetch_add(by, std::memory_order_relaxed);
    }
    void countCoded(std::uint64_t bytesIn, std::uint64_t bytesOut);

    const Settings settings;
    const SchemaEndpoints schemas;
    std::optional<BetterCopies> copies;  ///< None where none are to be made.

private:
    std::array<std::atomic<std::uint64_t>, kCounts> m_counts{};
};

}  // namespace hone::toggles::encoding
