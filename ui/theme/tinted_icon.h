#pragma once

#include "ui/theme/theme.h"

#include <QIconEngine>

namespace hone::ui {

/// Draws an outlined SVG of the resources in a role's colour, looked up when it paints: icons follow light
/// and dark by themselves. Disabled icons are faded. Thread: GUI.
class TintedIcon : public QIconEngine {
public:
    TintedIcon(QString name, Role role) : m_name(std::move(name)), m_role(role) {}
    void paint(QPainter* painter, const QRect& rect, QIcon::Mode mode, QIcon::State state) override;
    QPixmap pixmap(const QSize& size, QIcon::Mode mode, QIcon::State state) override;
    QPixmap scaledPixmap(const QSize& size, QIcon::Mode mode, QIcon::State state, qreal scale) override;
    [[nodiscard]] QIconEngine* clone() const override { return new TintedIcon(m_name, m_role); }
    bool isNull() override { return m_name.isEmpty(); }

private:
    QString m_name;
    Role m_role;
};

}  // namespace hone::ui
