#include "core/data/csv_reader.h"
#include "core/data/detect_references.h"
#include "core/data/files.h"
#include "core/data/importer.h"
#include "core/data/new_database.h"
#include "core/data/utf8.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <fstream>

namespace hone::data {
namespace {

constexpr std::size_t kPadding = 64;

enum class Kind : std::uint8_t { Csv, Tsv, Json, JsonLines, Sqlite };

std::optional<Kind> kindOf(std::string extension) {
    for (char& c : extension)
        c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    static constexpr std::pair<std::string_view, Kind> kKinds[] = {
        {".csv", Kind::Csv},         {".tsv", Kind::Tsv},          {".json", Kind::Json},
        {".jsonl", Kind::JsonLines}, {".ndjson", Kind::JsonLines}, {".db", Kind::Sqlite},
        {".sqlite", Kind::Sqlite},   {".sqlite3", Kind::Sqlite},   {".db3", Kind::Sqlite},
    };
    const auto* const found = std::ranges::find(kKinds, extension, &std::pair<std::string_view, Kind>::first);
    return found == std::end(kKinds) ? std::nullopt : std::optional(found->second);
}

bool startsLikeSqlite(const std::filesystem::path& file) {
    std::array<char, 16> head{};
    std::ifstream(file, std::ios::binary).read(head.data(), head.size());
    return std::memcmp(head.data(), "SQLite format 3", 16) == 0;
}

/// The text of a file without its byte order mark, as UTF-8; malformed bytes are replaced in a copy.
class SourceText {
public:
    static Result<SourceText> open(const std::filesystem::path& file, const std::string& shownName) {
        auto mapped = MappedFile::open(file);
        if (!mapped)
            return fail(std::move(mapped.error()));
        SourceText text(std::move(*mapped));
        std::string_view bytes = text.m_file.bytes();
        if (bytes.starts_with("\xff\xfe") || bytes.starts_with("\xfe\xff"))
            return fail(Error::Unsupported, "{} is UTF-16", shownName).hint("Save it as UTF-8.");
        if (bytes.starts_with("\xef\xbb\xbf"))
            bytes.remove_prefix(3);
        if (!isUtf8(bytes)) {
            text.m_repaired = repairedUtf8(bytes);
            text.m_repaired.append(kPadding, '\0');
        } else {
            text.m_skipped = text.m_file.bytes().size() - bytes.size();
        }
        return text;
    }
    /// At least 64 bytes follow it.
    [[nodiscard]] std::string_view padded() const {
        return m_repaired.empty() ? m_file.bytes().substr(m_skipped)
                                  : std::string_view(m_repaired).substr(0, m_repaired.size() - kPadding);
    }

private:
    explicit SourceText(MappedFile file) : m_file(std::move(file)) {}
    MappedFile m_file;
    std::string m_repaired;
    std::size_t m_skipped = 0;
};

Result<> importText(Importer& importer, const std::filesystem::path& file, Kind kind,
                    const std::string& table) {
    const auto text = SourceText::open(file, importer.source());
    if (!text)
        return fail(text.error());
    switch (kind) {
        case Kind::Csv: return importCsv(importer, text->padded(), detectDelimiter(text->padded()), table);
        case Kind::Tsv: return importCsv(importer, text->padded(), '\t', table);
        case Kind::Json: return importJson(importer, text->padded(), table);
        case Kind::JsonLines: return importJsonLines(importer, text->padded(), table);
        case Kind::Sqlite: break;
    }
    return importSqlite(importer, file);
}

}  // namespace

Result<> Importer::tick(std::int64_t done, std::int64_t total) {
    constexpr unsigned kEvery = 4096;
    if (m_stop.stop_requested())
        return fail(Error::Cancelled, "reading {} was stopped", m_source);
    if (m_onProgress && m_calls++ % kEvery == 0)
        m_onProgress({done, total});
    return {};
}

Result<> importFile(const std::filesystem::path& source, const std::filesystem::path& into,
                    std::stop_token stop, const OnProgress& onProgress) {
    std::error_code error;
    if (const auto status = std::filesystem::status(source, error); !std::filesystem::exists(status))
        return fileFailure("open", source, error ? error.value() : ENOENT);
    const bool compressed = source.extension() == ".zst";
    const std::filesystem::path plainName = compressed ? source.stem() : source.filename();
    const auto kind = kindOf(plainName.extension().string());
    if (!kind && (compressed || !startsLikeSqlite(source)))
        return fail(Error::Unsupported, "{} is of no known kind", source.string())
            .hint("Known: .csv, .tsv, .json, .jsonl, .ndjson, .db, .sqlite, .sqlite3, each also with .zst.");

    std::optional<TemporaryFile> unpacked;
    if (compressed) {
        unpacked.emplace(temporaryBeside(into));
        if (const auto done = decompressZstd(source, unpacked->path(), stop); !done)
            return failureOf(done.error(), *unpacked, into);
    }
    const std::filesystem::path& readable = compressed ? unpacked->path() : source;
    const bool isSqlite = kind == Kind::Sqlite || startsLikeSqlite(readable);
    return makeDatabase(into, !isSqlite, [&](const sqlite::Connection& db) {
        Importer importer(source, db, stop, onProgress);
        if (isSqlite)
            return importSqlite(importer, readable);
        if (const auto done =
                importText(importer, readable, *kind, safeName(plainName.stem().string(), "data"));
            !done)
            return done;
        return declareReferences(importer);
    });
}

}  // namespace hone::data
