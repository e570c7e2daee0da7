#pragma once

#include "ui/models/help_pages.h"

#include <QWidget>

class QLineEdit;
class QListWidget;

namespace hone::ui {

class MarkdownView;

/// F1: the guide and a page per toggle, with search through all of them.
class HelpWindow : public QWidget {
    Q_OBJECT
public:
    explicit HelpWindow(QList<HelpPage> pages, QWidget* parent = nullptr);
    void showPage(const QString& id);

private:
    void fill(const QString& typed);
    void render(const HelpPage& page);
    void followLink(const QUrl& url);

    QList<HelpPage> m_pages;
    QLineEdit* m_search;
    QListWidget* m_list;
    MarkdownView* m_text;
    QString m_shown;
};

}  // namespace hone::ui
