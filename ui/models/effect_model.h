#pragma once

#include "core/model/comparison.h"

#include <QAbstractTableModel>

#include <vector>

namespace hone::ui {

/// The effects of a comparison as a table: metric, A, B, change, its interval (drawn by a delegate), verdict
/// in words.
class EffectModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { Metric, A, B, Change, Interval, Verdict, ColumnCount };
    using QAbstractTableModel::QAbstractTableModel;
    /// `metric` is the one the comparison is about: its row is emphasised.
    void setEffects(std::vector<model::Effect> effects, std::string metric, double delta);
    [[nodiscard]] const model::Effect& effect(int row) const {
        return m_effects.at(static_cast<std::size_t>(row));
    }
    [[nodiscard]] const std::vector<model::Effect>& effects() const { return m_effects; }
    [[nodiscard]] double delta() const { return m_delta; }
    [[nodiscard]] bool isStrong(int row) const { return effect(row).metric == m_metric; }

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    std::vector<model::Effect> m_effects;
    std::string m_metric;
    double m_delta = 0.02;
};

/// A metric's value with its unit: "1.84 ms", "12.5 k/s", "3.20 KiB", "0.1 %".
[[nodiscard]] QString metricText(std::string_view metric, double value);
/// "▼ better", "▲ worse", "= no practical difference", "? cannot tell yet": a sign and a word, never colour
/// alone. The arrow is the direction the number went.
[[nodiscard]] QString verdictText(const model::Effect& effect);

}  // namespace hone::ui
