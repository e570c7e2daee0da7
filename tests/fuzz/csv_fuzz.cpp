// CSV records, detection of delimiters and types, and UTF-8 repair.

#include "tests/fuzz/fuzz.h"

#include "core/data/csv_reader.h"
#include "core/data/type_detection.h"
#include "core/data/utf8.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <vector>

using namespace hone;
using namespace hone::data;

namespace {

using Records = std::vector<std::vector<std::string>>;

/// All records, or none when the text is malformed.
Result<Records> readAll(std::string_view text, char delimiter) {
    CsvReader reader(text, delimiter);
    Records records;
    std::int64_t line = 0;
    std::size_t position = 0;
    for (;;) {
        const auto more = reader.next();
        if (!more) {
            FUZZ_CHECK(more.error().code == Error::Malformed && !more.error().hint.empty());
            return fail(more.error());
        }
        if (!*more)
            break;
        FUZZ_CHECK(!reader.fields().empty());
        FUZZ_CHECK(reader.line() > line);
        FUZZ_CHECK(reader.position() > position && reader.position() <= text.size());
        line = reader.line();
        position = reader.position();
        records.emplace_back(reader.fields().begin(), reader.fields().end());
    }
    return records;
}

std::string written(const Records& records, char delimiter) {
    std::string out;
    for (const auto& record : records) {
        for (std::size_t i = 0; i < record.size(); ++i) {
            out += i > 0 ? std::string(1, delimiter) : "";
            out += '"';
            for (const char c : record[i])
                out += c == '"' ? std::string("\"\"") : std::string(1, c);
            out += '"';
        }
        out += "\r\n";
    }
    return out;
}

void types(std::string_view text) {
    const Scalar scalar = scalarOf(text);
    FUZZ_CHECK((scalar.kind == Scalar::Null) == text.empty());
    if (scalar.kind == Scalar::Integer)
        FUZZ_CHECK(scalarOf(fmt::format("{}", scalar.integer)).integer == scalar.integer);
    if (scalar.kind == Scalar::Real)
        FUZZ_CHECK(std::isfinite(scalar.real));
    if (scalar.kind == Scalar::Boolean)
        FUZZ_CHECK(scalar.integer == 0 || scalar.integer == 1);
}

void utf8(std::string_view text) {
    const std::string repaired = repairedUtf8(text);
    FUZZ_CHECK(isUtf8(repaired));
    FUZZ_CHECK(isUtf8(text) == (repaired == text));
    FUZZ_CHECK(repaired.size() <= text.size() * 3);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    utf8(text);
    const char found = detectDelimiter(text);
    FUZZ_CHECK(std::string_view(",;\t|").contains(found));
    for (const char delimiter : {found, ','}) {
        const auto records = readAll(text, delimiter);
        if (!records)
            continue;
        const auto again = readAll(written(*records, delimiter), delimiter);
        FUZZ_CHECK(again == *records);
        TypeDetector forwards, backwards;
        for (const auto& record : *records)
            for (const auto& field : record) {
                types(field);
                forwards.add(scalarOf(field));
            }
        for (auto record = records->rbegin(); record != records->rend(); ++record)
            for (auto field = record->rbegin(); field != record->rend(); ++field)
                backwards.add(scalarOf(*field));
        FUZZ_CHECK(forwards.type() == backwards.type());
    }
    return 0;
}
