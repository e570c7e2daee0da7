#include "core/compose/representation.h"

#include "core/coding/decode_json.h"

#include <nlohmann/json.hpp>

namespace hone::compose {
namespace {

std::string_view viewOf(const QByteArray& bytes) {
    return {bytes.constData(), static_cast<std::size_t>(bytes.size())};
}

QString text(std::string_view utf8) {
    return QString::fromUtf8(utf8.data(), static_cast<qsizetype>(utf8.size()));
}

}  // namespace

Shown showContent(const QByteArray& contentType, const QByteArray& content, const QByteArray& schema) {
    const auto format = coding::formatOf(viewOf(contentType));
    if (!format || *format == coding::Format::Json || content.isEmpty())
        return {.text = content, .format = {}, .problem = {}};
    Shown out{.text = content, .format = text(coding::formatName(*format)), .problem = {}};
    const auto value = coding::decodeToJson(viewOf(contentType), viewOf(content), viewOf(schema));
    if (value)
        out.text = QByteArray::fromStdString(
            value->dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace));
    else
        out.problem = text(value.error().line());
    return out;
}

QUrl schemaNeeded(const QUrl& answered, const QByteArray& contentType, const QByteArray& link) {
    const auto format = coding::formatOf(viewOf(contentType));
    const std::string target = format ? coding::describedBy(viewOf(link)) : std::string();
    if (target.empty() || !coding::needsSchema(*format))
        return {};
    const QUrl schema = answered.resolved(QUrl::fromEncoded(QByteArray::fromStdString(target)));
    const bool isSameServer = schema.scheme() == answered.scheme() && schema.host() == answered.host() &&
                              schema.port() == answered.port();
    return isSameServer ? schema : QUrl();
}

}  // namespace hone::compose
