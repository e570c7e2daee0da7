#pragma once

#include "core/model/survey.h"

#include <span>
#include <string>

/// Scores of answers (METHOD section 6). Pure functions. Thread: any.
namespace hone::survey {

/// A score with its interval; all three are NaN without answers. Below 10 answers `few` is set and views show
/// the warning.
struct Score {
    std::string label;  ///< "NPS", "CSAT", "Stars"
    int n = 0;
    double value = 0, lo = 0, hi = 0;
    bool few = true;
};

/// Net promoter score of 0–10 answers: %(9–10) − %(0–6), −100 … 100, normal interval from the paper's SE.
[[nodiscard]] Score netPromoter(std::span<const int> answers);
/// Share of satisfied: top 1 of 3, top 2 of 4–7, top 3 of 10; Wilson interval; 0 … 1.
[[nodiscard]] Score satisfaction(std::span<const int> answers, int scale);
/// Mean of stars (1 … 5) with a t interval that stays on the scale; one answer leaves the whole scale open.
[[nodiscard]] Score meanRating(std::span<const int> answers);

/// The values of one rating question over all answers that have it.
[[nodiscard]] std::vector<int> ratings(std::span<const model::SurveyAnswer> answers,
                                       std::string_view question);

/// The survey that comes with the product: stars 1–5 ("stars"), NPS 0–10 ("nps"), comment ("comment").
[[nodiscard]] const model::Survey& afterRunSurvey();

}  // namespace hone::survey
