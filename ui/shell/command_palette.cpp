#include "ui/shell/command_palette.h"

#include "ui/widgets/widgets.h"

#include <QApplication>
#include <QKeyEvent>
#include <QLineEdit>
#include <QListView>
#include <QPainter>
#include <QStyledItemDelegate>
#include <QVBoxLayout>

#include <algorithm>

namespace hone::ui {

namespace {

constexpr int kWidth = 560, kRows = 10;

/// Icon and title at the left; section and shortcut, quieter, at the right.
class CommandDelegate : public QStyledItemDelegate {
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    QSize sizeHint(const QStyleOptionViewItem&, const QModelIndex&) const override {
        return {100, space::kRowTall};
    }

    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override {
        const QRect box = option.rect.adjusted(4, 1, -4, -1);
        if (option.state & (QStyle::State_Selected | QStyle::State_MouseOver)) {
            painter->setRenderHint(QPainter::Antialiasing);
            painter->setPen(Qt::NoPen);
            painter->setBrush(color(option.state & QStyle::State_Selected ? Role::Selection : Role::Hover));
            painter->drawRoundedRect(box, 4, 4);
        }
        const QRect line = box.adjusted(10, 0, -10, 0);
        qvariant_cast<QIcon>(index.data(Qt::DecorationRole))
            .paint(painter, QRect(line.left(), line.center().y() - 7, 16, 16));
        const QString shortcut = index.data(CommandModel::ShortcutRole).toString();
        QString right = index.data(CommandModel::SectionRole).toString();
        if (!shortcut.isEmpty())
            right += QStringLiteral("   ") + shortcut;
        painter->setFont(ui::font(FontRole::Small));
        painter->setPen(color(Role::Muted));
        painter->drawText(line, Qt::AlignRight | Qt::AlignVCenter, right);
        const int rightWidth = painter->fontMetrics().horizontalAdvance(right) + 16;
        painter->setFont(ui::font(FontRole::Body));
        painter->setPen(color(Role::Text));
        const QRect title = line.adjusted(26, 0, -rightWidth, 0);
        painter->drawText(
            title, Qt::AlignLeft | Qt::AlignVCenter,
            painter->fontMetrics().elidedText(index.data().toString(), Qt::ElideRight, title.width()));
    }
};

}  // namespace

int CommandModel::score(const QString& typed, const QString& title) {
    int points = 0, at = 0;
    bool adjacent = false;
    for (const QChar wanted : typed) {
        if (wanted.isSpace())
            continue;
        int found = at;
        while (found < title.size() && title[found].toCaseFolded() != wanted.toCaseFolded())
            ++found;
        if (found == title.size())
            return -1;
        const bool startsWord = found == 0 || !title[found - 1].isLetterOrNumber();
        points += startsWord ? 12 : (adjacent && found == at ? 8 : 1);
        adjacent = true;
        at = found + 1;
    }
    return points * 100 - static_cast<int>(title.size());
}

void CommandModel::setCommands(std::vector<Command> commands) {
    beginResetModel();
    m_commands = std::move(commands);
    m_shown.resize(m_commands.size());
    for (std::size_t i = 0; i < m_shown.size(); ++i)
        m_shown[i] = static_cast<int>(i);
    endResetModel();
}

void CommandModel::setFilter(const QString& typed) {
    std::vector<std::pair<int, int>> scored;  // score, index
    for (std::size_t i = 0; i < m_commands.size(); ++i)
        if (const int points = score(typed, m_commands[i].title); typed.isEmpty() || points >= 0)
            scored.emplace_back(typed.isEmpty() ? 0 : points, static_cast<int>(i));
    std::ranges::stable_sort(scored, std::greater{}, &std::pair<int, int>::first);
    beginResetModel();
    m_shown.clear();
    for (const auto& [points, index] : scored)
        m_shown.push_back(index);
    endResetModel();
}

const Command* CommandModel::at(int row) const {
    if (row < 0 || row >= rowCount())
        return nullptr;
    return &m_commands[static_cast<std::size_t>(m_shown[static_cast<std::size_t>(row)])];
}

int CommandModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_shown.size());
}

