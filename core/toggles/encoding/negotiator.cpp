#include "core/toggles/encoding/negotiator.h"

#include "core/http/semantics.h"

namespace hone::toggles::encoding {

Negotiator::Negotiator(std::vector<Coding> preference) {
    for (const Coding one : preference)
        m_offered.push_back(coding::codingName(one));
}

const Negotiator::Choice& Negotiator::choose(std::optional<std::string_view> acceptEncoding) {
    const bool isSame = acceptEncoding.has_value() == m_header.has_value() &&
                        (!acceptEncoding || *acceptEncoding == *m_header);
    if (!isSame) {
        m_choice = compute(acceptEncoding);
        m_header = acceptEncoding;
    }
    return m_choice;
}

Negotiator::Choice Negotiator::compute(std::optional<std::string_view> acceptEncoding) const {
    Choice choice;
    const auto best = http::chooseCoding(acceptEncoding, m_offered);
    choice.best = best ? coding::codingFrom(*best) : std::nullopt;
    choice.identityIsFine = http::chooseCoding(acceptEncoding, {}).has_value();
    return choice;
}

}  // namespace hone::toggles::encoding
