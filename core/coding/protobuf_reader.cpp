#include "core/coding/protobuf_reader.h"

#include "core/coding/decode_json.h"
#include "core/http/message.h"
#include "core/http/syntax.h"

#include <fmt/format.h>
#include <google/protobuf/compiler/parser.h>
#include <google/protobuf/descriptor.pb.h>
#include <google/protobuf/dynamic_message.h>
#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/tokenizer.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>
#include <nlohmann/json.hpp>

#include <limits>
#include <set>

namespace hone::coding {
namespace {

namespace pb = google::protobuf;
using nlohmann::ordered_json;
using Columns = std::set<std::string, std::less<>>;

/// Keeps the first complaint of the library.
class Complaints final : public pb::io::ErrorCollector, public pb::DescriptorPool::ErrorCollector {
public:
    void AddError(int line, pb::io::ColumnNumber column, const std::string& message) override {
        keep(fmt::format("line {}, column {}: {}", line + 1, column + 1, message));
    }
    void AddError(const std::string&, const std::string& element, const pb::Message*, ErrorLocation,
                  const std::string& message) override {
        keep(element + ": " + message);
    }
    std::string first;

private:
    void keep(std::string text) {
        if (first.empty())
            first = std::move(text);
    }
};

std::string protoParameter(std::string_view contentType) {
    std::string_view one;
    while (http::nextMember(contentType, one, ';'))
        if (const auto equals = one.find('=');
            equals != one.npos && http::iequals(http::trim(one.substr(0, equals)), "proto"))
            return http::unquote(http::trim(one.substr(equals + 1)));
    return {};
}

/// Every scalar becomes what JSON has for it. Thread: any.
class MessageReader {
public:
    ordered_json read(const pb::Message& message, const Columns* columns = nullptr) const {
        const auto& descriptor = *message.GetDescriptor();
        auto out = ordered_json::object();
        for (int i = 0; i < descriptor.field_count(); ++i) {
            const auto& field = *descriptor.field(i);
            if (!columns || columns->contains(field.json_name()))
                out[field.json_name()] = valueOf(message, field, columns);
        }
        return out;
    }

