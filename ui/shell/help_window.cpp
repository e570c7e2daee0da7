#include "ui/shell/help_window.h"

#include "ui/widgets/markdown_view.h"
#include "ui/widgets/widgets.h"

#include <QDesktopServices>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QListWidget>
#include <QShortcut>

namespace hone::ui {

HelpWindow::HelpWindow(QList<HelpPage> pages, QWidget* parent)
    : QWidget(parent, Qt::Window),
      m_pages(std::move(pages)),
      m_search(new QLineEdit(this)),
      m_list(new QListWidget(this)),
      m_text(new MarkdownView(this)) {
    setObjectName("canvas");
    setWindowTitle(tr("Hone – Help"));
    resize(960, 700);
    m_search->setPlaceholderText(tr("Search the help"));
    m_search->setClearButtonEnabled(true);
    m_search->addAction(icon("edit-find", Role::Muted), QLineEdit::LeadingPosition);
    m_list->setAccessibleName(tr("Pages"));
    auto* side = frame("rail", this);
    side->setFixedWidth(240);
    auto* column = new QVBoxLayout(side);
    column->setContentsMargins(10, 10, 10, 10);
    column->addWidget(m_search);
    column->addWidget(m_list, 1);
    auto* page = new QVBoxLayout;
    page->setContentsMargins(32, 24, 16, 16);
    m_text->setMaximumWidth(760);  // About a hundred characters: lines that eyes find the start of.
    page->addWidget(m_text);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(0);
    row->addWidget(side);
    row->addLayout(page, 1);
    connect(m_search, &QLineEdit::textChanged, this, &HelpWindow::fill);
    connect(m_list, &QListWidget::currentItemChanged, this, [this](QListWidgetItem* item) {
        if (item != nullptr)
            showPage(item->data(Qt::UserRole).toString());
    });
    connect(m_text, &QTextBrowser::anchorClicked, this, &HelpWindow::followLink);
    connect(new QShortcut(Qt::Key_Escape, this), &QShortcut::activated, this, &QWidget::close);
    connect(new QShortcut(QKeySequence::Find, this), &QShortcut::activated, m_search,
            qOverload<>(&QWidget::setFocus));
    fill({});
    if (!m_pages.isEmpty())
        showPage(m_pages.first().id);
}

void HelpWindow::fill(const QString& typed) {
    m_list->clear();
    QString section;
    for (const HelpPage& page : m_pages) {
        if (!typed.isEmpty() && !page.title.contains(typed, Qt::CaseInsensitive) &&
            !page.markdown.contains(typed, Qt::CaseInsensitive))
            continue;
        if (page.section != section) {
            section = page.section;
            auto* head = new QListWidgetItem(section, m_list);
            head->setFlags(Qt::NoItemFlags);
            head->setFont(ui::font(FontRole::Label));
            head->setForeground(color(Role::Muted));
        }
        auto* item = new QListWidgetItem(page.title, m_list);
        item->setData(Qt::UserRole, page.id);
        if (page.id == m_shown)
            m_list->setCurrentItem(item);
    }
    if (m_list->count() == 0) {
        auto* none = new QListWidgetItem(tr("No page says \"%1\"").arg(typed), m_list);
        none->setFlags(Qt::NoItemFlags);
    }
    if (!typed.isEmpty())
        m_text->find(typed);
}

void HelpWindow::showPage(const QString& id) {
    if (id == m_shown)
        return;
    for (const HelpPage& page : m_pages)
        if (page.id == id)
            render(page);
}

void HelpWindow::render(const HelpPage& page) {
    m_shown = page.id;
    m_text->showMarkdown(page.markdown);
    for (int i = 0; i < m_list->count(); ++i)
        if (m_list->item(i)->data(Qt::UserRole).toString() == page.id)
            m_list->setCurrentRow(i);
    if (!m_search->text().isEmpty())
        m_text->find(m_search->text());
}

void HelpWindow::followLink(const QUrl& url) {
    if (url.scheme().startsWith("http")) {
        QDesktopServices::openUrl(url);
        return;
    }
    const QString name = url.fileName();  // "measuring.md" beside this page
    if (name.endsWith(".md"))
        showPage("docs/" + name.chopped(3));
}

}  // namespace hone::ui
