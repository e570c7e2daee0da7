#include "ui/shell/first_run.h"

#include "ui/widgets/widgets.h"

#include <QHBoxLayout>
#include <QLineEdit>
#include <QUrl>

namespace hone::ui {

namespace {

/// A card with picture, title and sentence; the caller adds its action.
QVBoxLayout* addCard(QHBoxLayout* row, const QString& iconName, const QString& title,
                     const QString& sentence) {
    auto* card = frame("card");
    card->setFixedSize(248, 208);
    auto* column = new QVBoxLayout(card);
    column->setContentsMargins(20, 20, 20, 20);
    column->setSpacing(space::kGap);
    auto* picture = new QLabel(card);
    const auto paint = [picture, iconName] {
        picture->setPixmap(icon(iconName, Role::Accent).pixmap(24, 24));
    };
    QObject::connect(&Theme::instance(), &Theme::changed, picture, paint);
    paint();
    auto* head = new QLabel(title, card);
    QFont strong = ui::font(FontRole::Body);
    strong.setPixelSize(15);
    strong.setWeight(QFont::DemiBold);
    head->setFont(strong);
    auto* words = mutedLabel(sentence, card);
    words->setWordWrap(true);
    column->addWidget(picture);
    column->addWidget(head);
    column->addWidget(words);
    column->addStretch();
    row->addWidget(card);
    return column;
}

}  // namespace

FirstRun::FirstRun(QWidget* parent)
    : QWidget(parent), m_url(new QLineEdit(this)), m_refusal(new InlineMessage(this)) {
    setFocusPolicy(Qt::ClickFocus);
    auto* title = titleLabel(tr("What should be faster?"), this);
    auto* sentence = mutedLabel(
        tr("Hone serves your data or calls your API, and measures what each optimisation is worth."), this);
    auto* cards = new QHBoxLayout;
    cards->setSpacing(space::kSection);

    auto* sample = addCard(cards, "server-database", tr("Sample data"),
                           tr("Serve 171 000 cities and see the first numbers within a minute."));
    auto* start = primaryButton(tr("Serve the cities"), {}, this);
    sample->addWidget(start);
    auto* file = addCard(cards, "document-open", tr("My file"),
                         tr("Serve a CSV, JSON or SQLite file as an API on this machine."));
    auto* choose = plainButton(tr("Choose a file…"), {}, this);
    file->addWidget(choose);
    auto* url = addCard(cards, "globe", tr("My API"), tr("Send requests to an API that already runs."));
    m_url->setPlaceholderText("https://api.example.org/items");
    m_url->setAccessibleName(tr("Address of the API"));
    url->addWidget(m_url);
    auto* open = plainButton(tr("Open in Compose"), {}, this);
    url->addWidget(open);

    auto* row = new QHBoxLayout;
    row->addStretch();
    row->addLayout(cards);
    row->addStretch();
    auto* column = new QVBoxLayout(this);
    column->setSpacing(space::kGap);
    column->addStretch(2);
    column->addWidget(title, 0, Qt::AlignHCenter);
    column->addWidget(sentence, 0, Qt::AlignHCenter);
    column->addSpacing(space::kSection);
    column->addLayout(row);
    column->addWidget(m_refusal, 0, Qt::AlignHCenter);
    column->addStretch(3);
    connect(start, &QPushButton::clicked, this, &FirstRun::sampleChosen);
    connect(choose, &QPushButton::clicked, this, &FirstRun::fileRequested);
    connect(open, &QPushButton::clicked, this, &FirstRun::takeUrl);
    connect(m_url, &QLineEdit::returnPressed, this, &FirstRun::takeUrl);
}

void FirstRun::takeUrl() {
    const QString typed = m_url->text().trimmed();
    const QUrl url = QUrl::fromUserInput(typed);
    if (typed.isEmpty() || !url.isValid() || !url.scheme().startsWith("http") || url.host().isEmpty()) {
        m_refusal->show(InlineMessage::Kind::Error, tr("\"%1\" is not an address of an API").arg(typed),
                        tr("For example https://api.example.org/items"));
        m_url->setFocus();
        return;
    }
    m_refusal->clear();
    emit urlChosen(url.toString());
}

}  // namespace hone::ui
