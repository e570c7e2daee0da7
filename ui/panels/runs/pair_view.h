#pragma once

#include "core/model/run.h"

#include <QWidget>

class QTreeWidget;

namespace hone::ui {
class InlineMessage;
namespace plots {
class EcdfOverlay;
class P95Overlay;
class PercentileSpectrum;
}  // namespace plots
}  // namespace hone::ui

namespace hone::ui::runs {

/// Two runs side by side, A the older. They were measured apart, so there is no interval, and it says so.
class PairView : public QWidget {
    Q_OBJECT
public:
    explicit PairView(QWidget* parent = nullptr);
    void show(const model::RunResult& a, const model::RunResult& b);

private:
    void addRow(const QString& metric, const QString& a, const QString& b, double valueA, double valueB);

    InlineMessage* m_label;
    QTreeWidget* m_table;
    plots::EcdfOverlay* m_ecdf;
    plots::PercentileSpectrum* m_spectrum;
    plots::P95Overlay* m_overTime;
};

}  // namespace hone::ui::runs
