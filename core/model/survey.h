#pragma once

#include "core/base/error.h"

#include <nlohmann/json.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace hone::model {

/// A question as in SurveyJS: type "rating" (rateMin…rateMax), "comment", "boolean", "radiogroup" (choices).
struct Question {
    std::string name, type, title;
    int rateMin = 1, rateMax = 5;
    std::string minLabel, maxLabel;
    std::vector<std::string> choices;
    bool required = false;
};

/// A short questionnaire, read from SurveyJS JSON (pages or elements); unknown members survive.
struct Survey {
    std::string id, title;
    std::vector<Question> questions;
    nlohmann::json source;
    [[nodiscard]] static Result<Survey> fromJson(std::string id, const nlohmann::json& json);
};

/// What one person said, about which run, endpoint or profile, and the latency they had.
struct SurveyAnswer {
    std::string id, surveyId;
    std::chrono::system_clock::time_point at;
    std::string runId;                                 ///< A run or comparison; may be empty.
    std::string profile;                               ///< Its name at that time.
    double p95Us = 0;                                  ///< Of that run; 0: unknown.
    nlohmann::json values = nlohmann::json::object();  ///< Question name → value.

    [[nodiscard]] nlohmann::json toJson() const;
    [[nodiscard]] static Result<SurveyAnswer> fromJson(const nlohmann::json& json);
};

}  // namespace hone::model
