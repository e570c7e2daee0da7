#include "ui/theme/tinted_icon.h"

#include <QFile>
#include <QHash>
#include <QPainter>
#include <QPixmapCache>
#include <QSvgRenderer>

namespace hone::ui {

namespace {

/// The SVG's bytes, read once per name.
const QByteArray& source(const QString& name) {
    static QHash<QString, QByteArray> cache;
    auto found = cache.find(name);
    if (found == cache.end()) {
        QFile file(QStringLiteral(":/icons/%1.svg").arg(name));
        if (!file.open(QIODevice::ReadOnly))
            qWarning("icon %s is not among the resources", qUtf8Printable(name));
        found = cache.insert(name, file.readAll());
    }
    return *found;
}

}  // namespace

void TintedIcon::paint(QPainter* painter, const QRect& rect, QIcon::Mode mode, QIcon::State state) {
    painter->drawPixmap(rect,
                        scaledPixmap(rect.size() * painter->device()->devicePixelRatioF(), mode, state, 1.0));
}

QPixmap TintedIcon::pixmap(const QSize& size, QIcon::Mode mode, QIcon::State state) {
    return scaledPixmap(size, mode, state, 1.0);
}

QPixmap TintedIcon::scaledPixmap(const QSize& size, QIcon::Mode mode, QIcon::State, qreal) {
    const QColor tint = color(m_role);
    const QString key = QStringLiteral("hone/%1/%2/%3x%4/%5")
                            .arg(m_name, tint.name(QColor::HexArgb))
                            .arg(size.width())
                            .arg(size.height())
                            .arg(mode == QIcon::Disabled);
    QPixmap pixmap;
    if (QPixmapCache::find(key, &pixmap))
        return pixmap;
    QByteArray svg = source(m_name);
    svg.replace("currentColor", tint.name(QColor::HexRgb).toLatin1());
    pixmap = QPixmap(size);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    if (mode == QIcon::Disabled)
        painter.setOpacity(0.4);
    const int side = std::min(size.width(), size.height());
    QSvgRenderer(svg).render(&painter,
                             QRectF((size.width() - side) / 2.0, (size.height() - side) / 2.0, side, side));
    painter.end();
    QPixmapCache::insert(key, pixmap);
    return pixmap;
}

}  // namespace hone::ui
