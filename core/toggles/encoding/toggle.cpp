#include "core/toggles/encoding/encoding_state.h"
#include "toggles/encoding/doc.h"

namespace hone::toggles::encoding {
namespace {

const hone::Choice kFormats[] = {
    {.id = "minified", .label = "Minified JSON", .help = "No spaces or line breaks."},
    {.id = "pretty", .label = "Pretty JSON", .help = "As without this toggle: two spaces a level."},
};
const hone::Choice kPreferences[] = {
    {.id = "speed", .label = "Least CPU", .help = "zstd, then gzip, then br."},
    {.id = "size", .label = "Fewest bytes", .help = "br, then zstd, then gzip."},
};

const hone::Choice kDefaults[] = {
    {.id = "json", .label = "JSON"}, {.id = "msgpack", .label = "MessagePack"},
    {.id = "cbor", .label = "CBOR"}, {.id = "protobuf", .label = "Protocol Buffers"},
    {.id = "avro", .label = "Avro"},
};

const Param kParams[] = {
    {.id = "format",
     .label = "Format",
     .help = "How JSON is written.",
     .initial = "minified",
     .choices = kFormats},
    {.id = "default",
     .label = "Default format",
     .help = "What clients get that accept anything; who names types in Accept gets one of those.",
     .initial = "json",
     .choices = kDefaults},
    {.id = "msgpack",
     .label = "MessagePack",
     .help = "Offer application/msgpack: JSON's values in fewer bytes.",
     .initial = true},
    {.id = "cbor", .label = "CBOR", .help = "Offer application/cbor (RFC 8949).", .initial = true},
    {.id = "protobuf",
     .label = "Protocol Buffers",
     .help = "Offer application/x-protobuf; the .proto of each table is under /schema/.",
     .initial = true},
    {.id = "avro",
     .label = "Avro",
     .help = "Offer avro/binary, as object container files; the schema of each table is under /schema/.",
     .initial = true},
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
    {.id = "storedSize",
     .label = "Kept copies",
     .help = "Room for answers that are sent again and again, compressed once more at a high level by a "
             "thread of its own. 0: none.",
     .unit = Unit::Bytes,
     .initial = 67'108'864,
     .min = 0,
     .max = 17'179'869'184,
     .advanced = true},
    {.id = "storedAfter",
     .label = "Sends before that",
     .help = "How often a worker sends the same kept answer before a better copy is worth making.",
     .initial = 8,
     .min = 1,
     .max = 1'000'000,
     .advanced = true},
    {.id = "requestLimit",
     .label = "Largest request",
     .help = "Coded requests (Content-Encoding) may be this large when decoded; beyond it 413.",
     .unit = Unit::Bytes,
     .initial = 16'777'216,
     .min = 1024,
     .max = 1'073'741'824,
     .advanced = true},
    {.id = "requestRatio",
     .label = "Largest ratio",
     .help = "How many times its size a coded request may become; beyond it 400, as it looks like a bomb.",
     .initial = 100,
     .min = 2,
     .max = 10'000,
     .advanced = true},
};

const engine::Counter kCounters[] = {
    {.id = "bytesIn", .label = "Bytes before content coding", .unit = Unit::Bytes},
    {.id = "bytesOut", .label = "Bytes after content coding", .unit = Unit::Bytes},
    {.id = "bytesSaved", .label = "Bytes saved by content coding", .unit = Unit::Bytes},
    {.id = "encoded", .label = "Answers compressed"},
    {.id = "skipped", .label = "Answers left as they were"},
    {.id = "binary", .label = "Answers in a binary format"},
    {.id = "notAcceptable", .label = "Requests no format or coding suited (406)"},
    {.id = "streamed", .label = "Answers compressed while they came"},
    {.id = "requestsDecoded", .label = "Requests decompressed"},
    {.id = "requestsRefused", .label = "Requests in an unknown coding (415)"},
    {.id = "recompressed", .label = "Kept answers compressed better"},
    {.id = "recompressedSaved", .label = "Bytes saved by that, each send", .unit = Unit::Bytes},
    {.id = "copiesSize", .label = "Better copies", .kind = engine::Counter::Level, .unit = Unit::Bytes},
};
static_assert(std::size(kCounters) == kCounts + 3, "readCounters() adds three of the copies");

constexpr std::string_view kPaths[] = {"/schema/"};

Result<std::shared_ptr<engine::State>> make(const engine::ToggleContext& context) {
    return std::make_shared<EncodingState>(readSettings(context.params), context.datasets);
}

}  // namespace

const engine::ToggleDef& def() {
    static const engine::ToggleDef kDef{
        .id = "encoding",
        .number = 6,
        .title = "Encoding",
        .summary = "Minified JSON, MessagePack, CBOR, Protobuf or Avro, compressed, as the client accepts.",
        .off = "Pretty-printed JSON, uncompressed.",
        .why = "Most of a JSON answer is repetition; fewer bytes arrive sooner on every real network.",
        .moves = "bytes per answer, and p50 wherever the network is slower than the compressor",
        .costs = "CPU for every answer that is not cached; on loopback it can make answers slower.",
        .group = engine::Group::Answer,
        .phases = engine::phaseBits(
            {engine::Phase::Plan, engine::Phase::Represent, engine::Phase::Encode, engine::Phase::Finish}),
        .params = kParams,
        .counters = kCounters,
        .figure = {.kind = engine::Figure::Share,
                   .part = "bytesSaved",
                   .rest = "bytesOut",
                   .label = "bytes saved"},
        .doc = kDoc,
        .paths = kPaths,
        .make = make};
    return kDef;
}

}  // namespace hone::toggles::encoding
