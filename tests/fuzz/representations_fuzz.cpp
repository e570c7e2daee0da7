// Accept, and the decoders of every representation: no bytes may do more than be refused.

#include "tests/fuzz/fuzz.h"

#include "core/coding/avro_reader.h"
#include "core/coding/codec.h"
#include "core/coding/decode_json.h"
#include "core/toggles/encoding/format_choice.h"

#include <nlohmann/json.hpp>

#include <algorithm>

using namespace hone;
using namespace hone::coding;

namespace {

constexpr std::string_view kTypes[] = {"application/json", "application/msgpack", "application/cbor",
                                       "application/avro", "application/x-protobuf; proto=T"};
constexpr char kProto[] =
    "syntax = \"proto3\"; message T { optional int64 a = 1; repeated T b = 2;"
    " double c = 3; string d = 4; }";
constexpr char kAvro[] =
    R"({"type":"record","name":"T","fields":[{"name":"a","type":["null","long","T"]},{"name":"b","type":{"type":"array","items":"null"}},{"name":"c","type":{"type":"map","values":"double"}}]})";

/// What was read can be written and read again; a refusal has its reason.
void decode(std::string_view type, std::string_view bytes, std::string_view schema) {
    const auto value = decodeToJson(type, bytes, schema);
    if (!value) {
        FUZZ_CHECK(!value.error().what.empty());
        return;
    }
    const auto text = value->dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
    FUZZ_CHECK(decodeToJson("application/json", text).has_value());
}

void accept(std::string_view field, std::uint8_t how) {
    using toggles::encoding::FormatChoice;
    FormatChoice choice({Format::Json, Format::Msgpack, Format::Cbor, Format::Protobuf, Format::Avro});
    const bool withSchema = (how & 1) != 0;
    const auto first = choice.choose(field, withSchema);
    FUZZ_CHECK(first.format.has_value() == !first.mediaType.empty());
    FUZZ_CHECK(!first.format || formatOf(first.mediaType) == first.format);
    FUZZ_CHECK(withSchema || !first.format || !toggles::encoding::isSchemaFormat(*first.format));
    FUZZ_CHECK(choice.choose(field, withSchema).format == first.format);
    const auto link = describedBy(field);
    FUZZ_CHECK(link.empty() || field.find(link) != field.npos);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fuzz::Input input(data, size);
    const std::uint8_t how = input.byte();
    const auto type = kTypes[how % std::size(kTypes)];
    decode(type, input.rest(), type.contains("proto") ? kProto : "");
    decode("application/x-protobuf", "\x08\x01", input.rest());
    if (const auto value = readAvroDatum(kAvro, input.rest()))
        FUZZ_CHECK(value->is_object());
    for (const char* coding : {"gzip", "br", "zstd"}) {
        const auto plain = decodeContent(coding, input.rest(), 1 << 16);
        FUZZ_CHECK(!plain || plain->size() <= 1 << 16);
    }
    accept(input.rest(), how);
    return 0;
}
