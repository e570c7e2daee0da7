#include "core/model/survey.h"

#include "core/model/members.h"

#include <algorithm>

namespace hone::model {
namespace {

using nlohmann::json;

constexpr std::string_view kKnownTypes[] = {"rating", "comment", "text", "boolean", "radiogroup"};

/// SurveyJS texts are a string, or an object of translations with "default".
std::string localised(const json& value) {
    if (value.is_string())
        return value.get<std::string>();
    if (value.is_object())
        for (const char* key : {"default", "en"})
            if (const auto it = value.find(key); it != value.end() && it->is_string())
                return it->get<std::string>();
    return {};
}

std::string localisedMember(Members& members, std::string_view name) {
    const json* value = members.find(name);
    return value ? localised(*value) : std::string();
}

/// A choice is a text or number, or {"value", "text"}; answers hold the value.
std::string choiceFrom(const json& choice) {
    const json& value = choice.is_object() && choice.contains("value") ? choice["value"] : choice;
    return value.is_string() ? value.get<std::string>() : value.dump();
}

Result<Question> questionFrom(const json& element, const std::string& path) {
    Question question;
    Members members(element, path);
    members.text("name", question.name);
    members.text("type", question.type);
    question.title = localisedMember(members, "title");
    members.integer("rateMin", question.rateMin, 0, 100);
    members.integer("rateMax", question.rateMax, 1, 100);
    question.minLabel = localisedMember(members, "minRateDescription");
    question.maxLabel = localisedMember(members, "maxRateDescription");
    members.flag("isRequired", question.required);
    if (const json* choices = members.array("choices"))
        std::ranges::transform(*choices, std::back_inserter(question.choices), choiceFrom);
    if (question.name.empty())
        members.refuse(fail(Error::Malformed, "{} has no \"name\", under which answers are kept", path));
    if (question.rateMin >= question.rateMax)
        members.refuse(fail(Error::InvalidArgument, "{} rates from {} to {}, which is no scale", path,
                            question.rateMin, question.rateMax));
    if (std::ranges::find(kKnownTypes, question.type) == std::end(kKnownTypes))
        members.refuse(fail(Error::Unsupported, "{} has type \"{}\"", path, question.type)
                           .hint("Known: rating, comment, text, boolean, radiogroup."));
    if (question.type == "radiogroup" && question.choices.empty())
        members.refuse(fail(Error::Malformed, "{} is a radiogroup without \"choices\"", path));
    if (members.failed())
        return fail(members.result().error());
    if (question.title.empty())
        question.title = question.name;
    return question;
}

Result<> addQuestions(const json& holder, const std::string& path, Survey& survey) {
    Members members(holder, path);
    const json* elements = members.array("elements");
    if (!elements)
        elements = members.array("questions");  // SurveyJS's older word
    if (members.failed())
        return members.result();
    for (std::size_t i = 0; elements && i < elements->size(); ++i) {
        auto question = questionFrom((*elements)[i], fmt::format("{}[{}]", members.nameOf("elements"), i));
        if (!question)
            return fail(std::move(question.error()));
        if (std::ranges::find(survey.questions, question->name, &Question::name) != survey.questions.end())
            return fail(Error::AlreadyExists, "two questions have the name \"{}\"", question->name);
        survey.questions.push_back(std::move(*question));
    }
    return {};
}

}  // namespace

Result<Survey> Survey::fromJson(std::string id, const json& document) {
    Survey survey;
    survey.id = std::move(id);
    survey.source = document;
    Members members(document);
    survey.title = localisedMember(members, "title");
    const json* pages = members.array("pages");
    if (members.failed())
        return fail(members.result().error());
    if (auto added = addQuestions(document, "", survey); !added)
        return fail(std::move(added.error()));
    for (std::size_t i = 0; pages && i < pages->size(); ++i)
        if (auto added = addQuestions((*pages)[i], fmt::format("pages[{}]", i), survey); !added)
            return fail(std::move(added.error()));
    if (survey.questions.empty())
        return fail(Error::Malformed, "survey \"{}\" has no questions", survey.id)
            .hint("Questions are the \"elements\" of the survey or of its \"pages\".");
    return survey;
}

json SurveyAnswer::toJson() const {
    return {{"hone", 1},          {"kind", "answer"}, {"id", id},           {"surveyId", surveyId},
            {"at", timeText(at)}, {"runId", runId},   {"profile", profile}, {"p95Us", p95Us},
            {"values", values}};
}

Result<SurveyAnswer> SurveyAnswer::fromJson(const json& document) {
    SurveyAnswer answer;
    Members members(document);
    if (auto header = checkHeader(members, "answer"); !header)
        return fail(std::move(header.error()));
    members.text("id", answer.id);
    members.text("surveyId", answer.surveyId);
    members.time("at", answer.at);
    members.text("runId", answer.runId);
    members.text("profile", answer.profile);
    members.number("p95Us", answer.p95Us);
    if (const json* values = members.object("values"))
        answer.values = *values;
    if (members.failed())
        return fail(members.result().error());
    return answer;
}

}  // namespace hone::model
