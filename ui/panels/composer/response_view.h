#pragma once

#include "core/compose/sender.h"

#include <QWidget>

class QLabel;
class QLineEdit;
class QStackedWidget;
class QTableWidget;
class QToolButton;

namespace hone::ui {
class CodeView;
class InlineMessage;
class Segmented;
}  // namespace hone::ui

namespace hone::ui::composer {

class TimingView;

/// An answer: one line that says it all, then body, headers and timing. Shows an error in place of them.
class ResponseView : public QWidget {
    Q_OBJECT
public:
    explicit ResponseView(QWidget* parent = nullptr);
    void show(const compose::Outcome& outcome);
    void showWaiting(const QString& text);
    void clear();             ///< As before the first send.
    void showTab(int index);  ///< 0 body, 1 headers, 2 timing.

private:
    void showBody(const compose::Outcome& outcome);
    void showHeaders(const compose::Outcome& outcome);

    QLabel* m_status;
    QLabel* m_facts;
    Segmented* m_tabs;
    QLineEdit* m_search;
    QStackedWidget* m_pages;
    CodeView* m_body;
    QTableWidget* m_headers;
    TimingView* m_timing;
    InlineMessage* m_message;
    QLabel* m_empty;
};

}  // namespace hone::ui::composer
