#include "core/coding/codec.h"
#include "core/data/rows.h"
#include "core/engine/toggle_def.h"
#include "core/http/semantics.h"
#include "core/toggles/encoding/eligibility.h"
#include "core/toggles/encoding/negotiator.h"
#include "toggles/encoding/doc.h"

#include <nlohmann/json.hpp>

#include <atomic>

namespace hone::toggles::encoding {
namespace {

using coding::codingName;
using engine::Exchange;
using engine::Payload;

const hone::Choice kFormats[] = {
    {.id = "minified", .label = "Minified JSON", .help = "No spaces or line breaks."},
    {.id = "pretty", .label = "Pretty JSON", .help = "As without this toggle: two spaces a level."},
};
const hone::Choice kPreferences[] = {
    {.id = "speed", .label = "Least CPU", .help = "zstd, then gzip, then br."},
    {.id = "size", .label = "Fewest bytes", .help = "br, then zstd, then gzip."},
};

const Param kParams[] = {
    {.id = "format",
     .label = "Format",
     .help = "How JSON is written.",
     .initial = "minified",
     .choices = kFormats},
    {.id = "gzip", .label = "gzip", .help = "Offer gzip (every client has it).", .initial = true},
    {.id = "br", .label = "br", .help = "Offer Brotli (browsers, over TLS).", .initial = true},
    {.id = "zstd",
     .label = "zstd",
     .help = "Offer Zstandard (new browsers, many libraries).",
     .initial = true},
    {.id = "prefer",
     .label = "Prefer",
     .help = "Which coding wins when the client likes several equally.",
     .initial = "speed",
     .choices = kPreferences},
    {.id = "minSize",
     .label = "Smallest body",
     .help = "Bodies below this go out as they are: a packet is a packet.",
     .unit = Unit::Bytes,
     .initial = 512,
     .min = 0,
     .max = 1'073'741'824},
    {.id = "gzipLevel",
     .label = "gzip level",
     .help = "1 fast … 12 small.",
     .initial = 6,
     .min = 1,
     .max = 12,
     .advanced = true},
    {.id = "brLevel",
     .label = "br level",
     .help = "0 fast … 5 small; higher levels are too slow to run for every request.",
     .initial = 4,
     .min = 0,
     .max = 5,
     .advanced = true},
    {.id = "zstdLevel",
     .label = "zstd level",
     .help = "1 fast … 19 small.",
     .initial = 3,
     .min = 1,
     .max = 19,
     .advanced = true},
};

enum CounterIndex : std::size_t {
    BytesIn,
    BytesOut,
    BytesSaved,
    Encoded,
    Skipped,
    NotAcceptable,
    CounterCount
};
const engine::Counter kCounters[] = {
    {.id = "bytesIn", .label = "Bytes before content coding", .unit = Unit::Bytes},
    {.id = "bytesOut", .label = "Bytes after content coding", .unit = Unit::Bytes},
    {.id = "bytesSaved", .label = "Bytes saved by content coding", .unit = Unit::Bytes},
    {.id = "encoded", .label = "Answers compressed"},
    {.id = "skipped", .label = "Answers left as they were"},
    {.id = "notAcceptable", .label = "Requests no coding suited (406)"},
};
static_assert(std::size(kCounters) == CounterCount);

std::vector<Coding> preferenceOf(const ParamSet& params) {
    const auto order = params.text("prefer") == "size"
                           ? std::vector{Coding::Brotli, Coding::Zstd, Coding::Gzip}
                           : std::vector{Coding::Zstd, Coding::Gzip, Coding::Brotli};
    std::vector<Coding> on;
    for (const Coding one : order)
        if (params.flag(codingName(one)))
            on.push_back(one);
    return on;
}

struct Shared final : engine::State, std::enable_shared_from_this<Shared> {
    explicit Shared(const ParamSet& params)
        : minified(params.text("format") == "minified"),
          minSize(static_cast<std::size_t>(params.integer("minSize"))),
          preference(preferenceOf(params)),
          levels{.gzip = static_cast<int>(params.integer("gzipLevel")),
                 .brotli = static_cast<int>(params.integer("brLevel")),
                 .zstd = static_cast<int>(params.integer("zstdLevel"))} {}
    std::unique_ptr<engine::Stage> makeStage() override;
    void readCounters(std::span<double> out) const override {
        for (std::size_t i = 0; i < CounterCount; ++i)
            out[i] = static_cast<double>(counters[i].load(std::memory_order_relaxed));
    }
    void count(CounterIndex which, std::uint64_t by = 1) {
        counters[which].fetch_add(by, std::memory_order_relaxed);
    }

    const bool minified;
    const std::size_t minSize;
    const std::vector<Coding> preference;
    const coding::Levels levels;
    std::atomic<std::uint64_t> counters[CounterCount] = {};
};

class EncodingStage final : public engine::Stage {
public:
    explicit EncodingStage(std::shared_ptr<Shared> shared)
        : m_shared(std::move(shared)), m_negotiator(m_shared->preference), m_compressor(m_shared->levels) {}

    bool represent(Exchange& exchange) override {
        if (!m_shared->minified)
            return false;
        const Payload& payload = exchange.payload;
        auto& response = exchange.response;
        switch (payload.kind) {
            case Payload::None: return false;
            case Payload::List: writeJsonArray(payload.rows, data::JsonStyle::Minified, response.body); break;
            case Payload::Object:
                writeJsonObject(payload.rows, 0, data::JsonStyle::Minified, response.body);
                break;
            case Payload::Document:
                if (!payload.document)
                    return false;
                // Text from outside need not be UTF-8; a replacement character is better than no answer.
                response.body =
                    payload.document->dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
                break;
        }
        response.fields.set("Content-Type", "application/json");
        return true;
    }

    void encode(Exchange& exchange) override {
        auto& response = exchange.response;
        if (response.prepared || m_shared->preference.empty() || !mayBeCoded(response))
            return;
        const auto acceptEncoding = acceptEncodingOf(exchange.request);
        const auto& choice = m_negotiator.choose(acceptEncoding);
        if (!choice.best)
            return refuse(exchange);
        addToVary(response.fields, "Accept-Encoding");
        // Below minSize only for a client that takes nothing else.
        const bool isSmall = response.body.size() < m_shared->minSize && choice.identityIsFine;
        if (*choice.best == Coding::Identity || isSmall ||
            !m_compressor.compress(*choice.best, response.body, m_coded)) {
            skip(response.body.size());
            return;
        }
        m_shared->count(Encoded);
        m_shared->count(BytesIn, response.body.size());
        m_shared->count(BytesOut, m_coded.size());
        m_shared->count(BytesSaved, response.body.size() - m_coded.size());
        response.body.assign(m_coded);  // keeps the roomy buffer here and the answer small
        response.body.shrink_to_fit();
        response.fields.set("Content-Encoding", codingName(*choice.best));
        // A tag from elsewhere named the bytes as they came; of these it names the meaning only (RFC 9110
        // section 8.8.3.3).
        if (const auto tag = response.fields.get("ETag"); tag && !tag->starts_with("W/"))
            response.fields.set("ETag", "W/" + std::string(*tag));
        exchange.note("encoding", Nanos(0), std::string(codingName(*choice.best)));
    }

private:
    /// Several lines of the field count as one list; one is what clients send, without a copy.
    std::optional<std::string_view> acceptEncodingOf(const http::Request& request) {
        int lines = 0;
        std::optional<std::string_view> only;
        for (const auto& line : request.fields)
            if (http::iequals(line.name, "Accept-Encoding") && ++lines == 1)
                only = line.value;
        if (lines <= 1)
            return only;
        m_joined = request.joined("Accept-Encoding");
        return m_joined;
    }

    void skip(std::size_t bytes) {
        m_shared->count(Skipped);
        m_shared->count(BytesIn, bytes);
        m_shared->count(BytesOut, bytes);
    }

    void refuse(Exchange& exchange) const {
        m_shared->count(NotAcceptable);
        std::string known;
        for (const Coding one : m_shared->preference)
            known += std::string(codingName(one)) + ", ";
        auto response = http::problem(406, "No content coding in Accept-Encoding is available",
                                      "Available: " + known + "identity.");
        addToVary(response.fields, "Accept-Encoding");
        exchange.answer(std::move(response));
    }

    std::shared_ptr<Shared> m_shared;
    Negotiator m_negotiator;
    coding::Compressor m_compressor;
    std::string m_coded;  ///< Reused: as large as the largest body so far.
    std::string m_joined;
};

std::unique_ptr<engine::Stage> Shared::makeStage() {
    return std::make_unique<EncodingStage>(shared_from_this());
}

Result<std::shared_ptr<engine::State>> make(const engine::ToggleContext& context) {
    return std::make_shared<Shared>(context.params);
}

}  // namespace

const engine::ToggleDef& def() {
    static const engine::ToggleDef kDef{
        .id = "encoding",
        .number = 6,
        .title = "Encoding",
        .summary = "Minified JSON, compressed with gzip, br or zstd as the client accepts.",
        .off = "Pretty-printed JSON, uncompressed.",
        .why = "Most of a JSON answer is repetition; fewer bytes arrive sooner on every real network.",
        .moves = "bytes per answer, and p50 wherever the network is slower than the compressor",
        .costs = "CPU for every answer that is not cached; on loopback it can make answers slower.",
        .group = engine::Group::Answer,
        .phases = engine::phaseBits({engine::Phase::Represent, engine::Phase::Encode}),
        .params = kParams,
        .counters = kCounters,
        .figure = {.kind = engine::Figure::Share,
                   .part = "bytesSaved",
                   .rest = "bytesOut",
                   .label = "bytes saved"},
        .doc = kDoc,
        .make = make};
    return kDef;
}

}  // namespace hone::toggles::encoding
