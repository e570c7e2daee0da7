#include "core/compose/request.h"

#include <QFile>
#include <QRegularExpression>
#include <QSaveFile>
#include <QUrl>
#include <QUrlQuery>

namespace hone::compose {
namespace {

using nlohmann::json;

std::string utf8(const QString& text) { return text.toStdString(); }

json rowsJson(const QList<Row>& rows) {
    json all = json::array();
    for (const auto& row : rows) {
        json one{{"name", utf8(row.name)}, {"value", utf8(row.value)}};
        if (!row.on)
            one["on"] = false;
        all.push_back(std::move(one));
    }
    return all;
}

Result<QList<Row>> rowsFrom(const json& request, const char* member) {
    QList<Row> rows;
    const auto found = request.find(member);
    if (found == request.end())
        return rows;
    if (!found->is_array())
        return fail(Error::Malformed, "\"{}\" must be an array of {{name, value}}, got {}", member,
                    found->type_name());
    for (const auto& row : *found) {
        if (!row.is_object() || !row.contains("name"))
            return fail(Error::Malformed, "an entry of \"{}\" has no name: {}", member, row.dump());
        rows.append({row.value("on", true), QString::fromStdString(row.value("name", "")),
                     QString::fromStdString(row.value("value", ""))});
    }
    return rows;
}

constexpr std::pair<HttpVersion, const char*> kVersions[] = {
    {HttpVersion::Automatic, "auto"}, {HttpVersion::Http11, "1.1"}, {HttpVersion::Http2, "2"}};

QString shellQuoted(QString text) { return "'" + text.replace("'", "'\\''") + "'"; }

}  // namespace

json Request::toJson() const {
    json out = extra;
    out["hone"] = 1;
    out["kind"] = "request";
    out["name"] = utf8(name);
    out["method"] = utf8(method);
    out["url"] = utf8(url);
    if (!params.isEmpty())
        out["params"] = rowsJson(params);
    if (!headers.isEmpty())
        out["headers"] = rowsJson(headers);
    if (bodyType != "none")
        out["body"] = {{"type", utf8(bodyType)}, {"text", body.toStdString()}};
    for (const auto& [value, text] : kVersions)
        if (version == value && value != HttpVersion::Automatic)
            out["version"] = text;
    out["timeoutMs"] = timeoutMs;
    if (!followRedirects)
        out["followRedirects"] = false;
    return out;
}

Result<Request> Request::fromJson(const json& source) try {
    if (!source.is_object() || !source.contains("url"))
        return fail(Error::Malformed, "a request must be an object with a url")
            .hint("For example {{\"method\": \"GET\", \"url\": \"http://localhost/\"}}.");
    if (source.value("hone", 1) != 1)
        return fail(Error::Unsupported, "version {} of the request format is not known",
                    source["hone"].dump())
            .hint("This program reads version 1.");
    Request request;
    request.name = QString::fromStdString(source.value("name", "Untitled"));
    request.method = QString::fromStdString(source.value("method", "GET"));
    request.url = QString::fromStdString(source.value("url", ""));
    auto params = rowsFrom(source, "params"), headers = rowsFrom(source, "headers");
    for (auto* rows : {&params, &headers})
        if (!*rows)
            return fail(std::move(rows->error()));
    request.params = *params;
    request.headers = *headers;
    if (const auto body = source.find("body"); body != source.end() && body->is_object()) {
        request.bodyType = QString::fromStdString(body->value("type", "text"));
        request.body = QByteArray::fromStdString(body->value("text", ""));
    }
    for (const auto& [value, text] : kVersions)
        if (source.value("version", "auto") == text)
            request.version = value;
    request.timeoutMs = source.value("timeoutMs", 30'000);
    request.followRedirects = source.value("followRedirects", true);
    request.extra = source;
    for (const char* known : {"hone", "kind", "name", "method", "url", "params", "headers", "body", "version",
                              "timeoutMs", "followRedirects"})
        request.extra.erase(known);
    return request;
} catch (const json::exception& error) {
    return fail(Error::Malformed, "the request has a member of the wrong type: {}", error.what());
}

Result<Request> Request::load(const std::filesystem::path& file) {
    QFile in(QString::fromStdString(file.string()));
    if (!in.open(QIODevice::ReadOnly))
        return fail(Error::NotFound, "{} cannot be read: {}", file.string(), in.errorString().toStdString());
    const auto parsed = json::parse(in.readAll().toStdString(), nullptr, false);
    if (parsed.is_discarded())
        return fail(Error::Malformed, "{} is not JSON", file.string());
    auto request = fromJson(parsed);
    if (!request)
        return fail(request.error().code, "{}: {}", file.string(), request.error().what)
            .hint("{}", request.error().hint);
    return request;
}

Result<> Request::save(const std::filesystem::path& file) const {
    QSaveFile out(QString::fromStdString(file.string()));
    const auto text =
        QByteArray::fromStdString(toJson().dump(2, ' ', false, json::error_handler_t::replace) + "\n");
    if (!out.open(QIODevice::WriteOnly) || out.write(text) != text.size() || !out.commit())
        return fail(Error::Io, "{} cannot be written: {}", file.string(), out.errorString().toStdString());
    return {};
}

Result<QString> expand(const QString& text, const Variables& variables) {
    static const QRegularExpression kVariable(R"(\{\{\s*([^{}\s]+)\s*\}\})");
    QString out;
    qsizetype from = 0;
    for (auto matches = kVariable.globalMatch(text); matches.hasNext();) {
        const auto match = matches.next();
        const auto name = match.captured(1);
        if (!variables.contains(name))
            return fail(Error::InvalidArgument, "there is no variable {{{{{}}}}}", utf8(name))
                .hint("Known: {}.",
                      variables.isEmpty() ? "none" : utf8(QStringList(variables.keys()).join(", ")));
        out += text.mid(from, match.capturedStart() - from) + variables[name];
        from = match.capturedEnd();
    }
    return out + text.mid(from);
}

Result<Request> resolved(const Request& request, const Variables& variables) {
    Request out = request;
    const auto into = [&](QString& text) -> Result<> {
        auto expanded = expand(text, variables);
        if (!expanded)
            return fail(std::move(expanded.error()));
        text = *expanded;
        return {};
    };
    if (auto done = into(out.url); !done)
        return fail(std::move(done.error()));
    for (auto* rows : {&out.params, &out.headers}) {
        rows->removeIf([](const Row& row) { return !row.on || row.name.trimmed().isEmpty(); });
        for (auto& row : *rows)
            for (auto* text : {&row.name, &row.value})
                if (auto done = into(*text); !done)
                    return fail(std::move(done.error()));
    }
    QString body = QString::fromUtf8(out.body);
    if (body.contains("{{") && out.bodyType != "none") {
        if (auto done = into(body); !done)
            return fail(std::move(done.error()));
        out.body = body.toUtf8();
    }
    if (!out.url.contains("://"))
        out.url.prepend("http://");
    QUrl url(out.url, QUrl::TolerantMode);
    if (!url.isValid() || url.host().isEmpty() || (url.scheme() != "http" && url.scheme() != "https"))
        return fail(Error::InvalidArgument, "\"{}\" is not an http or https URL", utf8(out.url))
            .hint("For example http://127.0.0.1:8080/api.");
    QUrlQuery query(url);
    for (const auto& row : out.params)
        query.addQueryItem(QUrl::toPercentEncoding(row.name), QUrl::toPercentEncoding(row.value));
    if (!query.isEmpty())
        url.setQuery(query);
    out.url = QString::fromUtf8(url.toEncoded());
    out.params.clear();
    return out;
}

QString toCurl(const Request& request) {
    QString line = "curl";
    if (request.method != "GET" || request.bodyType != "none")
        line += " -X " + request.method;
    line += " " + shellQuoted(request.url);
    for (const auto& row : request.headers)
        line += " -H " + shellQuoted(row.name + ": " + row.value);
    if (request.bodyType != "none")
        line += " --data-binary " + shellQuoted(QString::fromUtf8(request.body));
    if (request.version == HttpVersion::Http11)
        line += " --http1.1";
    if (request.version == HttpVersion::Http2)
        line += " --http2";
    return line;
}

}  // namespace hone::compose
