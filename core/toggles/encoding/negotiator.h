#pragma once

#include "core/coding/codec.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hone::toggles::encoding {

using coding::Coding;

/// Chooses a content coding for a request from what is switched on, in order of preference.
///
/// Thread: one at a time (remembers the last header: clients of one kind all send the same). Owner: the
/// Stage. Source: RFC 9110 section 12.5.3.
class Negotiator {
public:
    /// `preference`: best first; decides between codings the client likes equally. Without Identity.
    explicit Negotiator(std::vector<Coding> preference);

    struct Choice {
        std::optional<Coding> best;  ///< None: nothing is acceptable (406).
        bool identityIsFine = true;  ///< The answer may also go out as it is.
    };
    [[nodiscard]] const Choice& choose(std::optional<std::string_view> acceptEncoding);

private:
    [[nodiscard]] Choice compute(std::optional<std::string_view> acceptEncoding) const;

    std::vector<std::string_view> m_offered;
    std::optional<std::string> m_header;  ///< What m_choice was computed from.
    Choice m_choice{.best = Coding::Identity};
};

}  // namespace hone::toggles::encoding
