#include "core/survey/after_run.h"

#include "core/base/assert.h"
#include "core/survey/scores.h"

namespace hone::survey {
namespace {

// clang-format off
constexpr char kText[] = R"json({
  "title": "How was that?",
  "description": "Three short questions. The answers stay in this workspace, next to the latency you just had.",
  "showQuestionNumbers": false,
  "elements": [
    {
      "type": "rating",
      "name": "stars",
      "title": "How did the responses feel?",
      "rateType": "stars",
      "rateMin": 1,
      "rateMax": 5,
      "minRateDescription": "Far too slow",
      "maxRateDescription": "Instant",
      "isRequired": true
    },
    {
      "type": "rating",
      "name": "nps",
      "title": "How likely are you to recommend this API to a colleague?",
      "rateMin": 0,
      "rateMax": 10,
      "minRateDescription": "Not at all likely",
      "maxRateDescription": "Extremely likely"
    },
    {
      "type": "comment",
      "name": "comment",
      "title": "What would you change first?",
      "maxLength": 2000
    }
  ]
}
)json";
// clang-format on

model::Survey parsed() {
    auto survey = model::Survey::fromJson("after_run", nlohmann::json::parse(kText));
    HONE_ASSERT(survey, "the survey in the program is valid");
    return std::move(*survey);
}

}  // namespace

std::string_view afterRunText() { return kText; }

const model::Survey& afterRunSurvey() {
    static const model::Survey kSurvey = parsed();
    return kSurvey;
}

}  // namespace hone::survey
