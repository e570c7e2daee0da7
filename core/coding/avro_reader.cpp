#include "core/coding/avro_reader.h"

#include "core/coding/decode_json.h"

#include <nlohmann/json.hpp>

#include <bit>
#include <cstring>
#include <map>

namespace hone::coding {
namespace {

using nlohmann::json;
using nlohmann::ordered_json;

/// Thrown inside this file only; the public functions turn it into an Error.
struct Broken {
    Error::Code code;
    std::string what;
};
[[noreturn]] void broken(std::string what, Error::Code code = Error::Malformed) {
    throw Broken{code, std::move(what)};
}

/// The bytes not read yet. Every read is checked.
class Bytes {
public:
    explicit Bytes(std::string_view bytes) : m_rest(bytes) {}

    [[nodiscard]] bool empty() const { return m_rest.empty(); }
    [[nodiscard]] std::size_t size() const { return m_rest.size(); }
    std::string_view take(std::uint64_t count) {
        if (count > m_rest.size())
            broken("the bytes end inside a value");
        const auto piece = m_rest.substr(0, count);
        m_rest.remove_prefix(count);
        return piece;
    }
    /// Variable-length zig-zag coding of int and long.
    std::int64_t number() {
        std::uint64_t value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            const auto byte = static_cast<std::uint8_t>(take(1)[0]);
            value |= static_cast<std::uint64_t>(byte & 0x7fU) << shift;
            if ((byte & 0x80U) == 0)
                return static_cast<std::int64_t>((value >> 1) ^ (0 - (value & 1)));
        }
        broken("a number of more than ten bytes");
    }
    std::string_view text() {
        const auto length = number();
        if (length < 0)
            broken("a text of negative length");
        return take(static_cast<std::uint64_t>(length));
    }
    template <class Unsigned>
    Unsigned little() {
        Unsigned value = 0;
        const auto piece = take(sizeof value);
        for (std::size_t i = 0; i < sizeof value; ++i)
            value |= static_cast<Unsigned>(static_cast<std::uint8_t>(piece[i])) << (8 * i);
        return value;
    }

private:
    std::string_view m_rest;
};

/// Reads data of one schema. Thread: one.
class DatumReader {
public:
    /// `budget`: how many values there may be; a few bytes can promise arrays of billions of nulls.
    DatumReader(const json& schema, std::size_t budget) : m_schema(schema), m_left(budget) {
        learn(schema, 0);
    }

    ordered_json read(Bytes& bytes) { return value(m_schema, bytes, 0); }

private:
    /// Named types may be used again by their names.
    void learn(const json& type, int depth) {
        if (depth > kDeepest)
            broken("a schema nested too deeply");
        if (type.is_array()) {
            for (const auto& branch : type)
                learn(branch, depth + 1);
        } else if (type.is_object()) {
            if (const auto name = type.find("name"); name != type.end() && name->is_string()) {
                m_named.emplace(name->get<std::string>(), &type);
                if (const auto space = type.find("namespace"); space != type.end() && space->is_string())
                    m_named.emplace(space->get<std::string>() + "." + name->get<std::string>(), &type);
            }
            for (const char* inner : {"type", "items", "values"})
                if (const auto found = type.find(inner); found != type.end())
                    learn(*found, depth + 1);
            if (const auto fields = type.find("fields"); fields != type.end() && fields->is_array())
                for (const auto& field : *fields)
                    if (field.is_object() && field.contains("type"))
                        learn(field["type"], depth + 1);
        }
    }

    ordered_json value(const json& type, Bytes& bytes, int depth) {
        if (depth > kDeepest)
            broken("values nested too deeply");
        if (m_left-- == 0)
            broken("more values than the bytes can hold");
        if (type.is_array()) {  // a union: which branch, then its value
            const auto branch = bytes.number();
            if (branch < 0 || static_cast<std::size_t>(branch) >= type.size())
                broken("a union has no such branch");
            return value(type[static_cast<std::size_t>(branch)], bytes, depth + 1);
        }
        if (type.is_string())
            return named(type.get_ref<const std::string&>(), bytes, depth);
        const auto kind = type.is_object() ? type.find("type") : type.end();
        if (!type.is_object() || kind == type.end())
            broken("a type in the schema is neither a name, an object nor a union");
        if (!kind->is_string())
            return value(*kind, bytes, depth + 1);
        return complex(kind->get_ref<const std::string&>(), type, bytes, depth);
    }

    ordered_json named(const std::string& name, Bytes& bytes, int depth) {
        if (name == "null")
            return nullptr;
        if (name == "boolean")
            return bytes.take(1)[0] != 0;
        if (name == "int" || name == "long")
            return bytes.number();
        if (name == "float")
            return static_cast<double>(std::bit_cast<float>(bytes.little<std::uint32_t>()));
        if (name == "double")
            return std::bit_cast<double>(bytes.little<std::uint64_t>());
        if (name == "string" || name == "bytes")
            return std::string(bytes.text());
        const auto known = m_named.find(name);
        if (known == m_named.end())
            broken("the schema has no type \"" + name + "\"");
        return value(*known->second, bytes, depth + 1);
    }

