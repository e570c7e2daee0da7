#include "core/model/extraction.h"

#include "core/model/json_path.h"
#include "core/model/members.h"

#include <boost/regex.hpp>

namespace hone::model {
namespace {

using nlohmann::json;
using Source = Extraction::Source;

constexpr std::pair<std::string_view, Source> kSources[] = {
    {"jsonpath", Source::Json}, {"header", Source::Header}, {"regex", Source::Regex}};

Result<> checkWhere(const Extraction& extraction) {
    if (extraction.where.empty())
        return fail(Error::InvalidArgument, "it is empty");
    if (extraction.source == Source::Json)
        if (auto path = JsonPath::parse(extraction.where); !path)
            return fail(std::move(path.error()));
    if (extraction.source != Source::Regex)
        return {};
    try {
        const boost::regex expression(extraction.where);
    } catch (const boost::regex_error& error) {
        return fail(Error::Malformed, "\"{}\" is no regular expression at column {}", extraction.where,
                    error.position() + 1);
    }
    return {};
}

}  // namespace

json Extraction::toJson() const {
    const auto* known = std::ranges::find(kSources, source, &std::pair<std::string_view, Source>::second);
    return {{std::string(known->first), where}};
}

Result<Extraction> Extraction::fromJson(std::string name, const json& value, const std::string& path) {
    const bool isOne = value.is_object() && value.size() == 1 && value.begin()->is_string();
    const auto* known =
        isOne ? std::ranges::find(kSources, value.begin().key(), &std::pair<std::string_view, Source>::first)
              : std::end(kSources);
    if (known == std::end(kSources))
        return fail(Error::Malformed, "{} must be one of jsonpath, header, regex with a text, got {}", path,
                    excerpt(value))
            .hint("For example {{\"jsonpath\": \"$.token\"}}.");
    Extraction out{std::move(name), known->second, value.begin()->get<std::string>()};
    if (auto done = checkWhere(out); !done)
        return fail(done.error().code, "{}.{}: {}", path, known->first, done.error().what)
            .hint("{}", done.error().hint);
    return out;
}

}  // namespace hone::model
