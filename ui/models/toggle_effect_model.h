#pragma once

#include "core/model/attribution.h"

#include <QAbstractTableModel>

namespace hone::ui {

/// What each toggle does, and what several do together, for one metric of an attribution.
class ToggleEffectModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { What, Change, Interval, Share, Verdict, ColumnCount };
    using QAbstractTableModel::QAbstractTableModel;
    void setMetric(model::AttributionMetric metric, double delta);
    void clear() { setMetric({}, m_delta); }
    [[nodiscard]] const model::AttributionMetric& metric() const { return m_metric; }
    [[nodiscard]] double delta() const { return m_delta; }

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    [[nodiscard]] QString verdict(const model::FactorEffect& effect) const;

    model::AttributionMetric m_metric;
    double m_delta = 0.02;
};

}  // namespace hone::ui
