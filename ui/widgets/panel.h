#pragma once

#include "ui/models/workspace.h"

#include <QWidget>

namespace hone::ui {

/// What the left rail switches between. The shell owns panels and knows nothing else about them.
class Panel : public QWidget {
    Q_OBJECT
public:
    explicit Panel(Workspace& workspace, QWidget* parent = nullptr)
        : QWidget(parent), m_workspace(workspace) {}
    [[nodiscard]] virtual QString title() const = 0;     ///< "Bench"
    [[nodiscard]] virtual QString iconName() const = 0;  ///< resources/icons
    /// Became visible: refresh what may be stale, put the focus where typing makes sense.
    virtual void activated() {}
    /// Puts the panel into a state worth a screenshot: "empty", "full", "error". Used by `./dev shots`
    /// through the same calls a user's clicks make; returns false for a state it does not have. Work may go
    /// on in jobs.
    virtual bool demonstrate(const QString& state) {
        Q_UNUSED(state);
        return false;
    }

signals:
    /// Shows another panel; `argument` is what it should open: openPanel("compare", id), openPanel("compose",
    /// url).
    void openPanel(const QString& id, const QString& argument);
    /// A short confirmation in the status bar, with an optional undo.
    void said(const QString& message);

public slots:
    virtual void open(const QString& argument) { Q_UNUSED(argument); }

protected:
    Workspace& m_workspace;
};

}  // namespace hone::ui
