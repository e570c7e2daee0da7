#pragma once

#include "core/model/run.h"
#include "ui/plots/chart_base.h"

#include <QWidget>

namespace hone::ui::plots {

/// One bar of a list on a common scale, from where to where, and its words.
struct BarRow {
    QString label, text, toolTip;
    double from = 0, to = 0;
    Role role = Role::Accent;
    Quantity quantity = Quantity::Micros;
    /// Drawn instead of one piece from `from` to `to`.
    struct Piece {
        double from = 0, to = 0;
        Role role = Role::Accent;
    };
    std::vector<Piece> pieces = {};
};

/// Where the mean request spends its time, one phase after the other: waiting to be sent (open loop), TCP and
/// TLS (shared out over all requests of their connections), first byte, the rest of the answer.
[[nodiscard]] std::vector<BarRow> phaseRows(const model::RunResult& run);
/// What a request costs: bytes of every kind of request as shares of all, and the engine's processor time as
/// a share of the time waited for the first byte; hit ratios of the toggles that count hits and misses.
[[nodiscard]] std::vector<BarRow> ledgerRows(const model::RunResult& run);

/// Named bars below each other, with the same keys as the charts: T for the table, Ctrl+C for the picture.
/// Thread: GUI. The scale begins at zero and ends at the farthest bar.
class RowBars : public QWidget {
    Q_OBJECT
public:
    explicit RowBars(const QString& title, const QString& placeholder, QWidget* parent = nullptr);
    void setRows(std::vector<BarRow> rows);
    [[nodiscard]] const std::vector<BarRow>& rows() const { return m_rows; }
    [[nodiscard]] ChartBase::Table table() const;
    [[nodiscard]] QSize sizeHint() const override { return {320, 140}; }

protected:
    void paintEvent(QPaintEvent*) override;
    bool event(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    [[nodiscard]] QRectF rowRect(std::size_t row) const;

    QString m_title, m_placeholder;
    std::vector<BarRow> m_rows;
};

}  // namespace hone::ui::plots
