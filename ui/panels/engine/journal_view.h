#pragma once

#include "ui/panels/engine/journal_filter.h"
#include "ui/panels/engine/journal_model.h"

#include <QWidget>

class QLineEdit;
class QSplitter;
class QTableView;
class QTextBrowser;
class QToolButton;

namespace hone::ui::engine {

/// The journal: what the engine answered, newest first, with a filter line, a pause, and the details of the
/// chosen exchange: why this answer, what each stage did and took, the fields both ways.
class JournalView : public QWidget {
    Q_OBJECT
public:
    explicit JournalView(QTableView* table, QWidget* parent = nullptr);

    /// Takes in what is new, unless paused; the view stays at the top when it was there.
    void update(const std::vector<hone::engine::JournalEntry>& entries);
    void clear();
    void setFilter(const QString& text);
    /// Filters and opens the newest that matches; false when none does.
    bool openFirst(const QString& filter);

signals:
    /// "GET /api/cities": to be opened in Compose.
    void openRequested(const QString& method, const QString& target);
    void said(const QString& words);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    QWidget* makeHead();
    QWidget* makeDetails();
    void applyFilter();
    void showDetails();
    void shareRoom();
    void copyCurl();
    [[nodiscard]] const hone::engine::JournalEntry* chosen() const;

    JournalModel m_model;
    JournalRows m_rows;
    QTableView* m_table;
    QLineEdit* m_filter;
    QToolButton* m_pause;
    QSplitter* m_split;
    QWidget* m_details;
    QTextBrowser* m_text;
    hone::engine::JournalEntry m_shown;  ///< A copy: the row may leave the journal while it is read.
};

/// The details of one exchange as HTML for a text view; everything from outside escaped.
[[nodiscard]] QString detailsHtml(const hone::engine::JournalEntry& entry);
/// The request as a curl command line for a POSIX shell. Masked credentials stay masked.
[[nodiscard]] QString curlOf(const hone::engine::JournalEntry& entry, const QString& origin);

}  // namespace hone::ui::engine
