#pragma once

#include "ui/theme/theme.h"

#include <QWidget>

#include <vector>

namespace hone::ui::plots {

/// What two toggles do together beyond the product of each; on the diagonal what one does alone.
struct InteractionCell {
    double ratio = 1;
    bool stands = false;  ///< Told from chance and large enough to matter; else it is drawn faint.
    bool known = false;   ///< The design can tell it at all.
    QString toolTip;
};

/// The upper triangle of toggles × toggles as a heat map with the numbers in it: green where together is
/// better than the product of each, red where worse. Thread: GUI.
class InteractionMatrix : public QWidget {
    Q_OBJECT
public:
    explicit InteractionMatrix(QWidget* parent = nullptr);
    /// `cells` row by row, names × names; only row ≤ column is drawn.
    void setCells(QStringList names, std::vector<InteractionCell> cells, bool lowerIsBetter);
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent*) override;
    bool event(QEvent* event) override;

private:
    [[nodiscard]] QRectF cellRect(std::size_t row, std::size_t column) const;
    [[nodiscard]] int labelWidth() const;

    QStringList m_names;
    std::vector<InteractionCell> m_cells;
    bool m_lowerIsBetter = true;
};

}  // namespace hone::ui::plots
