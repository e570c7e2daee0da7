#pragma once

#include "ui/theme/theme.h"

#include <qcustomplot.h>

#include <vector>

namespace hone::ui::plots {

/// The line above a chart: its title, then one entry per series with a swatch of colour and dash, its name
/// and the value at the cursor. Part of the plot's layout, so that it never covers data and is in every
/// exported picture.
///
/// Thread: GUI. Owner: the plot's layout.
class ChartHeader : public QCPLayoutElement {
    Q_OBJECT
public:
    enum class Mark { Line, Dot, Diamond, Cross, Fill, Ramp };
    struct Entry {
        QString name, value;
        Role role = Role::Accent;
        Qt::PenStyle dash = Qt::SolidLine;
        Mark mark = Mark::Line;
        bool visible = true;
        bool showsValue = true;  ///< Room for a value is kept, so that entries do not move with the cursor.
    };
    explicit ChartHeader(QCustomPlot* plot) : QCPLayoutElement(plot) {}

    void setTitle(const QString& title) { m_title = title; }
    [[nodiscard]] const QString& title() const { return m_title; }
    void setEntries(std::vector<Entry> entries) { m_entries = std::move(entries); }
    [[nodiscard]] const std::vector<Entry>& entries() const { return m_entries; }
    /// The entry at a position of the plot, or −1.
    [[nodiscard]] int entryAt(const QPoint& position) const;

    [[nodiscard]] QSize minimumOuterSizeHint() const override;
    [[nodiscard]] QSize maximumOuterSizeHint() const override;

protected:
    void draw(QCPPainter* painter) override;

private:
    /// Where each entry goes when this wide, relative to our corner; wraps into further lines.
    [[nodiscard]] std::vector<QRect> place(int width) const;

    QString m_title;
    std::vector<Entry> m_entries;
};

}  // namespace hone::ui::plots
