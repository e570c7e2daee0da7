#include "core/engine/upstream/recording.h"

#include "core/http/semantics.h"
#include "core/http/syntax.h"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace hone::engine::upstream {
namespace {

using nlohmann::json;

constexpr std::int64_t kApplicationId = 0x484E5258;  // "HNRX"
constexpr std::string_view kMask = "(masked)";

constexpr char kSchema[] =
    "CREATE TABLE recording(upstream TEXT NOT NULL, started_ms INTEGER NOT NULL);"
    "CREATE TABLE exchanges("
    " id INTEGER PRIMARY KEY, at_ms INTEGER NOT NULL, method TEXT NOT NULL, target TEXT NOT NULL,"
    " request_fields TEXT NOT NULL, request_bytes INTEGER NOT NULL, status INTEGER NOT NULL,"
    " fields TEXT NOT NULL, body BLOB NOT NULL, first_byte_ns INTEGER NOT NULL, total_ns INTEGER NOT NULL);"
    "CREATE INDEX exchanges_by_target ON exchanges(method, target);";

bool containsAny(std::string_view text, std::initializer_list<std::string_view> parts) {
    return std::ranges::any_of(parts, [text](std::string_view part) { return text.contains(part); });
}

/// "name=value" pairs as [["name","value"],…]; bytes that are no UTF-8 are kept as escapes of Latin-1.
std::string textOf(const http::Fields& fields) {
    const auto latin1 = [](std::string_view bytes) {
        std::string out;
        for (const char c : bytes) {
            const auto byte = static_cast<unsigned char>(c);
            if (byte < 0x80) {
                out += c;
            } else {
                out += static_cast<char>(0xC0 | (byte >> 6));
                out += static_cast<char>(0x80 | (byte & 0x3F));
            }
        }
        return out;
    };
    auto list = json::array();
    for (const auto& [name, value] : fields.lines())
        list.push_back({name, latin1(value)});
    return list.dump();
}

std::string fromLatin1(const std::string& text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto byte = static_cast<unsigned char>(text[i]);
        if ((byte & 0xE0) == 0xC0 && i + 1 < text.size())
            out += static_cast<char>((byte << 6) | (static_cast<unsigned char>(text[++i]) & 0x3F));
        else
            out += text[i];
    }
    return out;
}

Result<http::Fields> fieldsFrom(std::string_view text) {
    http::Fields fields;
    try {
        for (const auto& line : json::parse(text))
            fields.add(line.at(0).get<std::string>(), fromLatin1(line.at(1).get<std::string>()));
    } catch (const json::exception& error) {
        return fail(Error::Malformed, "the recording holds fields that are no list of pairs ({})",
                    error.what());
    }
    return fields;
}

/// Whose file it is, and which version.
Result<std::int64_t> checkFormat(const sqlite::Connection& db) {
    const auto application = db.scalar("PRAGMA application_id");
    const auto version = db.scalar("PRAGMA user_version");
    const auto tables = db.scalar("SELECT count(*) FROM sqlite_schema");
    for (const auto* value : {&application, &version, &tables})
        if (!*value)
            return fail(Error(value->error()));
    if (*tables > 0 && *application != kApplicationId)
        return fail(Error::Malformed, "{} is no recording of exchanges", db.file().string())
            .hint("Name a file that `hone serve --record FILE` wrote, or a new one.");
    if (*version > Recording::kVersion)
        return fail(Error::Unsupported,
                    "{} was recorded by a newer version of Hone (format {}, this one knows {})",
                    db.file().string(), *version, Recording::kVersion)
            .hint("Update Hone.");
    return *version;
}

Result<> bindAndRun(sqlite::Statement& statement, const RecordedExchange& one) {
    const auto requestFields = textOf(one.requestFields), fields = textOf(one.fields);
    statement.bind(1, one.atMs);
    statement.bind(2, std::string_view(one.method));
    statement.bind(3, std::string_view(one.target));
    statement.bind(4, std::string_view(requestFields));
    statement.bind(5, one.requestBytes);
    statement.bind(6, std::int64_t(one.status));
    statement.bind(7, std::string_view(fields));
    sqlite3_bind_blob64(statement.get(), 8, one.body.data() ? one.body.data() : "", one.body.size(),
                        SQLITE_STATIC);
    statement.bind(9, std::int64_t(one.firstByte.count()));
    statement.bind(10, std::int64_t(one.total.count()));
    auto done = statement.run();
    statement.reset();
    return done;
}

Result<RecordedExchange> readRow(const sqlite::Statement& row) {
    auto requestFields = fieldsFrom(row.text(3)), fields = fieldsFrom(row.text(6));
    for (const auto* one : {&requestFields, &fields})
        if (!*one)
            return fail(Error(one->error()));
    RecordedExchange out{.atMs = row.integer(0),
                         .method = std::string(row.text(1)),
                         .target = std::string(row.text(2)),
                         .requestFields = std::move(*requestFields),
                         .requestBytes = row.integer(4),
                         .status = static_cast<int>(row.integer(5)),
                         .fields = std::move(*fields),
                         .firstByte = Nanos(row.integer(8)),
                         .total = Nanos(row.integer(9))};
    const auto* bytes = static_cast<const char*>(sqlite3_column_blob(row.get(), 7));
    out.body.assign(bytes ? bytes : "", static_cast<std::size_t>(sqlite3_column_bytes(row.get(), 7)));
    if (out.status < 200 || out.status > 599)
        return fail(Error::Malformed, "the recording holds an answer with status {}", out.status);
    return out;
}

}  // namespace

