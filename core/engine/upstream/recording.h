#pragma once

#include "core/http/message.h"
#include "core/sqlite/sqlite.h"

#include <vector>

/// A dataset of exchanges: what an upstream was asked and what it said, in one SQLite file.
namespace hone::engine::upstream {

/// One exchange. A value.
struct RecordedExchange {
    std::int64_t atMs = 0;          ///< Since 1970, UTC.
    std::string method, target;     ///< Credentials in the query masked.
    http::Fields requestFields;     ///< Credentials masked.
    std::int64_t requestBytes = 0;  ///< Of its body, which is not kept.
    int status = 0;
    http::Fields fields;  ///< Of the answer, as clients got them; credentials left out.
    std::string body;     ///< Still content-coded.
    Nanos firstByte{0};   ///< The upstream's latency: request sent → first byte.
    Nanos total{0};       ///< … → last byte.
};

/// The request's part, with what gives access masked.
[[nodiscard]] RecordedExchange recordOf(const http::Request& request);
/// What of an answer may be kept: a cookie or token in a file would let its reader in, and masked it would
/// only mislead clients.
[[nodiscard]] http::Fields withoutCredentials(const http::Fields& fields);
/// The target with the values of credentials in its query masked: what recordings are found by.
[[nodiscard]] std::string maskedTarget(std::string_view target);
/// True for fields whose value gives access: Authorization, Cookie, X-Api-Key, anything with "token", …
[[nodiscard]] bool isCredential(std::string_view fieldName);

/// The file. Thread: one at a time.
class Recording {
public:
    static constexpr int kVersion = 1;

    /// Opens for appending; makes it, readable by its owner alone, when there is none. Errors: a file of
    /// another program or of a newer version, and what SQLite says.
    static Result<std::unique_ptr<Recording>> create(const std::filesystem::path& file,
                                                     std::string_view upstream);
    /// All exchanges in the order they were saved. Errors as create(), and NotFound.
    static Result<std::vector<RecordedExchange>> load(const std::filesystem::path& file);

    /// In one transaction.
    Result<> add(std::span<const RecordedExchange> exchanges);

private:
    explicit Recording(std::unique_ptr<sqlite::Connection> db) : m_db(std::move(db)) {}
    Result<> addOne(const RecordedExchange& exchange);

    std::unique_ptr<sqlite::Connection> m_db;
};

}  // namespace hone::engine::upstream
