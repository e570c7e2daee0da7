#pragma once

#include <QFont>
#include <QImage>
#include <QPainter>
#include <QPdfWriter>
#include <QString>

#include <vector>

namespace hone::ui::report {

/// The page being written: a cursor that walks down and turns to the next page when a part does not fit.
/// Lengths are points (1/72 inch). Owner: one pass over a document.
///
/// Invariant: the cursor is inside the text area, head and foot are drawn on every page.
class PdfPage {
public:
    PdfPage(QPdfWriter& writer, QString title, int pageCount);

    [[nodiscard]] int number() const { return m_number; }
    [[nodiscard]] double width() const;
    void turn();                ///< To a new page.
    void need(double height);   ///< Turns unless that much room is left.
    void space(double height);  ///< Never at the top of a page.

    void text(const QString& words, const QFont& font, const QColor& color, double indent = 0);
    /// Columns of one row; `shares` add up to 1. Right-aligned where told.
    struct Cell {
        QString words;
        bool right = false;
    };
    void row(const std::vector<Cell>& cells, const std::vector<double>& shares, const QFont& font,
             const QColor& color, bool rule);
    [[nodiscard]] double rowHeight(const std::vector<Cell>& cells, const std::vector<double>& shares,
                                   const QFont& font);
    /// A title and the page it stands on.
    void contentsLine(const QString& title, int page, const QFont& font);
    void picture(const QByteArray& svg);
    /// At the left edge, that high; neither stretched nor wider than the text.
    void logo(const QImage& image, double height);
    void logo(const QByteArray& svg, double height);
    [[nodiscard]] bool isFull(double height) const;

    static QFont font(double points, QFont::Weight weight = QFont::Normal);

private:
    void furniture();
    QRectF logoBox(const QSizeF& size, double height);
    [[nodiscard]] QRectF measure(const QString& words, const QFont& font, double width);

    QPdfWriter& m_writer;
    QPainter m_painter;
    QString m_title;
    int m_pageCount;  ///< 0 in the pass that counts them.
    int m_number = 1;
    double m_y = 0;
};

}  // namespace hone::ui::report
