#pragma once

#include "core/base/error.h"

#include <nlohmann/json.hpp>

#include <QByteArray>
#include <QList>
#include <QMap>
#include <QString>

#include <filesystem>

namespace hone::compose {

/// A row of a grid: query parameter or header, which can be switched off without being deleted.
struct Row {
    bool on = true;
    QString name, value;
    bool operator==(const Row&) const = default;
};

enum class HttpVersion { Automatic, Http11, Http2 };

/// What the composer edits and a collection keeps, one file a request (`*.request.json`). A value; unknown
/// members survive a round trip. {{name}} anywhere in URL, rows and body is a variable.
struct Request {
    QString name = "Untitled";
    QString method = "GET";
    QString url;
    QList<Row> params;  ///< Added to the URL's own query.
    QList<Row> headers;
    QByteArray body;
    QString bodyType = "none";  ///< none, json, text, form
    HttpVersion version = HttpVersion::Automatic;
    int timeoutMs = 30'000;
    bool followRedirects = true;
    nlohmann::json extra = nlohmann::json::object();

    [[nodiscard]] nlohmann::json toJson() const;
    [[nodiscard]] static Result<Request> fromJson(const nlohmann::json& json);
    [[nodiscard]] static Result<Request> load(const std::filesystem::path& file);
    Result<> save(const std::filesystem::path& file) const;  ///< Written beside, then renamed.
};

using Variables = QMap<QString, QString>;

/// Replaces every {{name}}; an unknown one is an error that lists the known.
[[nodiscard]] Result<QString> expand(const QString& text, const Variables& variables);

/// The whole request with variables expanded and params in the URL; a URL without a scheme gets http://.
[[nodiscard]] Result<Request> resolved(const Request& request, const Variables& variables);

/// A curl command line that does the same, quoted for a POSIX shell.
[[nodiscard]] QString toCurl(const Request& resolvedRequest);

}  // namespace hone::compose
