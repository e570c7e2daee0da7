#pragma once

#include "core/base/error.h"
#include "ui/plots/chart_header.h"
#include "ui/plots/quantity.h"

#include <qcustomplot.h>

#include <QTimer>

#include <functional>
#include <optional>
#include <vector>

class QMenu;

namespace hone::ui::plots {

/// What every chart of the program has in common: theme roles, axes with units, a header instead of a legend
/// over the data, zoom (wheel, + and −, Shift and drag for a box), pan (drag, Shift and arrows), reset
/// (double click, Home), a crosshair with values (mouse, arrow keys), the numbers as a table (T), copy and
/// export (context menu, Ctrl+C), and hiding a series by clicking its name.
///
/// Thread: GUI. Owner: its parent widget. Invariant: once the user zoomed, new data never moves the axes
/// until reset; nothing is lost while the chart is hidden, it only is not painted. Pens are 1 wide: a frame
/// of 3 600 points takes 1.6 ms, with pens of 2 it takes 400 (BENCH_SCIENCE 4.3).
class ChartBase : public QCustomPlot {
    Q_OBJECT
public:
    /// What a chart shows, as numbers; NaN is an empty cell.
    struct Table {
        QStringList columns;
        QList<QList<double>> rows;
        QList<Quantity> quantities;  ///< Per column; shorter or empty: plain numbers.
        QStringList names = {};      ///< Per row, where rows have names.
    };

    explicit ChartBase(const QString& title, QWidget* parent = nullptr);

    [[nodiscard]] virtual Table table() const;
    [[nodiscard]] QString csv() const;
    /// By the file's ending: .png, .svg, .pdf, .csv. Errors name the path and the known endings.
    Result<> exportTo(const QString& file);

    void resetZoom();
    [[nodiscard]] bool isZoomed() const { return m_zoomed; }
    /// Only where the chart offers it.
    void setLogarithmic(bool on);
    [[nodiscard]] bool isLogarithmic() const { return m_logarithmic; }
    /// The words in the middle while there is no data.
    void setPlaceholder(const QString& text);
    /// The crosshair as another chart has it; no signal. Somebody at the mouse moves it with cursorMoved().
    void showCursor(std::optional<double> x);
    [[nodiscard]] std::optional<double> cursor() const { return m_cursorX; }
    /// "Latency over time. 40 points from 0.5 s to 39.5 s. p95: 1.20 ms to 3.40 ms, last 1.30 ms." for screen
    /// readers.
    [[nodiscard]] virtual QString describe() const;
    /// At the next turn of the event loop, or when it is shown again.
    void repaintSoon();
    [[nodiscard]] const ChartHeader& header() const { return *m_header; }

    [[nodiscard]] QSize sizeHint() const override { return {360, 110}; }
    [[nodiscard]] QSize minimumSizeHint() const override { return {200, 96}; }

signals:
    void cursorMoved(std::optional<double> x);
    /// The user zoomed, panned or reset.
    void zoomChanged();
    /// A click on the data, or Enter at the crosshair.
    void pointChosen(double x);

protected:
    struct Series {
        QString name;
        Role role = Role::Accent;
        Qt::PenStyle dash = Qt::SolidLine;
        ChartHeader::Mark mark = ChartHeader::Mark::Line;
        bool steps = false;      ///< The value at x is that of the last point at or left of it.
        bool fixedText = false;  ///< A marker: its entry always reads idleText().
        QCPGraph* graph = nullptr;
    };
    QCPGraph* addSeries(Series series);
    [[nodiscard]] const std::vector<Series>& series() const { return m_series; }
    void renameSeries(std::size_t index, const QString& name);
    void removeSeries();
    /// `offered`: which axis the user may switch to a logarithm and back; it starts as `logarithmic` says.
    void setAxes(Quantity x, Quantity y, std::optional<Qt::Orientation> offered = {},
                 bool logarithmic = false);
    void setAxisScale(QCPAxis* axis, Quantity quantity, bool logarithmic);
    [[nodiscard]] Quantity quantity(const QCPAxis* axis) const {
        return axis == xAxis ? m_xQuantity : m_yQuantity;
    }
    void setColumnTitle(const QString& title) { m_columnTitle = title; }
    /// Room for the labels of any axis at the left, so that charts below each other have one x.
    void alignLeft() { axisRect()->setMinimumMargins(QMargins(60, 4, space::kSection, 0)); }
    /// New data is in: fits the axes (unless zoomed) and repaints at the next turn of the event loop.
    void dataChanged();

    virtual void fitAxes() = 0;
    virtual bool hasData() const;
    /// Colours of what the subclass added; called after every theme switch.
    virtual void restyle() {}
    /// The data must be given again: a logarithm was switched.
    virtual void scaleChanged() {}
    /// Text at the cursor's foot.
    [[nodiscard]] virtual QString cursorText(double x) const;
    /// Entries beside those of the series: what a shade means.
    [[nodiscard]] virtual std::vector<ChartHeader::Entry> furtherEntries() const { return {}; }
    /// What a series' entry reads without a cursor.
    [[nodiscard]] virtual QString idleText(const Series& series) const;
    /// Further actions of the context menu; `x` is where it was opened.
    virtual void addToMenu(QMenu&, double) {}

    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void showEvent(QShowEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;

private:
    void applyTheme();
    void styleAxes();
    void styleSeries(const Series& series);
    void updateHeader();
    void setCursorAt(std::optional<double> x);
    void moveCursor(std::optional<double> x);
    void stepCursor(int by);
    void zoomBy(QCPAxis* axis, double factor);
    void pan(QCPAxis* axis, double share);
    bool moveByKey(QKeyEvent* event);
    void openTable();
    void copyPicture();
    void exportByDialog();
    [[nodiscard]] std::optional<double> valueAt(const Series& series, double x) const;

    ChartHeader* m_header;
    QCPItemText* m_placeholder;
    QCPItemLine* m_cursorLine;
    QCPItemText* m_cursorFoot;
    std::vector<Series> m_series;
    std::optional<double> m_cursorX;
    QString m_columnTitle;
    Quantity m_xQuantity = Quantity::Seconds, m_yQuantity = Quantity::Micros;
    std::optional<Qt::Orientation> m_offered;
    bool m_logarithmic = false;
    bool m_zoomed = false, m_fitting = false;
    bool m_stale = false;  ///< Changed while nobody could see it.
    QPoint m_pressedAt;
    QTimer m_describeSoon;  ///< Screen readers get a new description at most once a second.
};

}  // namespace hone::ui::plots
