#pragma once

#include "core/params/param_set.h"

#include <QWidget>

#include <vector>

class QPushButton;

namespace hone::ui {

/// A form made from parameter descriptions: spin boxes with units, switches, choice boxes, text; help as
/// tooltip and small text; an inline message under the field that was refused. Knows nothing of what the
/// parameters are for.
class ParamForm : public QWidget {
    Q_OBJECT
public:
    explicit ParamForm(const ParamSet& values, QWidget* parent = nullptr);
    /// Shows these values without emitting changed().
    void setValues(const ParamSet& values);
    /// Puts an error under a field; cleared by its next edit.
    void showError(const QString& paramId, const QString& message);

signals:
    /// The user changed a field to a value its Param accepts.
    void changed(const QString& paramId, const QString& valueText);

private:
    struct Field;
    void build();
    Field* addField(const Param& param, QWidget* parent);
    QWidget* makeControl(Field& field, QWidget* parent);
    void edited(Field& field, const QString& valueText);
    void showValue(Field& field);
    void updateVisibility();

    ParamSet m_values;
    std::vector<Field*> m_fields;   ///< Children of ours; one per Param, in order.
    QPushButton* m_more = nullptr;  ///< Unfolds advanced fields; null when there are none.
};

}  // namespace hone::ui
