#pragma once

#include "core/model/survey.h"
#include "core/sqlite/sqlite.h"

#include <vector>

namespace hone::store {

/// The `answers` table. Thread: its connection's. Owner: the store.
class AnswerRepository {
public:
    explicit AnswerRepository(sqlite::Connection& db) : m_db(db) {}
    Result<> save(const model::SurveyAnswer& answer);
    /// Oldest first; all surveys when `surveyId` is empty.
    [[nodiscard]] Result<std::vector<model::SurveyAnswer>> list(std::string_view surveyId) const;

private:
    sqlite::Connection& m_db;
};

}  // namespace hone::store
