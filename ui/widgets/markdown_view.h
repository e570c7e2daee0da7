#pragma once

#include <QTextBrowser>

namespace hone::ui {

/// Markdown in the program's own type and colours, again after light and dark switched. Links to other pages
/// are signals (anchorClicked); web links open in the browser.
class MarkdownView : public QTextBrowser {
    Q_OBJECT
public:
    explicit MarkdownView(QWidget* parent = nullptr);
    void showMarkdown(const QString& markdown);

private:
    void restyle();
    QString m_markdown;
};

}  // namespace hone::ui
