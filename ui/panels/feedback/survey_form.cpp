#include "ui/panels/feedback/survey_form.h"

#include "ui/format/format.h"
#include "ui/widgets/widgets.h"

#include <QButtonGroup>
#include <QLabel>
#include <QPlainTextEdit>
#include <QRadioButton>
#include <QVBoxLayout>

namespace hone::ui::feedback {
namespace {

/// Numbers in a row that exclude each other: 0 1 2 … 10.
QWidget* numberRow(const model::Question& question, QButtonGroup* group, QWidget* parent) {
    auto* row = new QWidget(parent);
    auto* numbers = new QHBoxLayout;
    numbers->setSpacing(2);
    for (int value = question.rateMin; value <= question.rateMax; ++value) {
        auto* button = new QPushButton(QString::number(value), row);
        button->setCheckable(true);
        button->setMinimumWidth(26);
        button->setMaximumWidth(40);
        button->setStyleSheet("padding: 0");
        button->setAccessibleName(QString("%1: %2").arg(text(question.title)).arg(value));
        group->addButton(button, value);
        numbers->addWidget(button);
    }
    numbers->addStretch();
    auto* ends = new QHBoxLayout;
    ends->addWidget(mutedLabel(text(question.minLabel), row));
    ends->addStretch();
    ends->addWidget(mutedLabel(text(question.maxLabel), row));
    auto* layout = new QVBoxLayout(row);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(space::kGrid);
    layout->addLayout(numbers);
    layout->addLayout(ends);
    return row;
}

}  // namespace

SurveyForm::SurveyForm(const model::Survey& survey, QWidget* parent) : QWidget(parent) {
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(space::kGap);
    for (const auto& question : survey.questions) {
        auto* title = new QLabel(text(question.title) + (question.required ? " *" : ""), this);
        title->setWordWrap(true);
        title->setTextFormat(Qt::PlainText);
        layout->addWidget(title);
        auto* field = makeField(question);
        title->setBuddy(field);
        layout->addWidget(field);
        layout->addSpacing(space::kGap);
    }
}

QWidget* SurveyForm::makeField(const model::Question& question) {
    if (question.type == "rating" && question.rateMin == 1 && question.rateMax == 5) {
        auto* stars = new Stars(this);
        stars->setAccessibleName(text(question.title));
        connect(stars, &Stars::valueChanged, this, &SurveyForm::changed);
        m_fields.push_back(
            {question,
             [stars] { return stars->value() > 0 ? nlohmann::json(stars->value()) : nlohmann::json(); },
             [stars] { stars->setValue(0); }});
        return stars;
    }
    if (question.type == "rating" || question.type == "radiogroup" || question.type == "boolean") {
        auto* group = new QButtonGroup(this);
        QWidget* field = nullptr;
        std::vector<std::string> choices = question.choices;
        if (question.type == "rating") {
            field = numberRow(question, group, this);
        } else {
            if (question.type == "boolean")
                choices = {tr("Yes").toStdString(), tr("No").toStdString()};
            field = new QWidget(this);
            auto* column = new QVBoxLayout(field);
            column->setContentsMargins(0, 0, 0, 0);
            for (std::size_t i = 0; i < choices.size(); ++i) {
                auto* button = new QRadioButton(text(choices[i]), field);
                group->addButton(button, static_cast<int>(i));
                column->addWidget(button);
            }
        }
        connect(group, &QButtonGroup::idClicked, this, &SurveyForm::changed);
        m_fields.push_back({question,
                            [group, choices, type = question.type]() -> nlohmann::json {
                                const int id = group->checkedId();
                                if (group->checkedButton() == nullptr)
                                    return {};
                                return type == "rating" ? nlohmann::json(id)
                                       : type == "boolean"
                                           ? nlohmann::json(id == 0)
                                           : nlohmann::json(choices[static_cast<std::size_t>(id)]);
                            },
                            [group] {
                                group->setExclusive(false);
                                if (auto* checked = group->checkedButton())
                                    checked->setChecked(false);
                                group->setExclusive(true);
                            }});
        return field;
    }
    auto* comment = new QPlainTextEdit(this);
    comment->setMaximumHeight(88);
    comment->setTabChangesFocus(true);
    comment->setAccessibleName(text(question.title));
    connect(comment, &QPlainTextEdit::textChanged, this, &SurveyForm::changed);
    m_fields.push_back({question,
                        [comment] {
                            const auto written = comment->toPlainText().trimmed();
                            return written.isEmpty() ? nlohmann::json()
                                                     : nlohmann::json(written.toStdString());
                        },
                        [comment] { comment->clear(); }});
    return comment;
}

nlohmann::json SurveyForm::values() const {
    nlohmann::json all = nlohmann::json::object();
    for (const auto& field : m_fields)
        if (auto value = field.read(); !value.is_null())
            all[field.question.name] = std::move(value);
    return all;
}

QString SurveyForm::missing() const {
    for (const auto& field : m_fields)
        if (field.question.required && field.read().is_null())
            return text(field.question.title);
    return {};
}

void SurveyForm::clear() {
    for (const auto& field : m_fields)
        field.reset();
}

}  // namespace hone::ui::feedback
