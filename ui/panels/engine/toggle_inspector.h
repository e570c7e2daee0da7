#pragma once

#include "core/engine/engine.h"

#include <QFrame>

class QLabel;
class QVBoxLayout;

namespace hone::ui {
class MarkdownView;
class ParamForm;
}  // namespace hone::ui

namespace hone::ui::engine {

class EdgeView;

/// The settings a profile gives a toggle, the initial ones where it says nothing (or something that does not
/// fit).
[[nodiscard]] ParamSet settingsOf(const hone::engine::ToggleDef& def, const model::Profile& profile);

/// The right side: one toggle's parameters as a form, what it moves and costs, and its documentation.
class ToggleInspector : public QFrame {
    Q_OBJECT
public:
    explicit ToggleInspector(QWidget* parent);
    void show(const hone::engine::ToggleDef& def, const ParamSet& values);
    /// The profile changed elsewhere.
    void setValues(const ParamSet& values);
    void showError(const QString& paramId, const QString& message);
    /// What the toggle counted, for those that have a picture of it.
    void showCounters(const std::map<std::string, double>& counters, const model::Profile& profile);
    [[nodiscard]] const hone::engine::ToggleDef* def() const { return m_def; }

signals:
    void changed(const QString& paramId, const QString& valueText);
    void closed();

private:
    const hone::engine::ToggleDef* m_def = nullptr;
    QLabel* m_title;
    QLabel* m_effect;
    QVBoxLayout* m_formPlace;
    ParamForm* m_form = nullptr;
    EdgeView* m_edge;  ///< Hidden but for that toggle.
    MarkdownView* m_doc;
};

}  // namespace hone::ui::engine
