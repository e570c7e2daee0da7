#pragma once

#include "core/compose/request.h"

#include <QDateTime>
#include <QElapsedTimer>
#include <QHash>
#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QObject>
#include <QPair>
#include <QPointer>

#include <memory>

namespace hone::compose {

/// A stretch of an exchange: "connect", "TLS", "send", "wait", "download"; milliseconds since the send was
/// asked for.
struct Phase {
    QString name;
    double startMs = 0, ms = 0;
};

/// An entry of the answer's Server-Timing (W3C).
struct ServerTiming {
    QString name, description;
    double ms = 0;
};
[[nodiscard]] QList<ServerTiming> parseServerTiming(const QByteArray& value);

/// What came of a request. Either an answer (status > 0) or an error with a hint.
struct Outcome {
    Request request;  ///< As sent.
    QDateTime at;
    int status = 0;
    QString reason, version, error, hint;
    QString finalUrl;  ///< After redirects.
    QList<QPair<QByteArray, QByteArray>> headers;
    QByteArray body;        ///< As it is shown: content codings undone, binary formats as JSON.
    QByteArray rawBody;     ///< In its own format, content codings undone; empty: `body` is that.
    QString format;         ///< "MessagePack"; empty: `body` is as it came.
    QString formatProblem;  ///< Why `body` could not be turned into JSON.
    qint64 wireBytes = 0;   ///< Of the body as received.
    QString coding;         ///< "gzip"; empty: identity.
    double totalMs = 0, ttfbMs = 0;
    QList<Phase> phases;
    QList<ServerTiming> serverTiming;

    [[nodiscard]] QByteArray header(const QByteArray& name) const;
};

/// Sends one request at a time with Qt Network and measures its phases. Content codings are undone by us, so
/// that bytes on the wire and decoded bytes are both known.
///
/// Thread: GUI (asynchronous). Owner: whoever shows the outcome. Sending again cancels the one under way.
class Sender : public QObject {
    Q_OBJECT
public:
    explicit Sender(QObject* parent = nullptr);
    ~Sender() override;

    void send(const Request& resolvedRequest);
    void cancel();
    [[nodiscard]] bool isBusy() const { return m_reply != nullptr; }

signals:
    void downloading(qint64 received, qint64 total);
    void finished(const hone::compose::Outcome& outcome);

private:
    void watch();
    void complete();
    void show(Outcome outcome);
    void finish(Outcome outcome, const QByteArray& schema);
    [[nodiscard]] double elapsedMs() const;

    QNetworkAccessManager m_network;
    QPointer<QNetworkReply> m_reply;
    QHash<QUrl, QByteArray> m_schemas;  ///< Read before; the schema of a dataset does not change.
    Request m_request;
    QElapsedTimer m_timer;
    QDateTime m_startedAt;
    double m_connectMs = -1, m_encryptedMs = -1, m_sentMs = -1, m_headersMs = -1;
};

}  // namespace hone::compose
