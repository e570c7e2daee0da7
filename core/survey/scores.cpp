#include "core/survey/scores.h"

#include "core/stats/paired.h"
#include "core/stats/quantiles.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <tuple>

namespace hone::survey {
namespace {

constexpr int kFew = 10;
constexpr int kFewestStars = 1;
constexpr int kMostStars = 5;
constexpr double kAlpha = 0.05;
constexpr double kNothing = std::numeric_limits<double>::quiet_NaN();

/// Nothing is known yet: shown as dashes.
Score emptyScore(std::string label, std::size_t answers) {
    const int n = static_cast<int>(answers);
    return {.label = std::move(label),
            .n = n,
            .value = kNothing,
            .lo = kNothing,
            .hi = kNothing,
            .few = n < kFew};
}

double countOf(std::span<const int> answers, int from, int to) {
    return static_cast<double>(std::ranges::count_if(answers, [&](int a) { return a >= from && a <= to; }));
}

/// The lowest answer that counts as satisfied.
int satisfiedFrom(int scale) {
    const int top = scale <= 3 ? 1 : scale <= 7 ? 2 : 3;
    return scale - top + 1;
}

}  // namespace

Score netPromoter(std::span<const int> answers) {
    Score score = emptyScore("NPS", answers.size());
    if (answers.empty())
        return score;
    const auto n = static_cast<double>(answers.size());
    const double promoters = countOf(answers, 9, 10) / n;
    const double detractors = countOf(answers, 0, 6) / n;
    const double net = promoters - detractors;
    const double error = std::sqrt(std::max(0.0, promoters + detractors - net * net) / n);
    const double reach = stats::normalQuantile(1 - kAlpha / 2) * error;
    score.value = 100 * net;
    score.lo = 100 * std::max(-1.0, net - reach);
    score.hi = 100 * std::min(1.0, net + reach);
    return score;
}

Score satisfaction(std::span<const int> answers, int scale) {
    Score score = emptyScore("CSAT", answers.size());
    if (answers.empty())
        return score;
    const double satisfied = countOf(answers, satisfiedFrom(scale), std::numeric_limits<int>::max());
    const auto n = static_cast<double>(answers.size());
    score.value = satisfied / n;
    std::tie(score.lo, score.hi) = stats::wilson(satisfied, n, kAlpha);
    return score;
}

Score meanRating(std::span<const int> answers) {
    Score score = emptyScore("Stars", answers.size());
    if (answers.empty())
        return score;
    const std::vector<double> values(answers.begin(), answers.end());
    score.value = stats::mean(values);
    const auto [least, most] = std::ranges::minmax(answers);
    score.lo = std::min(least, kFewestStars);
    score.hi = std::max(most, kMostStars);
    if (values.size() < 2)
        return score;
    const auto n = static_cast<double>(values.size());
    const double reach = stats::studentQuantile(1 - kAlpha / 2, n - 1) * stats::stddev(values) / std::sqrt(n);
    score.lo = std::max(score.lo, score.value - reach);
    score.hi = std::min(score.hi, score.value + reach);
    return score;
}

std::vector<int> ratings(std::span<const model::SurveyAnswer> answers, std::string_view question) {
    std::vector<int> found;
    for (const model::SurveyAnswer& answer : answers) {
        if (!answer.values.is_object())
            continue;
        const auto it = answer.values.find(question);
        if (it == answer.values.end() || !it->is_number())
            continue;
        // JavaScript forms may write 4.0; a rating is whole all the same.
        const double rating = it->get<double>();
        if (rating == std::floor(rating) && std::abs(rating) <= 1000)
            found.push_back(static_cast<int>(rating));
    }
    return found;
}

}  // namespace hone::survey