    ordered_json complex(const std::string& kind, const json& type, Bytes& bytes, int depth) {
        if (kind == "record")
            return record(type, bytes, depth);
        if (kind == "array" || kind == "map")
            return blocks(kind == "map", type.value(kind == "map" ? "values" : "items", json()), bytes,
                          depth);
        if (kind == "enum") {
            const auto symbols = type.value("symbols", json::array());
            const auto at = bytes.number();
            if (at < 0 || static_cast<std::size_t>(at) >= symbols.size())
                broken("an enum has no such symbol");
            return symbols[static_cast<std::size_t>(at)].get<std::string>();
        }
        if (kind == "fixed")
            return std::string(bytes.take(type.value("size", std::uint64_t{0})));
        return named(kind, bytes, depth);
    }

    ordered_json record(const json& type, Bytes& bytes, int depth) {
        auto out = ordered_json::object();
        for (const auto& field : type.value("fields", json::array())) {
            const auto& called = field.contains("column") ? field["column"] : field.at("name");
            out[called.get<std::string>()] = value(field.at("type"), bytes, depth + 1);
        }
        return out;
    }

    /// Arrays and maps come in blocks; a negative count is followed by the block's size in bytes.
    ordered_json blocks(bool isMap, const json& item, Bytes& bytes, int depth) {
        auto out = isMap ? ordered_json::object() : ordered_json::array();
        for (std::int64_t count = bytes.number(); count != 0; count = bytes.number()) {
            if (count < 0)
                (void)bytes.number();
            for (auto left = count < 0 ? 0 - static_cast<std::uint64_t>(count)
                                       : static_cast<std::uint64_t>(count);
                 left > 0; --left) {
                if (isMap) {
                    const std::string key(bytes.text());
                    out[key] = value(item, bytes, depth + 1);
                } else {
                    out.push_back(value(item, bytes, depth + 1));
                }
            }
        }
        return out;
    }

    const json& m_schema;
    std::map<std::string, const json*, std::less<>> m_named;
    std::size_t m_left;
};

std::size_t budgetFor(std::string_view bytes) { return 1024 + bytes.size() * 4; }

json parseSchema(std::string_view text) {
    auto schema = decodeToJson("application/json", text);  // not deeper than anybody can read
    if (!schema)
        broken("its schema is no JSON");
    return json(*schema);
}

using Metadata = std::map<std::string, std::string, std::less<>>;

Metadata readMetadata(Bytes& bytes) {
    Metadata out;
    for (std::int64_t count = bytes.number(); count != 0; count = bytes.number()) {
        if (count < 0)
            (void)bytes.number();
        for (auto left = count < 0 ? 0 - static_cast<std::uint64_t>(count)
                                   : static_cast<std::uint64_t>(count);
             left > 0; --left) {
            std::string key(bytes.text());
            out.insert_or_assign(std::move(key), std::string(bytes.text()));
        }
    }
    return out;
}

ordered_json container(std::string_view whole) {
    Bytes bytes(whole);
    if (bytes.take(4) != std::string_view("Obj\x01", 4))
        broken("it does not begin with Obj and 1");
    const auto metadata = readMetadata(bytes);
    const auto find = [&](std::string_view key) {
        const auto found = metadata.find(key);
        return found == metadata.end() ? std::string() : found->second;
    };
    if (const auto codec = find("avro.codec"); !codec.empty() && codec != "null")
        broken("its codec \"" + codec + "\" is not read here", Error::Unsupported);
    const auto sync = bytes.take(16);
    const json schema = parseSchema(find("avro.schema"));
    DatumReader reader(schema, budgetFor(whole));
    auto out = ordered_json::array();
    while (!bytes.empty()) {
        const auto count = bytes.number();
        Bytes block(bytes.text());
        for (std::int64_t i = 0; i < count; ++i)
            out.push_back(reader.read(block));
        if (count < 0 || !block.empty() || bytes.take(16) != sync)
            broken("a block is not as long as it says");
    }
    if (find("hone.payload") != "object")
        return out;
    if (out.size() != 1)
        broken("it should hold one object");
    return std::move(out[0]);
}

template <class Read>
Result<ordered_json> guarded(std::size_t size, Read read) {
    try {
        return read();
    } catch (const Broken& error) {
        return fail(error.code, "Avro of {} bytes that cannot be read: {}", size, error.what);
    } catch (const json::exception& error) {  // a schema that is JSON but no schema
        return fail(Error::Malformed, "Avro with an unusable schema: {}", error.what());
    }
}

}  // namespace

Result<ordered_json> readAvroContainer(std::string_view bytes) {
    return guarded(bytes.size(), [&] { return container(bytes); });
}

Result<ordered_json> readAvroDatum(std::string_view schema, std::string_view bytes) {
    return guarded(bytes.size(), [&] {
        const json parsed = parseSchema(schema);
        Bytes rest(bytes);
        auto out = DatumReader(parsed, budgetFor(bytes)).read(rest);
        if (!rest.empty())
            broken("bytes follow the value");
        return out;
    });
}

}  // namespace hone::coding
