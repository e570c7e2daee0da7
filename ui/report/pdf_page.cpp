#include "ui/report/pdf_page.h"

#include <QSvgRenderer>
#include <QTextOption>

#include <algorithm>
#include <cmath>

namespace hone::ui::report {
namespace {

// A4 in points.
constexpr double kWidth = 595, kHeight = 842, kMargin = 54, kHead = 66, kFoot = 60;
constexpr double kCellGap = 8, kRowPad = 3;
const QColor kMuted(0x5b, 0x64, 0x72), kLine(0xdf, 0xe3, 0xea);

/// Between words, and inside one only when it is longer than the line: a name may be.
QTextOption wrapped(bool right = false) {
    QTextOption option(right ? Qt::AlignRight : Qt::AlignLeft);
    option.setWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
    return option;
}

QFont inPixels(const QFont& font) {
    QFont scaled = font;
    scaled.setPixelSize(static_cast<int>(std::lround(font.pointSizeF())));
    return scaled;
}

}  // namespace

QFont PdfPage::font(double points, QFont::Weight weight) {
    QFont font;
    font.setFamilies({QStringLiteral("Hone Inter"), QStringLiteral("Inter"), QStringLiteral("DejaVu Sans")});
    font.setPointSizeF(points);
    font.setWeight(weight);
    return font;
}

PdfPage::PdfPage(QPdfWriter& writer, QString title, int pageCount)
    : m_writer(writer), m_painter(&writer), m_title(std::move(title)), m_pageCount(pageCount), m_y(kHead) {
    const double scale = writer.resolution() / 72.0;
    m_painter.scale(scale, scale);
    furniture();
}

double PdfPage::width() const { return kWidth - 2 * kMargin; }

void PdfPage::furniture() {
    QFont small = font(8);
    small.setPixelSize(8);
    m_painter.setFont(small);
    m_painter.setPen(kMuted);
    if (m_number > 1)
        m_painter.drawText(QRectF(kMargin, 30, width(), 14), Qt::AlignLeft | Qt::AlignVCenter,
                           QFontMetricsF(small).elidedText(m_title, Qt::ElideRight, width()));
    const QString number = m_pageCount > 0 ? QStringLiteral("%1 / %2").arg(m_number).arg(m_pageCount)
                                           : QString::number(m_number);
    const QRectF foot(kMargin, kHeight - 40, width(), 14);
    m_painter.drawText(foot, Qt::AlignRight | Qt::AlignVCenter, number);
    m_painter.drawText(foot, Qt::AlignLeft | Qt::AlignVCenter, QStringLiteral("Made by Hone"));
    m_y = kHead;
}

void PdfPage::turn() {
    m_writer.newPage();
    ++m_number;
    furniture();
}

bool PdfPage::isFull(double height) const { return m_y + height > kHeight - kFoot; }

void PdfPage::need(double height) {
    if (isFull(height) && m_y > kHead)
        turn();
}

void PdfPage::space(double height) {
    if (m_y > kHead)
        m_y += height;
}

QRectF PdfPage::measure(const QString& words, const QFont& font, double width) {
    m_painter.setFont(font);
    return m_painter.boundingRect(QRectF(0, 0, width, 1e5), words, wrapped());
}

void PdfPage::text(const QString& words, const QFont& font, const QColor& color, double indent) {
    const QFont scaled = inPixels(font);
    // A text longer than a page is cut where the page ends: only a hostile name is that long.
    const double height =
        std::min(measure(words, scaled, width() - indent).height(), kHeight - kFoot - kHead);
    need(height);
    m_painter.setFont(scaled);
    m_painter.setPen(color);
    m_painter.drawText(QRectF(kMargin + indent, m_y, width() - indent, height + 1), words, wrapped());
    m_y += height + 4;
}

double PdfPage::rowHeight(const std::vector<Cell>& cells, const std::vector<double>& shares,
                          const QFont& font) {
    const QFont scaled = inPixels(font);
    double height = 0;
    for (std::size_t i = 0; i < cells.size(); ++i)
        height = std::max(height, measure(cells[i].words, scaled, shares[i] * width() - kCellGap).height());
    // A cell taller than a third of the page is cut there: one hostile name must not push the rest away.
    return std::min(height, (kHeight - kHead - kFoot) / 3) + 2 * kRowPad;
}

void PdfPage::row(const std::vector<Cell>& cells, const std::vector<double>& shares, const QFont& font,
                  const QColor& color, bool rule) {
    const QFont scaled = inPixels(font);
    const double height = rowHeight(cells, shares, font);
    need(height);
    m_painter.setFont(scaled);
    m_painter.setPen(color);
    double x = kMargin;
    for (std::size_t i = 0; i < cells.size(); ++i) {
        const double cell = shares[i] * width();
        m_painter.drawText(QRectF(x, m_y + kRowPad, cell - kCellGap, height - 2 * kRowPad + 1),
                           cells[i].words, wrapped(cells[i].right));
        x += cell;
    }
    m_y += height;
    if (rule) {
        m_painter.setPen(QPen(kLine, 0.6));
        m_painter.drawLine(QPointF(kMargin, m_y), QPointF(kMargin + width(), m_y));
    }
}

void PdfPage::contentsLine(const QString& title, int page, const QFont& font) {
    row({{title, false}, {page > 0 ? QString::number(page) : QStringLiteral("0"), true}}, {0.9, 0.1}, font,
        Qt::black, true);
}

void PdfPage::picture(const QByteArray& svg) {
    QSvgRenderer renderer(svg);
    if (!renderer.isValid())
        return;
    const QSizeF box = renderer.viewBoxF().size();
    const double wide = std::min(width(), 440.0), high = wide * box.height() / box.width();
    need(high + 8);
    renderer.render(&m_painter, QRectF(kMargin, m_y, wide, high));
    m_y += high + 8;
}

QRectF PdfPage::logoBox(const QSizeF& size, double height) {
    QSizeF box = size;
    box.scale(width(), height, Qt::KeepAspectRatio);
    need(box.height());
    const QRectF place(QPointF(kMargin, m_y), box);
    m_y += box.height();
    return place;
}

void PdfPage::logo(const QImage& image, double height) {
    m_painter.drawImage(logoBox(image.size(), height), image);
}

void PdfPage::logo(const QByteArray& svg, double height) {
    QSvgRenderer renderer(svg);
    if (renderer.isValid())
        renderer.render(&m_painter, logoBox(renderer.defaultSize(), height));
}

}  // namespace hone::ui::report
