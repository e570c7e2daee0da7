#include "core/store/answer_repository.h"

namespace hone::store {

Result<> AnswerRepository::save(const model::SurveyAnswer& answer) {
    auto statement = m_db.prepare(
        "INSERT OR REPLACE INTO answers (id, survey_id, at, run_id, profile, p95_us, body) VALUES "
        "(?,?,?,?,?,?,?)");
    if (!statement)
        return fail(std::move(statement.error()));
    const std::string body = answer.toJson().dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
    statement->bind(1, std::string_view(answer.id));
    statement->bind(2, std::string_view(answer.surveyId));
    statement->bind(
        3, std::int64_t{
               std::chrono::duration_cast<std::chrono::milliseconds>(answer.at.time_since_epoch()).count()});
    statement->bind(4, std::string_view(answer.runId));
    statement->bind(5, std::string_view(answer.profile));
    statement->bind(6, answer.p95Us);
    statement->bind(7, std::string_view(body));
    return statement->run();
}

Result<std::vector<model::SurveyAnswer>> AnswerRepository::list(std::string_view surveyId) const {
    auto statement = m_db.prepare("SELECT body FROM answers WHERE ?1 = '' OR survey_id = ?1 ORDER BY at, id");
    if (!statement)
        return fail(std::move(statement.error()));
    statement->bind(1, surveyId);
    std::vector<model::SurveyAnswer> all;
    while (true) {
        auto row = statement->step();
        if (!row)
            return fail(std::move(row.error()));
        if (!*row)
            return all;
        const auto json = nlohmann::json::parse(statement->text(0), nullptr, false);
        auto answer = model::SurveyAnswer::fromJson(json);
        if (!answer)
            return fail(std::move(answer.error()));
        all.push_back(std::move(*answer));
    }
}

}  // namespace hone::store
