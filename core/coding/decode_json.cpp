#include "core/coding/decode_json.h"

#include "core/coding/avro_reader.h"
#include "core/coding/protobuf_reader.h"
#include "core/http/message.h"
#include "core/http/syntax.h"

#include <nlohmann/json.hpp>

namespace hone::coding {
namespace {

using nlohmann::ordered_json;

struct MediaType {
    std::string_view name;
    Format format;
};
/// What is registered and what is in use.
constexpr MediaType kMediaTypes[] = {
    {"application/json", Format::Json},
    {"text/json", Format::Json},
    {"application/msgpack", Format::Msgpack},
    {"application/vnd.msgpack", Format::Msgpack},
    {"application/x-msgpack", Format::Msgpack},
    {"application/cbor", Format::Cbor},
    {"application/x-protobuf", Format::Protobuf},
    {"application/protobuf", Format::Protobuf},
    {"application/vnd.google.protobuf", Format::Protobuf},
    {"application/avro", Format::Avro},
    {"avro/binary", Format::Avro},
    {"application/vnd.apache.avro", Format::Avro},
};

std::string_view essence(std::string_view contentType) {
    return http::trim(contentType.substr(0, contentType.find(';')));
}

/// Builds the value as nlohmann's own handler does, and stops where it gets too deep: its readers recurse.
class Handler : public nlohmann::detail::json_sax_dom_parser<ordered_json> {
    using Base = nlohmann::detail::json_sax_dom_parser<ordered_json>;

public:
    explicit Handler(ordered_json& into) : Base(into, /*allow_exceptions=*/false) {}
    bool start_object(std::size_t size) { return enter() && Base::start_object(plausible(size)); }
    bool end_object() { return leave() && Base::end_object(); }
    bool start_array(std::size_t size) { return enter() && Base::start_array(plausible(size)); }
    bool end_array() { return leave() && Base::end_array(); }
    bool isTooDeep = false;

private:
    bool enter() {
        isTooDeep = ++m_depth > kDeepest;
        return !isTooDeep;
    }
    bool leave() {
        --m_depth;
        return true;
    }
    /// A promised size is not reason to throw or to allocate; the elements are counted as they come.
    static std::size_t plausible(std::size_t) { return static_cast<std::size_t>(-1); }

    int m_depth = 0;
};

Result<ordered_json> read(std::string_view bytes, Format format, nlohmann::detail::input_format_t input) {
    ordered_json value;
    Handler handler(value);
    bool isRead = false;
    try {
        isRead = ordered_json::sax_parse(bytes, &handler, input);
    } catch (const std::exception& error) {
        return fail(Error::Malformed, "{} of {} bytes that cannot be read: {}", formatName(format),
                    bytes.size(), error.what());
    }
    if (handler.isTooDeep)
        return fail(Error::Malformed, "{} nested deeper than {} levels", formatName(format), kDeepest);
    if (!isRead || handler.is_errored())
        return fail(Error::Malformed, "{} of {} bytes that is damaged or cut short", formatName(format),
                    bytes.size());
    return value;
}

}  // namespace

std::string_view formatName(Format format) {
    switch (format) {
        case Format::Json: return "JSON";
        case Format::Msgpack: return "MessagePack";
        case Format::Cbor: return "CBOR";
        case Format::Protobuf: return "Protocol Buffers";
        case Format::Avro: return "Avro";
    }
    return {};
}

std::optional<Format> formatOf(std::string_view contentType) {
    const auto type = http::lower(essence(contentType));
    for (const auto& [name, format] : kMediaTypes)
        if (type == name)
            return format;
    // Structured syntax suffixes (RFC 6838 section 4.2.8): problem+json, vnd.api+json, senml+cbor.
    if (type.ends_with("+json"))
        return Format::Json;
    if (type.ends_with("+cbor"))
        return Format::Cbor;
    return std::nullopt;
}

std::string describedBy(std::string_view linkField) {
    std::string_view link;
    while (http::nextMember(linkField, link)) {
        const auto close = link.find('>');
        if (!link.starts_with('<') || close == link.npos)
            continue;
        std::string_view parameters = link.substr(close + 1), one;
        while (http::nextMember(parameters, one, ';')) {
            const auto equals = one.find('=');
            if (equals != one.npos && http::iequals(http::trim(one.substr(0, equals)), "rel") &&
                http::iequals(http::unquote(http::trim(one.substr(equals + 1))), "describedby"))
                return std::string(link.substr(1, close - 1));
        }
    }
    return {};
}

Result<ordered_json> decodeToJson(std::string_view contentType, std::string_view bytes,
                                  std::string_view schema) {
    const auto format = formatOf(contentType);
    if (!format)
        return fail(Error::Unsupported, "\"{}\" is no representation that can be read as JSON", contentType)
            .hint("Known: JSON, MessagePack, CBOR, Protocol Buffers, Avro.");
    using enum nlohmann::detail::input_format_t;
    switch (*format) {
        case Format::Json: return read(bytes, *format, json);
        case Format::Msgpack: return read(bytes, *format, msgpack);
        case Format::Cbor: return read(bytes, *format, cbor);
        case Format::Protobuf: return readProtobuf(contentType, bytes, schema);
        case Format::Avro: return readAvroContainer(bytes);
    }
    return fail(Error::Internal, "a format without a reader");
}

}  // namespace hone::coding
