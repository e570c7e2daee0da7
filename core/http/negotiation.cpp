#include "core/http/semantics.h"
#include "core/http/syntax.h"

namespace hone::http {

namespace {

/// qvalue in thousandths: "0", "0.5", "1.000"; at most three decimals (RFC 9110 section 12.4.2).
std::optional<int> parseQ(std::string_view text) {
    if (text.empty() || text.size() > 5 || (text[0] != '0' && text[0] != '1') ||
        (text.size() > 1 && text[1] != '.'))
        return std::nullopt;
    int value = (text[0] - '0') * 1000;
    int place = 100;
    for (std::size_t i = 2; i < text.size(); ++i, place /= 10) {
        if (text[i] < '0' || text[i] > '9')
            return std::nullopt;
        value += (text[i] - '0') * place;
    }
    return value <= 1000 ? std::optional(value) : std::nullopt;
}

/// One list member; nothing when its weight is malformed: what the client meant cannot be known.
std::optional<Weighted> parseMember(std::string_view member) {
    Weighted out;
    std::string_view part;
    while (nextMember(member, part, ';')) {
        const std::size_t equals = part.find('=');
        const bool isQ =
            !out.value.empty() && equals != part.npos && iequals(trim(part.substr(0, equals)), "q");
        if (isQ) {
            const auto q = parseQ(trim(part.substr(equals + 1)));
            if (!q)
                return std::nullopt;
            out.q = *q;
            break;  // whatever follows the weight is an extension nobody uses
        }
        if (!out.value.empty())
            out.value += ';';
        out.value += part;
    }
    return out.value.empty() ? std::nullopt : std::optional(std::move(out));
}

/// x-gzip and x-compress are the old names (RFC 9110 section 8.4.1).
std::string_view codingName(std::string_view name) {
    if (iequals(name, "x-gzip"))
        return "gzip";
    return iequals(name, "x-compress") ? "compress" : name;
}

/// The weight a list gives a coding: by name, else by "*", else none.
std::optional<int> weightOf(std::span<const Weighted> wanted, std::string_view coding) {
    std::optional<int> any;
    for (const Weighted& entry : wanted) {
        if (iequals(codingName(entry.value), codingName(coding)))
            return entry.q;
        if (entry.value == "*")
            any = entry.q;
    }
    return any;
}

/// How closely a media range names a type: 0 not at all, 1 `*/*`, 2 `type/*`, 3 with parameters, 4 exactly. A
/// range with parameters ("application/json;charset=utf-8") still counts: what we offer has none to disagree
/// about.
int closeness(std::string_view range, std::string_view type) {
    const std::size_t semicolon = range.find(';');
    const std::string_view name = range.substr(0, semicolon);
    if (name == "*/*" || name == "*")
        return 1;
    if (name.ends_with("/*"))
        return type.size() > name.size() - 1 &&
                       iequals(type.substr(0, name.size() - 1), name.substr(0, name.size() - 1))
                   ? 2
                   : 0;
    if (!iequals(name, type))
        return 0;
    return semicolon == range.npos ? 4 : 3;
}

}  // namespace

std::vector<Weighted> parseWeighted(std::string_view value) {
    std::vector<Weighted> out;
    std::string_view member;
    while (nextMember(value, member))
        if (auto entry = parseMember(member))
            out.push_back(std::move(*entry));
    return out;
}

std::optional<std::string> chooseCoding(std::optional<std::string_view> acceptEncoding,
                                        std::span<const std::string_view> offered) {
    if (!acceptEncoding)
        return "identity";
    const auto wanted = parseWeighted(*acceptEncoding);
    std::optional<std::string> best;
    int bestQ = 0;
    bool identityOffered = false;
    for (const std::string_view coding : offered) {
        identityOffered = identityOffered || iequals(coding, "identity");
        const int q = weightOf(wanted, coding).value_or(0);
        if (q > bestQ) {
            best = coding;
            bestQ = q;
        }
    }
    // Identity not mentioned is acceptable, but anything asked for by name is better (RFC 9110
    // section 12.5.3).
    const auto identityQ = weightOf(wanted, "identity");
    const bool identityWins = identityQ ? *identityQ > bestQ && *identityQ > 0 : !best;
    if (!identityWins || (identityOffered && best))
        return best;
    return "identity";
}

std::optional<std::string> chooseMedia(std::optional<std::string_view> accept,
                                       std::span<const std::string_view> offered) {
    if (offered.empty())
        return std::nullopt;
    const auto wanted = parseWeighted(accept.value_or(""));
    if (wanted.empty())
        return std::string(offered.front());
    std::optional<std::string> best;
    int bestQ = 0;
    for (const std::string_view type : offered) {
        int closest = 0;
        int q = 0;
        for (const Weighted& entry : wanted) {
            if (const int close = closeness(entry.value, type); close > closest) {
                closest = close;
                q = entry.q;
            }
        }
        if (q > bestQ) {
            best = type;
            bestQ = q;
        }
    }
    return best;
}

}  // namespace hone::http
