#include "core/load/answer_extracts.h"

#include "core/http/semantics.h"

#include <algorithm>

namespace hone::load {

namespace {

using nlohmann::json;
using Source = model::Extraction::Source;

std::optional<std::string_view> fieldOf(const net::Answer& answer, std::string_view name) {
    const auto found = std::ranges::find_if(
        answer.fields, [&](const http::FieldView& field) { return http::iequals(field.name, name); });
    return found == answer.fields.end() ? std::nullopt : std::optional(found->value);
}

// A line break in a value would end the field or request line it is put into.
bool isSendable(std::string_view value) {
    return std::ranges::none_of(value,
                                [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

std::optional<std::string> match(const boost::regex& expression, std::string_view body) {
    try {
        boost::cmatch found;
        if (!boost::regex_search(body.data(), body.data() + body.size(), found, expression))
            return std::nullopt;
        return found[found.size() > 1 ? 1 : 0].str();
    } catch (const std::runtime_error&) {
        return std::nullopt;  // Gave up: the expression takes exponential time on this body.
    }
}

}  // namespace

AnswerExtracts::AnswerExtracts(const std::vector<model::Extraction>& sources,
                               std::vector<std::size_t> variables) {
    for (std::size_t i = 0; i < sources.size(); ++i) {
        Extract extract{sources[i], variables[i], {}, {}};
        if (sources[i].source == Source::Json)
            if (auto path = model::JsonPath::parse(sources[i].where))
                extract.path = std::move(*path);
        if (sources[i].source == Source::Regex)
            extract.expression.emplace(sources[i].where);
        m_readBody = m_readBody || sources[i].readsBody();
        m_readJson = m_readJson || sources[i].source == Source::Json;
        m_extracts.push_back(std::move(extract));
    }
}

std::string_view AnswerExtracts::take(const net::Answer& answer, std::vector<std::string>& taken) const {
    const auto coding = fieldOf(answer, "Content-Encoding");
    const bool isCoded = coding && !http::iequals(*coding, "identity");
    json document(json::value_t::discarded);
    if (m_readJson && !isCoded)
        document = json::parse(answer.body, nullptr, /*allow_exceptions=*/false);
    for (const Extract& extract : m_extracts) {
        auto value =
            isCoded && extract.source.readsBody() ? std::nullopt : valueOf(extract, answer, document);
        if (!value || !isSendable(*value))
            return extract.source.name;
        taken[extract.variable] = std::move(*value);
    }
    return {};
}

std::optional<std::string> AnswerExtracts::valueOf(const Extract& extract, const net::Answer& answer,
                                                   const json& document) {
    if (extract.source.source == Source::Header) {
        const auto field = fieldOf(answer, extract.source.where);
        return field ? std::optional(std::string(*field)) : std::nullopt;
    }
    if (extract.expression)
        return match(*extract.expression, answer.body);
    const json* value = extract.path && !document.is_discarded() ? extract.path->find(document) : nullptr;
    if (!value)
        return std::nullopt;
    return value->is_string() ? value->get<std::string>() : value->dump();
}

}  // namespace hone::load
