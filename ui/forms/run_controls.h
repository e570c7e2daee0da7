#pragma once

#include "core/base/error.h"

#include <QWidget>

#include <initializer_list>
#include <optional>
#include <vector>

class QHBoxLayout;
class QLabel;
class QProgressBar;
class QPushButton;
class QVBoxLayout;

namespace hone::ui {

class InlineMessage;

/// What the controls of everything that is measured share: Run and Stop, progress with words, the inline
/// message, and the mark on the field that does not read.
///
/// F5 and Escape work while `parent`, the panel, or something inside has the focus. The derived class builds
/// its rows into column() and calls makeRun() once, then finishColumn().
class RunControls : public QWidget {
    Q_OBJECT
public:
    explicit RunControls(QWidget* parent);

    void showError(const Error& error);
    void setRunning(bool running);
    void setProgress(double fraction, const QString& words);

signals:
    void runRequested();
    void stopRequested();

protected:
    [[nodiscard]] QVBoxLayout* column() const;
    /// Adds words, Run and Stop to the end of `row`.
    void makeRun(QHBoxLayout& row, const QString& run, const QString& runToolTip, const QString& stopToolTip);
    /// Message and progress bar below the rows; `inputs` rest while something runs.
    void finishColumn(const QString& progressName, std::initializer_list<QWidget*> inputs);
    /// Reads by `read`; when that fails, the field in m_refused is marked and the reason shown.
    template <class Read>
    auto checked(Read read) -> std::optional<typename decltype(read())::value_type> {
        clearRefusal();
        auto plan = read();
        if (plan)
            return std::move(*plan);
        refuse(plan.error());
        return {};
    }

    QWidget* m_refused = nullptr;  ///< The field being read: when reading fails, the error is about it.

private:
    void clearRefusal();
    void refuse(const Error& error);

    std::vector<QWidget*> m_inputs;
    QPushButton *m_run = nullptr, *m_stop = nullptr;
    QLabel* m_words = nullptr;
    InlineMessage* m_message;
    QProgressBar* m_bar;
};

}  // namespace hone::ui
