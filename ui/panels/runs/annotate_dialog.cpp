#include "ui/panels/runs/annotate_dialog.h"

#include "ui/format/format.h"
#include "ui/models/run_list_model.h"
#include "ui/widgets/widgets.h"

#include <QDialogButtonBox>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QRegularExpression>
#include <QVBoxLayout>

namespace hone::ui::runs {

AnnotateDialog::AnnotateDialog(const store::RunSummary& run, QWidget* parent)
    : QDialog(parent),
      m_name(new QLineEdit(runTitle(run), this)),
      m_tags(new QLineEdit(this)),
      m_note(new QPlainTextEdit(this)) {
    setWindowTitle(tr("Name, tags and note"));
    resize(440, 300);
    QStringList words;
    for (const std::string& tag : run.tags)
        words << text(tag);
    m_tags->setText(words.join(QLatin1Char(' ')));
    m_tags->setPlaceholderText(tr("release candidate wifi"));
    m_note->setPlainText(text(run.note));
    auto* buttons = new QDialogButtonBox(this);
    buttons->addButton(primaryButton(tr("Save"), {}, this), QDialogButtonBox::AcceptRole);
    buttons->addButton(plainButton(tr("Cancel"), {}, this), QDialogButtonBox::RejectRole);
    connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(space::kPadding, space::kPadding, space::kPadding, space::kPadding);
    column->setSpacing(space::kGrid);
    const std::pair<QString, QWidget*> fields[] = {
        {tr("Name"), m_name}, {tr("Tags, separated by spaces"), m_tags}, {tr("Note"), m_note}};
    for (const auto& [name, field] : fields) {
        auto* label = sectionLabel(name, this);
        label->setBuddy(field);
        field->setAccessibleName(name);
        column->addWidget(label);
        column->addWidget(field);
    }
    column->addSpacing(space::kGap);
    column->addWidget(buttons);
    m_name->selectAll();
}

std::string AnnotateDialog::name() const { return utf8(m_name->text().trimmed()); }

std::string AnnotateDialog::note() const { return utf8(m_note->toPlainText().trimmed()); }

std::vector<std::string> AnnotateDialog::tags() const {
    static const QRegularExpression kBetween(QStringLiteral("[\\s,#]+"));
    QStringList words = m_tags->text().split(kBetween, Qt::SkipEmptyParts);
    words.removeDuplicates();
    std::vector<std::string> tags;
    for (const QString& word : words)
        tags.push_back(utf8(word));
    return tags;
}

}  // namespace hone::ui::runs
