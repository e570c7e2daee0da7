#include "core/data/json_place.h"
#include "core/data/table_writer.h"
#include "core/data/values.h"

#include <simdjson.h>

#include <charconv>
#include <unordered_map>

namespace hone::data {
namespace {

namespace dom = simdjson::dom;
using OnObject = std::function<Result<>(dom::object)>;
/// Calls its argument with every row of a source; callable twice, with the same rows.
using Rows = std::function<Result<>(const OnObject&)>;

/// Finds columns by key without allocating; objects of one file mostly agree in the order of their keys.
class ColumnIndex {
public:
    std::size_t add(std::string_view key) {
        const std::size_t at = find(key, m_next);
        if (at == names.size()) {
            names.emplace_back(key);
            m_byName.emplace(names.back(), at);
        }
        m_next = at + 1;
        return at;
    }
    void startRow() { m_next = 0; }

    std::vector<std::string> names;

private:
    struct Hash : std::hash<std::string_view> {
        using is_transparent = void;
    };
    [[nodiscard]] std::size_t find(std::string_view key, std::size_t expected) const {
        if (expected < names.size() && names[expected] == key)
            return expected;
        const auto found = m_byName.find(key);
        return found == m_byName.end() ? names.size() : found->second;
    }

    std::unordered_map<std::string, std::size_t, Hash, std::equal_to<>> m_byName;
    std::size_t m_next = 0;
};

Scalar scalarOf(dom::element value) {
    switch (value.type()) {
        case dom::element_type::NULL_VALUE: return {};
        case dom::element_type::BOOL:
            return {.kind = Scalar::Boolean, .integer = value.get_bool().value_unsafe() ? 1 : 0};
        case dom::element_type::INT64:
            return {.kind = Scalar::Integer, .integer = value.get_int64().value_unsafe()};
        case dom::element_type::DOUBLE:
            return {.kind = Scalar::Real, .real = value.get_double().value_unsafe()};
        default: return {.kind = Scalar::Text};  // Strings, nested values, and integers above 2^63.
    }
}

/// The value as text, for columns of text: strings as they are, the rest as compact JSON in `scratch`.
std::string_view textOf(dom::element value, std::string& scratch) {
    std::string_view text;
    if (value.get_string().get(text) == simdjson::SUCCESS)
        return text;
    if (value.type() == dom::element_type::DOUBLE) {  // is_double() would also be true for integers.
        char digits[32];
        scratch.assign(digits,
                       std::to_chars(digits, digits + sizeof digits, value.get_double().value_unsafe()).ptr);
    } else {
        scratch = simdjson::minify(value);
    }
    return scratch;
}

Result<> importRows(Importer& importer, const Rows& rows, std::string_view table) {
    ColumnIndex index;
    std::vector<TypeDetector> detectors;
    std::vector<std::int64_t> values;
    std::int64_t count = 0;
    const auto detected = rows([&](dom::object object) -> Result<> {
        ++count;
        index.startRow();
        for (const auto [key, value] : object) {
            const std::size_t at = index.add(key);
            if (at == detectors.size()) {
                detectors.emplace_back();
                values.push_back(0);
            }
            const Scalar scalar = scalarOf(value);
            detectors[at].add(scalar);
            values[at] += scalar.kind == Scalar::Null ? 0 : 1;
        }
        return importer.tick(count, 0);
    });
    if (!detected)
        return detected;
    std::vector<ColumnType> types;
    bool idIsComplete = true;
    for (std::size_t i = 0; i < detectors.size(); ++i) {
        types.push_back(detectors[i].type());
        idIsComplete = idIsComplete && !(isIdName(safeName(index.names[i], "")) && values[i] < count);
    }
    TablePlan plan(importer.tableNames.take(std::string(table)), index.names, std::move(types), idIsComplete);
    return writeTable(importer, std::move(plan), [&](TableWriter& writer) {
        std::vector<std::string> scratch(index.names.size());
        std::int64_t done = count;
        return rows([&](dom::object object) -> Result<> {
            index.startRow();
            for (const auto [key, value] : object) {
                const std::size_t at = index.add(key);
                writer.set(at, scalarOf(value), textOf(value, scratch[at]));
            }
            if (const auto written = writer.insert(); !written)
                return written;
            return importer.tick(++done, 2 * count);
        });
    });
}

std::string_view kindName(dom::element value) {
    switch (value.type()) {
        case dom::element_type::ARRAY: return "an array";
        case dom::element_type::OBJECT: return "an object";
        case dom::element_type::STRING: return "a string";
        case dom::element_type::BOOL: return "a boolean";
        case dom::element_type::NULL_VALUE: return "null";
        default: return "a number";
    }
}

/// Rows of an array that is the document, or its member `member` when not empty.
Rows rowsOf(Importer& importer, dom::array array, std::string_view text, std::string_view member) {
    return [&importer, array, text, member](const OnObject& onObject) -> Result<> {
        std::int64_t element = 0;
        for (const dom::element value : array) {
            dom::object object;
            if (value.get_object().get(object) != simdjson::SUCCESS)
                return fail(Error::Malformed, "{}:{}: element {}{} is {} ({}), not an object",
                            importer.source(), lineOfElement(text, member, element), element,
                            member.empty() ? "" : fmt::format(" of {}", member), kindName(value),
                            shown(std::string(simdjson::minify(value))))
                    .hint("Every element must be an object whose members are the columns.");
            if (const auto done = onObject(object); !done)
                return done;
            ++element;
        }
        return {};
    };
}

Failure badJson(const Importer& importer, std::string_view text, simdjson::error_code code) {
    if (code == simdjson::CAPACITY)
        return fail(Error::Unsupported, "{} is larger than 4 GB, too much for one JSON document",
                    importer.source())
            .hint("Write one object a line and name it .jsonl.");
    if (code == simdjson::MEMALLOC)
        return fail(Error::ResourceExhausted, "{} does not fit into memory", importer.source())
            .hint("Write one object a line and name it .jsonl.");
    const auto place = findJsonProblem(text);
    if (!place)
        return fail(Error::Malformed, "{}: {}", importer.source(), simdjson::error_message(code));
    auto failure = fail(Error::Malformed, "{}:{}:{} {}", importer.source(), place->line,
                        place->element ? fmt::format(" element {}:", *place->element) : "", place->problem);
    if (place->problem.find("expected end of input") != std::string::npos)
        return std::move(failure).hint("If every line is an object of its own, name the file .jsonl.");
    return failure;
}

Result<> importMembers(Importer& importer, dom::object document, std::string_view text) {
    bool any = false;
    for (const auto [key, value] : document) {
        const std::string table = safeName(key, "table");
        dom::array array;
        dom::object single;
        Result<> done;
        if (value.get_array().get(array) == simdjson::SUCCESS)
            done = importRows(importer, rowsOf(importer, array, text, key), table);
        else if (value.get_object().get(single) == simdjson::SUCCESS)
            done =
                importRows(importer, [single](const OnObject& onObject) { return onObject(single); }, table);
        else
            continue;  // A count or a date beside the tables.
        if (!done)
            return done;
        any = true;
    }
    if (!any)
        return fail(Error::Malformed, "{} holds no table: no member of its object is an array of objects",
                    importer.source())
            .hint("Use an array of objects, or an object whose members are such arrays.");
    return {};
}

}  // namespace

Result<> importJson(Importer& importer, std::string_view paddedText, std::string_view table) {
    dom::parser parser;
    dom::element document;
    // The bytes are followed by padding, so the parser need not copy them.
    if (const auto code = parser.parse(paddedText.data(), paddedText.size(), false).get(document);
        code != simdjson::SUCCESS)
        return badJson(importer, paddedText, code);
    if (dom::array array; document.get_array().get(array) == simdjson::SUCCESS) {
        if (array.size() == 0)
            return fail(Error::Malformed, "{} is an empty array", importer.source())
                .hint("Add at least one object.");
        return importRows(importer, rowsOf(importer, array, paddedText, ""), table);
    }
    if (dom::object object; document.get_object().get(object) == simdjson::SUCCESS)
        return importMembers(importer, object, paddedText);
    return fail(Error::Malformed, "{} is {}, not an array of objects", importer.source(), kindName(document))
        .hint("Use an array of objects, or an object whose members are such arrays.");
}

Result<> importJsonLines(Importer& importer, std::string_view paddedText, std::string_view table) {
    dom::parser parser;
    const Rows rows = [&](const OnObject& onObject) -> Result<> {
        std::int64_t number = 0;
        for (std::size_t at = 0; at < paddedText.size();) {
            const std::size_t end = std::min(paddedText.find('\n', at), paddedText.size());
            const std::string_view line = paddedText.substr(at, end - at);
            at = end + 1;
            ++number;
            if (line.find_first_not_of(" \t\r") == std::string_view::npos)
                continue;
            dom::element value;
            dom::object object;
            if (const auto code = parser.parse(line.data(), line.size(), false).get(value);
                code != simdjson::SUCCESS) {
                const auto place = findJsonProblem(line);
                return fail(Error::Malformed, "{}:{}: '{}' is not JSON: {}", importer.source(), number,
                            shown(line), place ? place->problem : simdjson::error_message(code))
                    .hint("Every line must be one JSON object.");
            }
            if (value.get_object().get(object) != simdjson::SUCCESS)
                return fail(Error::Malformed, "{}:{}: '{}' is {}, not an object", importer.source(), number,
                            shown(line), kindName(value))
                    .hint("Every line must be one JSON object.");
            if (const auto done = onObject(object); !done)
                return done;
        }
        if (number == 0)
            return fail(Error::Malformed, "{} is empty", importer.source())
                .hint("Every line must be one JSON object.");
        return {};
    };
    return importRows(importer, rows, table);
}

}  // namespace hone::data
