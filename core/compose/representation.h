#pragma once

#include <QByteArray>
#include <QString>
#include <QUrl>

namespace hone::compose {

/// What the content of an answer says, for people: binary relatives of JSON become indented JSON, everything
/// else stays. Pure functions; thread: any.
struct Shown {
    QByteArray text;  ///< The content itself where it cannot be read.
    QString format;   ///< "MessagePack", "CBOR", "Protocol Buffers", "Avro"; empty for everything else.
    QString problem;  ///< Why it cannot be read.
};
/// `schema`: the text of the .proto, where the format needs one.
[[nodiscard]] Shown showContent(const QByteArray& contentType, const QByteArray& content,
                                const QByteArray& schema = {});

/// Where the schema is without which the answer cannot be read: the target of its Link with
/// rel="describedby". Empty when none is needed, none is named, or it is on another server: a program does
/// not call whom an answer tells it to.
[[nodiscard]] QUrl schemaNeeded(const QUrl& answered, const QByteArray& contentType, const QByteArray& link);

}  // namespace hone::compose
