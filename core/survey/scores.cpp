#include "core/survey/scores.h"

#include "core/stats/paired.h"
#include "core/stats/quantiles.h"

#include <algorithm>
#include <cmath>

namespace hone::survey {
namespace {

constexpr int kFewAnswers = 10;  // METHOD section 6: no score below this without its warning

// The same text as resources/surveys/after_run.json; a test keeps them equal.
constexpr char kAfterRun[] = R"json({
  "title": "How did it feel?",
  "elements": [
    {
      "type": "rating",
      "name": "stars",
      "title": "How quick did the API feel?",
      "rateMin": 1,
      "rateMax": 5,
      "minRateDescription": "slow",
      "maxRateDescription": "quick",
      "isRequired": true
    },
    {
      "type": "rating",
      "name": "nps",
      "title": "How likely are you to recommend this API to a colleague?",
      "rateMin": 0,
      "rateMax": 10,
      "minRateDescription": "not at all",
      "maxRateDescription": "very likely"
    },
    {
      "type": "comment",
      "name": "comment",
      "title": "What stood out?"
    }
  ]
}
)json";

double share(std::span<const int> answers, auto predicate) {
    return answers.empty() ? 0
                           : static_cast<double>(std::ranges::count_if(answers, predicate)) /
                                 static_cast<double>(answers.size());
}

Score scoreOf(const char* label, std::size_t n) {
    return {.label = label, .n = static_cast<int>(n), .few = n < kFewAnswers};
}

}  // namespace

Score netPromoter(std::span<const int> answers) {
    Score score = scoreOf("NPS", answers.size());
    if (answers.empty())
        return score;
    const double promoters = share(answers, [](int a) { return a >= 9; }),
                 detractors = share(answers, [](int a) { return a <= 6; });
    const double difference = promoters - detractors;
    const double error = std::sqrt(std::max(0.0, promoters + detractors - difference * difference) /
                                   static_cast<double>(answers.size()));
    const double radius = stats::normalQuantile(0.975) * error;
    score.value = 100 * difference;
    score.lo = std::max(-100.0, 100 * (difference - radius));
    score.hi = std::min(100.0, 100 * (difference + radius));
    return score;
}

Score satisfaction(std::span<const int> answers, int scale) {
    Score score = scoreOf("CSAT", answers.size());
    if (answers.empty())
        return score;
    const int top = scale <= 3 ? 1 : scale <= 7 ? 2 : 3;
    score.value = share(answers, [&](int a) { return a > scale - top; });
    const auto n = static_cast<double>(answers.size());
    std::tie(score.lo, score.hi) = stats::wilson(score.value * n, n);
    return score;
}

Score meanRating(std::span<const int> answers) {
    Score score = scoreOf("Stars", answers.size());
    if (answers.empty())
        return score;
    const std::vector<double> values(answers.begin(), answers.end());
    score.value = score.lo = score.hi = stats::mean(values);
    if (values.size() < 2)
        return score;
    const auto n = static_cast<double>(values.size());
    const double radius = stats::studentQuantile(0.975, n - 1) * stats::stddev(values) / std::sqrt(n);
    score.lo = score.value - radius;
    score.hi = score.value + radius;
    return score;
}

std::vector<int> ratings(std::span<const model::SurveyAnswer> answers, std::string_view question) {
    std::vector<int> all;
    for (const auto& answer : answers)
        if (const auto value = answer.values.find(question);
            value != answer.values.end() && value->is_number_integer())
            all.push_back(value->get<int>());
    return all;
}

const model::Survey& afterRunSurvey() {
    static const model::Survey kSurvey =
        *model::Survey::fromJson("after-run", nlohmann::json::parse(kAfterRun));
    return kSurvey;
}

}  // namespace hone::survey
