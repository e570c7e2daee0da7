#include "core/load/answer_checks.h"

#include "core/http/semantics.h"

#include <algorithm>

namespace hone::load {

namespace {

using nlohmann::json;
using Subject = model::WorkloadCheck::Subject;
using Relation = model::WorkloadCheck::Relation;

std::optional<std::string_view> fieldOf(const net::Answer& answer, std::string_view name) {
    const auto found = std::ranges::find_if(
        answer.fields, [&](const http::FieldView& field) { return http::iequals(field.name, name); });
    return found == answer.fields.end() ? std::nullopt : std::optional(found->value);
}

bool isCoded(const net::Answer& answer) {
    const auto coding = fieldOf(answer, "Content-Encoding");
    return coding && !http::iequals(*coding, "identity");
}

bool holdsFor(Relation relation, std::string_view value, std::string_view expected) {
    switch (relation) {
        case Relation::Equals: return value == expected;
        case Relation::Contains: return value.contains(expected);
        case Relation::Exists: break;
    }
    return true;
}

bool holdsFor(Relation relation, const json& value, const json& expected, const std::string& text) {
    if (relation == Relation::Equals)
        return value == expected;
    if (relation == Relation::Contains)
        return value.is_string() && value.get_ref<const std::string&>().contains(text);
    return true;
}

}  // namespace

AnswerChecks::AnswerChecks(const std::vector<model::WorkloadCheck>& checks) {
    for (const auto& source : checks) {
        Check check{source, source.expected.is_string() ? source.expected.get<std::string>() : "", {}};
        if (source.subject == Subject::Json)
            if (auto path = model::JsonPath::parse(source.name))
                check.path = std::move(*path);
        m_readBody = m_readBody || source.readsBody();
        m_readJson = m_readJson || source.subject == Subject::Json;
        m_checks.push_back(std::move(check));
    }
}

std::vector<model::CheckResult> AnswerChecks::results() const {
    std::vector<model::CheckResult> out;
    for (const auto& check : m_checks)
        out.push_back({.text = check.source.text()});
    return out;
}

void AnswerChecks::count(const net::Answer& answer, std::vector<model::CheckResult>& results) const {
    if (answer.status == 0)
        return;
    const bool isReadable = m_readBody && !isCoded(answer);
    json document(json::value_t::discarded);
    if (isReadable && m_readJson)
        document = json::parse(answer.body, nullptr, /*allow_exceptions=*/false);
    for (std::size_t i = 0; i < m_checks.size(); ++i) {
        const Check& check = m_checks[i];
        const Relation relation = check.source.relation;
        bool holds = false;
        switch (check.source.subject) {
            case Subject::Status: holds = check.source.expected == answer.status; break;
            case Subject::Header: {
                const auto value = fieldOf(answer, check.source.name);
                holds = value && holdsFor(relation, *value, check.text);
                break;
            }
            case Subject::Body: holds = isReadable && holdsFor(relation, answer.body, check.text); break;
            case Subject::Json: {
                const json* value =
                    check.path && !document.is_discarded() ? check.path->find(document) : nullptr;
                holds = value && holdsFor(relation, *value, check.source.expected, check.text);
                break;
            }
        }
        ++(holds ? results[i].passed : results[i].failed);
    }
}

}  // namespace hone::load
