// Whole imports of CSV, JSON and JSON Lines into a database in memory: a refusal says why, and what was
// accepted is all there.

#include "tests/fuzz/fuzz.h"

#include "core/data/csv_reader.h"
#include "core/data/importer.h"
#include "core/data/json_place.h"
#include "core/data/utf8.h"

#include <nlohmann/json.hpp>

using namespace hone;
using namespace hone::data;
using nlohmann::json;

namespace {

constexpr std::size_t kPadding = 64;  // what the JSON reader may look at beyond the end

/// Rows of all tables together.
std::int64_t storedRows(const sqlite::Connection& db) {
    auto names = db.prepare("SELECT name FROM sqlite_master WHERE type = 'table'");
    FUZZ_CHECK(names.has_value());
    std::int64_t rows = 0, tables = 0;
    for (; names->step().value_or(false); ++tables) {
        const auto count = db.scalar("SELECT count(*) FROM " + sqlite::quoted(names->text(0)));
        FUZZ_CHECK(count.has_value());
        rows += *count;
    }
    FUZZ_CHECK(tables > 0);
    return rows;
}

std::int64_t recordsOf(std::string_view text, char delimiter) {
    CsvReader reader(text, delimiter);
    std::int64_t records = 0;
    while (reader.next().value_or(false))
        ++records;
    return records;
}

void csv(Importer& importer, std::string_view text) {
    const char delimiter = detectDelimiter(text);
    const auto done = importCsv(importer, text, delimiter, "data");
    if (done)
        FUZZ_CHECK(storedRows(importer.db()) == recordsOf(text, delimiter) - 1);
    else
        FUZZ_CHECK(!done.error().what.empty() && done.error().code != Error::Internal);
}

void jsonDocument(Importer& importer, std::string_view text) {
    const json document = json::parse(text, nullptr, false);
    const auto problem = findJsonProblem(text);
    if (document.is_discarded())
        FUZZ_CHECK(problem && problem->line >= 1 && !problem->problem.empty());
    const auto done = importJson(importer, text, "data");
    if (!done) {
        FUZZ_CHECK(!done.error().what.empty() && done.error().code != Error::Internal);
        return;
    }
    FUZZ_CHECK(!document.is_discarded());
    if (document.is_array())
        FUZZ_CHECK(storedRows(importer.db()) == static_cast<std::int64_t>(document.size()));
}

void jsonLines(Importer& importer, std::string_view text) {
    const auto done = importJsonLines(importer, text, "data");
    if (done)
        FUZZ_CHECK(storedRows(importer.db()) <= 1 + std::ranges::count(text, '\n'));
    else
        FUZZ_CHECK(!done.error().what.empty() && done.error().code != Error::Internal);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fuzz::Input input(data, size);
    const std::size_t kind = input.below(3);
    std::string bytes = repairedUtf8(input.rest());  // as a file's text is before it is read
    const std::size_t length = bytes.size();
    bytes.append(kPadding, '\0');
    const std::string_view text(bytes.data(), length);
    const auto db = sqlite::Connection::open(":memory:", sqlite::Mode::Create);
    FUZZ_CHECK(db.has_value());
    const OnProgress nobody;  // the importer keeps a reference
    Importer importer("input", **db, {}, nobody);
    if (kind == 0)
        csv(importer, text);
    else if (kind == 1)
        jsonDocument(importer, text);
    else
        jsonLines(importer, text);
    return 0;
}
