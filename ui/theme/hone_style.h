#pragma once

#include <QProxyStyle>

namespace hone::ui {

/// What a style sheet cannot say, on top of Fusion: metrics, hints, tree chevrons and one focus ring for item
/// views.
///
/// Thread: GUI. Owner: the application.
class HoneStyle : public QProxyStyle {
    Q_OBJECT
public:
    HoneStyle();
    int pixelMetric(PixelMetric metric, const QStyleOption* option, const QWidget* widget) const override;
    QSize sizeFromContents(ContentsType type, const QStyleOption* option, const QSize& size,
                           const QWidget* widget) const override;
    int styleHint(StyleHint hint, const QStyleOption* option, const QWidget* widget,
                  QStyleHintReturn* returnData) const override;
    void drawPrimitive(PrimitiveElement element, const QStyleOption* option, QPainter* painter,
                       const QWidget* widget) const override;
};

}  // namespace hone::ui