    ordered_json valueOf(const pb::Message& message, const pb::FieldDescriptor& field,
                         const Columns* columns = nullptr) const {
        const auto& reflection = *message.GetReflection();
        if (!field.is_repeated())
            return field.has_presence() && !reflection.HasField(message, &field)
                       ? ordered_json(nullptr)
                       : single(message, reflection, field, columns);
        auto out = ordered_json::array();
        for (int i = 0; i < reflection.FieldSize(message, &field); ++i)
            out.push_back(repeated(message, reflection, field, i, columns));
        return out;
    }

private:
    ordered_json single(const pb::Message& message, const pb::Reflection& from,
                        const pb::FieldDescriptor& field, const Columns* columns) const {
        using Field = pb::FieldDescriptor;
        switch (field.cpp_type()) {
            case Field::CPPTYPE_INT32: return from.GetInt32(message, &field);
            case Field::CPPTYPE_INT64: return from.GetInt64(message, &field);
            case Field::CPPTYPE_UINT32: return from.GetUInt32(message, &field);
            case Field::CPPTYPE_UINT64: return from.GetUInt64(message, &field);
            case Field::CPPTYPE_DOUBLE: return from.GetDouble(message, &field);
            case Field::CPPTYPE_FLOAT: return static_cast<double>(from.GetFloat(message, &field));
            case Field::CPPTYPE_BOOL: return from.GetBool(message, &field);
            case Field::CPPTYPE_ENUM: return from.GetEnum(message, &field)->name();
            case Field::CPPTYPE_STRING: return from.GetString(message, &field);
            case Field::CPPTYPE_MESSAGE: return read(from.GetMessage(message, &field), columns);
        }
        return nullptr;
    }
    ordered_json repeated(const pb::Message& message, const pb::Reflection& from,
                          const pb::FieldDescriptor& field, int i, const Columns* columns) const {
        using Field = pb::FieldDescriptor;
        switch (field.cpp_type()) {
            case Field::CPPTYPE_INT32: return from.GetRepeatedInt32(message, &field, i);
            case Field::CPPTYPE_INT64: return from.GetRepeatedInt64(message, &field, i);
            case Field::CPPTYPE_UINT32: return from.GetRepeatedUInt32(message, &field, i);
            case Field::CPPTYPE_UINT64: return from.GetRepeatedUInt64(message, &field, i);
            case Field::CPPTYPE_DOUBLE: return from.GetRepeatedDouble(message, &field, i);
            case Field::CPPTYPE_FLOAT: return static_cast<double>(from.GetRepeatedFloat(message, &field, i));
            case Field::CPPTYPE_BOOL: return from.GetRepeatedBool(message, &field, i);
            case Field::CPPTYPE_ENUM: return from.GetRepeatedEnum(message, &field, i)->name();
            case Field::CPPTYPE_STRING: return from.GetRepeatedString(message, &field, i);
            case Field::CPPTYPE_MESSAGE: return read(from.GetRepeatedMessage(message, &field, i), columns);
        }
        return nullptr;
    }
};

/// The value inside the envelope; any other message is the value itself.
ordered_json unwrap(const pb::Message& message) {
    const MessageReader reader;
    const auto& descriptor = *message.GetDescriptor();
    const auto* columns = descriptor.FindFieldByName("columns");
    const auto* inside = descriptor.FindFieldByName("items");
    if (!inside)
        inside = descriptor.FindFieldByName("item");
    const bool isEnvelope = descriptor.field_count() == 2 && columns && inside && columns->is_repeated() &&
                            columns->cpp_type() == pb::FieldDescriptor::CPPTYPE_STRING &&
                            inside->cpp_type() == pb::FieldDescriptor::CPPTYPE_MESSAGE;
    if (!isEnvelope)
        return reader.read(message);
    Columns only;
    const auto& reflection = *message.GetReflection();
    for (int i = 0; i < reflection.FieldSize(message, columns); ++i)
        only.insert(reflection.GetRepeatedString(message, columns, i));
    return reader.valueOf(message, *inside, only.empty() ? nullptr : &only);
}

Result<const pb::Descriptor*> messageType(const pb::FileDescriptor& file, std::string_view contentType) {
    const std::string name = protoParameter(contentType);
    if (name.empty() && file.message_type_count() == 1)
        return file.message_type(0);
    if (const auto* found = file.pool()->FindMessageTypeByName(name))
        return found;
    std::string known;
    for (int i = 0; i < file.message_type_count(); ++i)
        known += (i == 0 ? "" : ", ") + file.message_type(i)->full_name();
    return fail(Error::InvalidArgument, "the schema has no message \"{}\"", name)
        .hint("It has: {}. The media type names one by its parameter proto.", known);
}

}  // namespace

Result<ordered_json> readProtobuf(std::string_view contentType, std::string_view bytes,
                                  std::string_view schema) {
    constexpr std::size_t kLargest = std::numeric_limits<int>::max();  // of the library
    if (schema.empty())
        return fail(Error::InvalidArgument, "Protocol Buffers cannot be read without their .proto")
            .hint("The answer names it in Link with rel=\"describedby\".");
    if (schema.size() > kLargest || bytes.size() > kLargest)
        return fail(Error::InvalidArgument, "Protocol Buffers of more than 2 GiB");
    Complaints complaints;
    pb::io::ArrayInputStream text(schema.data(), static_cast<int>(schema.size()));
    pb::io::Tokenizer tokens(&text, &complaints);
    pb::compiler::Parser parser;
    parser.RecordErrorsTo(&complaints);
    pb::FileDescriptorProto parsed;
    pb::DescriptorPool pool;
    const pb::FileDescriptor* file = nullptr;
    if (parser.Parse(&tokens, &parsed)) {
        parsed.set_name("schema.proto");
        file = pool.BuildFileCollectingErrors(parsed, &complaints);
    }
    if (!file)
        return fail(Error::InvalidArgument, "the .proto cannot be used: {}", complaints.first);
    const auto type = messageType(*file, contentType);
    if (!type)
        return fail(Error(type.error()));
    pb::DynamicMessageFactory factory(&pool);
    const std::unique_ptr<pb::Message> message(factory.GetPrototype(*type)->New());
    pb::io::CodedInputStream input(reinterpret_cast<const std::uint8_t*>(bytes.data()),
                                   static_cast<int>(bytes.size()));
    input.SetRecursionLimit(kDeepest);
    if (!message->ParsePartialFromCodedStream(&input) || !input.ConsumedEntireMessage())
        return fail(Error::Malformed, "Protocol Buffers of {} bytes that are damaged or cut short",
                    bytes.size());
    return unwrap(*message);
}

}  // namespace hone::coding