bool isCredential(std::string_view fieldName) {
    const auto name = http::lower(fieldName);
    return name == "cookie" || name == "set-cookie" ||
           containsAny(name, {"authorization", "token", "secret", "password", "api-key", "apikey", "session",
                              "credential"});
}

http::Fields withoutCredentials(const http::Fields& fields) {
    http::Fields out;
    for (const auto& [name, value] : fields.lines())
        if (!isCredential(name))
            out.add(name, value);
    return out;
}

std::string maskedTarget(std::string_view target) {
    const auto mark = target.find('?');
    if (mark == target.npos)
        return std::string(target);
    std::string out(target.substr(0, mark + 1));
    std::string_view rest = target.substr(mark + 1);
    for (;;) {
        const auto end = std::min(rest.find('&'), rest.size());
        const auto pair = rest.substr(0, end);
        const auto name = http::lower(pair.substr(0, pair.find('=')));
        const bool isSecret = name == "key" || name == "sig" || name == "code" ||
                              containsAny(name, {"token", "secret", "password", "api_key", "api-key",
                                                 "apikey", "signature", "credential"});
        if (isSecret && pair.contains('='))
            out.append(pair.substr(0, pair.find('=') + 1)).append(kMask);
        else
            out += pair;
        if (end == rest.size())
            return out;
        out += '&';
        rest.remove_prefix(end + 1);
    }
}

RecordedExchange recordOf(const http::Request& request) {
    RecordedExchange out{
        .atMs = std::chrono::duration_cast<std::chrono::milliseconds>(
                    std::chrono::system_clock::now().time_since_epoch())
                    .count(),
        .method = std::string(request.methodText),
        .target = maskedTarget(request.target),
        .requestBytes = static_cast<std::int64_t>(request.body.size()),
    };
    for (const auto& [name, value] : request.fields)
        out.requestFields.add(name, isCredential(name) ? kMask : value);
    return out;
}

Result<std::unique_ptr<Recording>> Recording::create(const std::filesystem::path& file,
                                                     std::string_view upstream) {
    std::error_code ignored;
    const bool isNew = !std::filesystem::exists(file, ignored);
    auto db = sqlite::Connection::open(file, sqlite::Mode::Create);
    if (!db)
        return fail(std::move(db.error()));
    using std::filesystem::perms;
    if (isNew)  // bodies may be private
        std::filesystem::permissions(file, perms::owner_read | perms::owner_write, ignored);
    const auto version = checkFormat(**db);
    if (!version)
        return fail(Error(version.error()));
    if (*version == 0)
        if (auto made = (*db)->exec(
                fmt::format("BEGIN IMMEDIATE;{}PRAGMA application_id={};PRAGMA user_version={};COMMIT;",
                            kSchema, kApplicationId, kVersion));
            !made)
            return fail(std::move(made.error()));
    std::unique_ptr<Recording> recording(new Recording(std::move(*db)));
    auto started = recording->m_db->prepare("INSERT INTO recording VALUES(?1, unixepoch() * 1000)");
    if (!started)
        return fail(std::move(started.error()));
    started->bind(1, upstream);
    if (auto done = started->run(); !done)
        return fail(std::move(done.error()));
    return recording;
}

Result<> Recording::add(std::span<const RecordedExchange> exchanges) {
    if (auto begun = m_db->exec("BEGIN"); !begun)
        return begun;
    for (const auto& one : exchanges)
        if (auto done = addOne(one); !done) {
            static_cast<void>(m_db->exec("ROLLBACK"));
            return done;
        }
    return m_db->exec("COMMIT");
}

Result<> Recording::addOne(const RecordedExchange& exchange) {
    auto insert = m_db->cached(
        "INSERT INTO exchanges(at_ms, method, target, request_fields, request_bytes, status, fields, body, "
        "first_byte_ns, total_ns) VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10)");
    if (!insert)
        return fail(std::move(insert.error()));
    return bindAndRun(**insert, exchange);
}

Result<std::vector<RecordedExchange>> Recording::load(const std::filesystem::path& file) {
    auto db = sqlite::Connection::open(file, sqlite::Mode::ReadOnly);
    if (!db)
        return fail(std::move(db.error()));
    const auto version = checkFormat(**db);
    if (!version)
        return fail(Error(version.error()));
    if (*version == 0)
        return fail(Error::Malformed, "{} is no recording of exchanges", file.string())
            .hint("Name a file that `hone serve --record FILE` wrote.");
    auto rows = (*db)->prepare(
        "SELECT at_ms, method, target, request_fields, request_bytes, status, fields, body, first_byte_ns, "
        "total_ns FROM exchanges ORDER BY id");
    if (!rows)
        return fail(std::move(rows.error()));
    std::vector<RecordedExchange> all;
    for (;;) {
        const auto more = rows->step();
        if (!more)
            return fail(Error(more.error()));
        if (!*more)
            return all;
        auto one = readRow(*rows);
        if (!one)
            return fail(std::move(one.error()));
        all.push_back(std::move(*one));
    }
}

}  // namespace hone::engine::upstream
