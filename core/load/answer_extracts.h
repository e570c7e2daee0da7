#pragma once

#include "core/model/extraction.h"
#include "core/model/json_path.h"
#include "core/net/client.h"

#include <boost/regex.hpp>

#include <optional>

namespace hone::load {

/// What the answers to one request give to later ones of the same client.
///
/// Immutable once made; shared by the generator's threads. A coded body gives nothing (the request set does
/// not let a workload ask for one).
class AnswerExtracts {
public:
    AnswerExtracts() = default;
    /// `variables[i]` is where the value of `sources[i]` goes.
    AnswerExtracts(const std::vector<model::Extraction>& sources, std::vector<std::size_t> variables);

    [[nodiscard]] bool empty() const { return m_extracts.empty(); }
    [[nodiscard]] bool readBody() const { return m_readBody; }
    /// Puts the values into `taken`; the name of the first one the answer does not have, else empty.
    [[nodiscard]] std::string_view take(const net::Answer& answer, std::vector<std::string>& taken) const;

private:
    struct Extract {
        model::Extraction source;
        std::size_t variable = 0;
        std::optional<model::JsonPath> path;
        std::optional<boost::regex> expression;
    };
    static std::optional<std::string> valueOf(const Extract& extract, const net::Answer& answer,
                                              const nlohmann::json& document);

    std::vector<Extract> m_extracts;
    bool m_readBody = false, m_readJson = false;
};

}  // namespace hone::load
