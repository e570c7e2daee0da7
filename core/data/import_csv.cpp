#include "core/data/csv_reader.h"
#include "core/data/table_writer.h"
#include "core/data/values.h"

namespace hone::data {
namespace {

Failure raggedRow(const Importer& importer, const CsvReader& reader, const std::vector<std::string>& header) {
    const auto fields = reader.fields();
    const auto counts =
        fmt::format("{} values where the header names {} columns", fields.size(), header.size());
    if (fields.size() > header.size())
        return fail(Error::Malformed, "{}:{}: {}; '{}' belongs to no column", importer.source(),
                    reader.line(), counts, shown(fields[header.size()]))
            .hint("Quote values that contain the delimiter.");
    return fail(Error::Malformed, "{}:{}: {}; column {} and what follows '{}' are missing", importer.source(),
                reader.line(), counts, header[fields.size()], shown(fields.back()))
        .hint("Write an empty value for what is not known.");
}

Failure at(const Importer& importer, Error error) {
    error.what = fmt::format("{}: {}", importer.source(), error.what);
    return fail(std::move(error));
}

Result<std::vector<std::string>> readHeader(const Importer& importer, CsvReader& reader) {
    const auto any = reader.next();
    if (!any)
        return at(importer, any.error());
    if (!*any)
        return fail(Error::Malformed, "{} is empty", importer.source())
            .hint("The first line must name the columns.");
    std::vector<std::string> header;
    for (const std::string_view field : reader.fields())
        header.emplace_back(field);
    return header;
}

/// Calls `row` with every record after the header, checked to have as many values as the header.
template <class Row>
Result<> eachRow(Importer& importer, std::string_view text, char delimiter, std::int64_t doneBefore,
                 Row&& row) {
    CsvReader reader(text, delimiter);
    const auto header = readHeader(importer, reader);
    if (!header)
        return fail(header.error());
    for (;;) {
        const auto more = reader.next();
        if (!more)
            return at(importer, more.error());
        if (!*more)
            return {};
        if (reader.fields().size() != header->size())
            return raggedRow(importer, reader, *header);
        if (const auto done = row(reader); !done)
            return done;
        const auto total =
            static_cast<std::int64_t>(text.size()) * 2;  // Every byte is read twice: types, then rows.
        if (const auto go = importer.tick(doneBefore + static_cast<std::int64_t>(reader.position()), total);
            !go)
            return go;
    }
}

}  // namespace

Result<> importCsv(Importer& importer, std::string_view text, char delimiter, std::string_view table) {
    CsvReader first(text, delimiter);
    const auto header = readHeader(importer, first);
    if (!header)
        return fail(header.error());
    std::vector<TypeDetector> detectors(header->size());
    std::vector<std::int64_t> gaps(header->size());
    const auto detected = eachRow(importer, text, delimiter, 0, [&](const CsvReader& reader) -> Result<> {
        for (std::size_t i = 0; i < detectors.size(); ++i) {
            const Scalar scalar = scalarOf(reader.fields()[i]);
            gaps[i] += scalar.kind == Scalar::Null ? 1 : 0;
            detectors[i].add(scalar);
        }
        return {};
    });
    if (!detected)
        return detected;
    std::vector<ColumnType> types;
    bool idIsComplete = true;
    for (std::size_t i = 0; i < detectors.size(); ++i) {
        types.push_back(detectors[i].type());
        idIsComplete = idIsComplete && !(isIdName(safeName((*header)[i], "")) && gaps[i] > 0);
    }
    TablePlan plan(importer.tableNames.take(std::string(table)), *header, std::move(types), idIsComplete);
    return writeTable(importer, std::move(plan), [&](TableWriter& writer) {
        return eachRow(importer, text, delimiter, static_cast<std::int64_t>(text.size()),
                       [&](const CsvReader& reader) {
                           for (std::size_t i = 0; i < reader.fields().size(); ++i)
                               writer.set(i, scalarOf(reader.fields()[i]), reader.fields()[i]);
                           return writer.insert();
                       });
    });
}

}  // namespace hone::data
