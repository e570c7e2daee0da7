#include "core/compose/sender.h"

#include "core/base/version.h"
#include "core/coding/codec.h"
#include "core/compose/representation.h"

#include <QNetworkReply>
#include <QNetworkRequest>

namespace hone::compose {
namespace {

constexpr char kAcceptEncoding[] = "gzip, br, zstd";
constexpr qint64 kLargestSchema = 4 * 1024 * 1024;

bool hasHeader(const Request& request, const char* name) {
    return std::ranges::any_of(request.headers, [&](const Row& row) {
        return row.name.compare(QLatin1String(name), Qt::CaseInsensitive) == 0;
    });
}

QNetworkRequest networkRequest(const Request& request) {
    QNetworkRequest out(QUrl::fromEncoded(request.url.toUtf8()));
    out.setAttribute(QNetworkRequest::RedirectPolicyAttribute, request.followRedirects
                                                                   ? QNetworkRequest::NoLessSafeRedirectPolicy
                                                                   : QNetworkRequest::ManualRedirectPolicy);
    out.setAttribute(QNetworkRequest::Http2AllowedAttribute, request.version != HttpVersion::Http11);
    out.setAttribute(QNetworkRequest::CacheLoadControlAttribute, QNetworkRequest::AlwaysNetwork);
    out.setTransferTimeout(request.timeoutMs);
    // Setting it ourselves keeps Qt from decoding, so that the bytes on the wire can be counted.
    if (!hasHeader(request, "Accept-Encoding"))
        out.setRawHeader("Accept-Encoding", kAcceptEncoding);
    if (!hasHeader(request, "User-Agent"))
        out.setRawHeader("User-Agent", QByteArray("hone/") + kVersion);
    if (!hasHeader(request, "Content-Type") && request.bodyType != "none")
        out.setRawHeader("Content-Type", request.bodyType == "json"   ? "application/json"
                                         : request.bodyType == "form" ? "application/x-www-form-urlencoded"
                                                                      : "text/plain; charset=utf-8");
    for (const auto& row : request.headers)
        out.setRawHeader(row.name.toUtf8(), row.value.toUtf8());
    return out;
}

/// What to try, for the failures people meet.
QString hintFor(QNetworkReply::NetworkError error, const QUrl& url) {
    switch (error) {
        case QNetworkReply::ConnectionRefusedError:
            return QObject::tr("Nothing listens on %1 port %2. Is the server running?")
                .arg(url.host())
                .arg(url.port(url.scheme() == "https" ? 443 : 80));
        case QNetworkReply::HostNotFoundError:
            return QObject::tr("The name %1 has no address. Check its spelling.").arg(url.host());
        case QNetworkReply::OperationCanceledError:
        case QNetworkReply::TimeoutError:
            return QObject::tr("Raise the time limit in Settings, or look at why the server is slow.");
        case QNetworkReply::SslHandshakeFailedError:
            return QObject::tr("The certificate was not accepted; does http:// work?");
        case QNetworkReply::RemoteHostClosedError:
            return QObject::tr("The server closed the connection before it answered.");
        default: return {};
    }
}

}  // namespace

QByteArray Outcome::header(const QByteArray& name) const {
    for (const auto& [key, value] : headers)
        if (key.compare(name, Qt::CaseInsensitive) == 0)
            return value;
    return {};
}

QList<ServerTiming> parseServerTiming(const QByteArray& value) {
    QList<ServerTiming> all;
    for (const auto& part : value.split(',')) {
        ServerTiming entry;
        bool first = true;
        for (const auto& piece : part.split(';')) {
            const auto text = QString::fromUtf8(piece).trimmed();
            if (std::exchange(first, false))
                entry.name = text;
            else if (text.startsWith("dur="))
                entry.ms = text.mid(4).toDouble();
            else if (text.startsWith("desc="))
                entry.description = text.mid(5).remove('"');
        }
        if (!entry.name.isEmpty())
            all.append(entry);
    }
    return all;
}

Sender::Sender(QObject* parent) : QObject(parent) { m_network.setAutoDeleteReplies(false); }

Sender::~Sender() { cancel(); }

void Sender::send(const Request& request) {
    cancel();
    m_request = request;
    m_connectMs = m_encryptedMs = m_sentMs = m_headersMs = -1;
    m_startedAt = QDateTime::currentDateTime();
    m_timer.start();
    const QByteArray body = request.bodyType == "none" ? QByteArray() : request.body;
    m_reply = m_network.sendCustomRequest(networkRequest(request), request.method.toUtf8(), body);
    watch();
}

void Sender::cancel() {
    if (!m_reply)
        return;
    m_reply->disconnect(this);
    m_reply->abort();
    m_reply->deleteLater();
    m_reply = nullptr;
}

void Sender::watch() {
    auto* reply = m_reply.data();
    connect(reply, &QNetworkReply::socketStartedConnecting, this, [this] { m_connectMs = elapsedMs(); });
    connect(reply, &QNetworkReply::encrypted, this, [this] { m_encryptedMs = elapsedMs(); });
    connect(reply, &QNetworkReply::requestSent, this, [this] { m_sentMs = elapsedMs(); });
    connect(reply, &QNetworkReply::metaDataChanged, this, [this] {
        if (m_headersMs < 0)
            m_headersMs = elapsedMs();
    });
    connect(reply, &QNetworkReply::downloadProgress, this, &Sender::downloading);
    connect(reply, &QNetworkReply::finished, this, &Sender::complete);
}

double Sender::elapsedMs() const { return static_cast<double>(m_timer.nsecsElapsed()) / 1e6; }

void Sender::complete() {
    auto* reply = m_reply.data();
    m_reply = nullptr;
    reply->deleteLater();

    Outcome outcome;
    outcome.request = m_request;
    outcome.at = m_startedAt;
    outcome.totalMs = elapsedMs();
    outcome.finalUrl = reply->url().toString();
    outcome.status = reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
    outcome.reason = reply->attribute(QNetworkRequest::HttpReasonPhraseAttribute).toString();
    outcome.version = reply->attribute(QNetworkRequest::Http2WasUsedAttribute).toBool() ? "h2" : "http/1.1";
    outcome.headers = reply->rawHeaderPairs();
    if (outcome.status == 0) {
        outcome.error = reply->errorString();
        outcome.hint = hintFor(reply->error(), reply->url());
        emit finished(outcome);
        return;
    }
    outcome.body = reply->readAll();
    outcome.wireBytes = outcome.body.size();
    outcome.coding = QString::fromUtf8(outcome.header("Content-Encoding"));
    if (!outcome.coding.isEmpty()) {
        auto decoded =
            coding::decodeContent(outcome.coding.toStdString(),
                                  {outcome.body.constData(), static_cast<std::size_t>(outcome.body.size())});
        if (decoded)
            outcome.body = QByteArray::fromStdString(*decoded);
        else
            outcome.error = QString::fromStdString(decoded.error().line());
    }
    outcome.serverTiming = parseServerTiming(outcome.header("Server-Timing"));

    // A reused connection emits no connecting signal: the exchange then begins with the send. Signals cross
    // threads and may arrive together, so that every boundary is kept in order.
    const double connecting = std::max(0.0, m_connectMs);
    const double sent = std::max(m_sentMs, std::max(connecting, m_encryptedMs));
    outcome.ttfbMs =
        std::clamp(m_headersMs >= 0 ? m_headersMs : outcome.totalMs, sent, std::max(sent, outcome.totalMs));
    if (m_connectMs >= 0) {
        const double connected = m_encryptedMs >= 0 ? m_encryptedMs : sent;
        outcome.phases.append({"connect", connecting, std::max(0.0, connected - connecting)});
        if (m_encryptedMs >= 0)
            outcome.phases.append({"send", m_encryptedMs, sent - m_encryptedMs});
    }
    outcome.phases.append({"wait", sent, outcome.ttfbMs - sent});
    outcome.phases.append({"download", outcome.ttfbMs, outcome.totalMs - outcome.ttfbMs});
    show(std::move(outcome));
}

/// Asks for the schema first where the content cannot be read without it.
void Sender::show(Outcome outcome) {
    const QUrl schema =
        outcome.error.isEmpty()
            ? schemaNeeded(QUrl(outcome.finalUrl), outcome.header("Content-Type"), outcome.header("Link"))
            : QUrl();
    if (schema.isEmpty() || outcome.body.isEmpty() || m_schemas.contains(schema))
        return finish(std::move(outcome), m_schemas.value(schema));
    QNetworkRequest request(schema);
    request.setAttribute(QNetworkRequest::RedirectPolicyAttribute, QNetworkRequest::SameOriginRedirectPolicy);
    request.setTransferTimeout(m_request.timeoutMs);
    auto* reply = m_network.get(request);
    m_reply = reply;
    connect(reply, &QNetworkReply::finished, this, [this, reply, schema, outcome = std::move(outcome)] {
        m_reply = nullptr;
        reply->deleteLater();
        if (reply->error() == QNetworkReply::NoError)
            m_schemas.insert(schema, reply->read(kLargestSchema));
        finish(outcome, m_schemas.value(schema));
    });
}

void Sender::finish(Outcome outcome, const QByteArray& schema) {
    if (outcome.error.isEmpty()) {
        auto shown = showContent(outcome.header("Content-Type"), outcome.body, schema);
        if (!shown.format.isEmpty())
            outcome.rawBody = std::exchange(outcome.body, std::move(shown.text));
        outcome.format = std::move(shown.format);
        outcome.formatProblem = std::move(shown.problem);
    }
    emit finished(outcome);
}

}  // namespace hone::compose
