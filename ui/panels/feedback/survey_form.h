#pragma once

#include "core/model/survey.h"

#include <QWidget>

#include <functional>
#include <vector>

namespace hone::ui::feedback {

/// A survey as a person sees it: stars for ratings of up to five, a row of numbers for longer ones, text,
/// choices.
class SurveyForm : public QWidget {
    Q_OBJECT
public:
    explicit SurveyForm(const model::Survey& survey, QWidget* parent = nullptr);
    /// Question name → value; unanswered ones are left out.
    [[nodiscard]] nlohmann::json values() const;
    /// The title of the first required question without an answer; empty when complete.
    [[nodiscard]] QString missing() const;
    void clear();

signals:
    void changed();

private:
    struct Field {
        model::Question question;
        std::function<nlohmann::json()> read;
        std::function<void()> reset;
    };
    [[nodiscard]] QWidget* makeField(const model::Question& question);
    std::vector<Field> m_fields;
};

}  // namespace hone::ui::feedback