QVariant CommandModel::data(const QModelIndex& index, int role) const {
    const Command* command = index.isValid() ? at(index.row()) : nullptr;
    if (command == nullptr)
        return {};
    switch (role) {
        case Qt::DisplayRole: return command->title;
        case Qt::DecorationRole: return icon(command->iconName, Role::Muted);
        case SectionRole: return command->section;
        case ShortcutRole: return command->shortcut;
        default: return {};
    }
}

CommandPalette::CommandPalette(QWidget* window)
    : QFrame(window), m_line(new QLineEdit(this)), m_list(new QListView(this)) {
    setProperty("kind", "raised");
    setAccessibleName(tr("Commands"));
    m_line->setPlaceholderText(tr("Type a command, panel, profile, dataset or help page"));
    m_line->setProperty("look", "palette");
    m_line->addAction(icon("edit-find", Role::Muted), QLineEdit::LeadingPosition);
    m_list->setModel(&m_model);
    m_list->setItemDelegate(new CommandDelegate(m_list));
    m_list->setFocusPolicy(Qt::NoFocus);
    m_list->setMouseTracking(true);
    m_list->setUniformItemSizes(true);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_list->viewport()->setAutoFillBackground(false);
    m_list->setStyleSheet("background: transparent;");
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(1, 1, 1, 5);
    column->setSpacing(4);
    column->addWidget(m_line);
    column->addWidget(hairline());
    column->addWidget(m_list);
    connect(m_line, &QLineEdit::textChanged, this, [this](const QString& typed) {
        m_model.setFilter(typed.trimmed());
        m_list->setCurrentIndex(m_model.index(0));
        place();
    });
    connect(m_list, &QListView::clicked, this, [this](const QModelIndex& index) {
        m_list->setCurrentIndex(index);
        runCurrent();
    });
    m_line->installEventFilter(this);
    window->installEventFilter(this);
    hide();
}

void CommandPalette::open(std::vector<Command> commands) {
    m_model.setCommands(std::move(commands));
    m_line->clear();
    m_model.setFilter({});
    m_list->setCurrentIndex(m_model.index(0));
    place();
    show();
    raise();
    m_line->setFocus(Qt::PopupFocusReason);
}

void CommandPalette::place() {
    const int rows = std::clamp(m_model.rowCount(), 1, kRows);
    const int height = space::kToolbar + 12 + rows * space::kRowTall;
    setGeometry((parentWidget()->width() - kWidth) / 2, 64, kWidth, height);
}

void CommandPalette::runCurrent() {
    const Command* command = m_model.at(m_list->currentIndex().row());
    const auto run = command != nullptr ? command->run : std::function<void()>();
    hide();
    if (run)
        run();
}

bool CommandPalette::eventFilter(QObject* watched, QEvent* event) {
    if (watched == parentWidget()) {
        if (event->type() == QEvent::Resize && isVisible())
            place();
        return false;
    }
    if (event->type() == QEvent::FocusOut && isVisible())
        hide();
    if (event->type() != QEvent::KeyPress)
        return QFrame::eventFilter(watched, event);
    const int key = static_cast<QKeyEvent*>(event)->key();
    if (key == Qt::Key_Escape) {
        hide();
        return true;
    }
    if (key == Qt::Key_Return || key == Qt::Key_Enter) {
        runCurrent();
        return true;
    }
    if (key == Qt::Key_Down || key == Qt::Key_Up || key == Qt::Key_PageDown || key == Qt::Key_PageUp) {
        QApplication::sendEvent(m_list, event);
        return true;
    }
    return QFrame::eventFilter(watched, event);
}

}  // namespace hone::ui
