// The grammar of thresholds. A scanner that knows where it stands, so that every refusal can point there.

#include "core/base/units.h"
#include "core/model/threshold.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace hone::model {
namespace {

using Figure = Threshold::Figure;
using Op = Threshold::Op;

struct Name {
    std::string_view name;
    Figure figure;
    double quantile = 0;
    bool isK6 = false;  ///< k6's spelling, whose bare numbers are milliseconds.
};
constexpr Name kNames[] = {
    {"mean", Figure::Mean},
    {"avg", Figure::Mean, 0, true},
    {"median", Figure::Quantile, 0.5},
    {"med", Figure::Quantile, 0.5, true},
    {"min", Figure::Min, 0, true},
    {"max", Figure::Max, 0, true},
    {"errors", Figure::Errors},
    {"rate", Figure::Errors},
    {"rps", Figure::Throughput},
    {"bytes", Figure::Bytes},
    {"requests", Figure::Requests},
    {"count", Figure::Requests},
    {"cpu", Figure::Cpu},
};
constexpr char kKnown[] =
    "Known: p50 p90 p95 p99 p99.9 (any pN), mean, median, min, max, errors, rps, bytes, requests, cpu, "
    "apdex(50ms); each also for one request: p95{list}.";
constexpr char kExample[] = "For example p95<20ms, errors<0.1%, bytes<30KiB, rps>5000, apdex(50ms)>0.9.";

/// How many code points a text has: the caret counts columns, not bytes.
std::size_t columns(std::string_view text) {
    return static_cast<std::size_t>(
        std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

/// Edit distance, for "did you mean".
std::size_t distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> row(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j)
        row[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::size_t diagonal = row[0];
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t above = row[j];
            row[j] = std::min({above + 1, row[j - 1] + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1)});
            diagonal = above;
        }
    }
    return row.back();
}

std::string didYouMean(std::string_view word) {
    std::string_view best;
    std::size_t least = 3;
    for (const std::string_view known : {"mean", "median", "min", "max", "errors", "rps", "bytes", "requests",
                                         "cpu", "apdex", "p50", "p90", "p95", "p99"})
        if (const auto d = distance(word, known); d < least && d < known.size()) {
            best = known;
            least = d;
        }
    return best.empty() ? std::string() : fmt::format("Did you mean {}? ", best);
}

std::optional<double> numberIn(std::string_view text) {
    double value = 0;
    const auto [end, error] =
        std::from_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed);
    const bool whole = error == std::errc{} && end == text.data() + text.size() && !text.empty();
    return whole && std::isfinite(value) ? std::optional(value) : std::nullopt;
}

/// Reads one threshold from left to right. Thread: one. Owner: parseThreshold()'s stack.
class Scanner {
public:
    explicit Scanner(std::string_view text) : m_text(text) {}

    Result<Threshold> scan() {
        Threshold out;
        out.text = std::string(m_text);
        for (auto step : {&Scanner::figure, &Scanner::request, &Scanner::sign, &Scanner::value})
            if (auto done = (this->*step)(out); !done)
                return fail(std::move(done.error()));
        return out;
    }

private:
    [[nodiscard]] std::string_view rest() const { return m_text.substr(m_at); }
    void skipSpaces() { m_at = std::min(m_text.find_first_not_of(' ', m_at), m_text.size()); }
    /// From here to the first of `stops`.
    std::string_view take(std::string_view stops) {
        const auto end = std::min(m_text.find_first_of(stops, m_at), m_text.size());
        const auto taken = m_text.substr(m_at, end - m_at);
        m_at = end;
        return taken.substr(0, taken.find_last_not_of(' ') + 1);
    }

    [[nodiscard]] Failure refuse(std::size_t at, std::size_t length, const std::string& what,
                                 const std::string& help) const {
        const std::string marks(std::max<std::size_t>(columns(m_text.substr(at, length)), 1) - 1, '~');
        return fail(Error::InvalidArgument, "threshold \"{}\": {}", m_text, what)
            .hint("\n    {}\n    {}^{}\n{}", m_text, std::string(columns(m_text.substr(0, at)), ' '), marks,
                  help);
    }

    Result<> figure(Threshold& out) {
        const auto at = m_at;
        const auto word = take("<>=!({ ");
        if (word.empty())
            return refuse(at, 1, "begins without a metric", fmt::format("{} {}", kExample, kKnown));
        std::string_view argument;
        std::size_t argumentAt = m_at;
        const bool hasArgument = rest().starts_with('(');
        if (hasArgument) {
            argumentAt = ++m_at;
            argument = take(")");
            if (rest().empty())
                return refuse(argumentAt - 1, 1, "the bracket is not closed", kExample);
            ++m_at;
        }
        m_isK6 = hasArgument;
        if (word == "apdex")
            return apdexOf(out, argument, argumentAt, hasArgument);
        if (word == "p" || (word.size() > 1 && word[0] == 'p' && numberIn(word.substr(1))))
            return quantileOf(out, hasArgument ? argument : word.substr(1),
                              hasArgument ? argumentAt : at + 1);
        const auto* known = std::ranges::find(kNames, word, &Name::name);
        if (known == std::end(kNames))
            return refuse(at, word.size(), fmt::format("\"{}\" is not a metric", word),
                          didYouMean(word) + kKnown);
        if (hasArgument)
            return refuse(argumentAt - 1, argument.size() + 2,
                          fmt::format("{} takes nothing in brackets", word), kExample);
        out.figure = known->figure;
        out.quantile = known->quantile;
        m_isK6 = known->isK6;
        return {};
    }

    Result<> quantileOf(Threshold& out, std::string_view text, std::size_t at) {
        const auto percent = numberIn(text);
        if (!percent || !(*percent > 0 && *percent < 100))
            return refuse(at, text.size(),
                          fmt::format("a percentile is above 0 and below 100, got \"{}\"", text),
                          "For example p95, p99.9 or p(95).");
        out.figure = Figure::Quantile;
        out.quantile = *percent / 100;
        return {};
    }

    Result<> apdexOf(Threshold& out, std::string_view text, std::size_t at, bool hasArgument) {
        if (!hasArgument)
            return refuse(m_at, 1, "apdex needs the latency people are satisfied with",
                          "For example apdex(50ms)>0.9.");
        const auto satisfied = parseDuration(text);
        if (!satisfied || satisfied->count() < 1'000)
            return refuse(at, text.size(),
                          satisfied ? "apdex needs a duration of at least 1us" : satisfied.error().what,
                          "For example apdex(50ms)>0.9.");
        out.figure = Figure::Apdex;
        out.apdexUs = static_cast<double>(satisfied->count()) / 1'000;
        return {};
    }

    Result<> request(Threshold& out) {
        skipSpaces();
        if (!rest().starts_with('{'))
            return {};
        const auto open = m_at;
        int depth = 0;  // names such as GET /api/{{id}} hold braces themselves
        for (; m_at < m_text.size(); ++m_at) {
            depth += m_text[m_at] == '{' ? 1 : m_text[m_at] == '}' ? -1 : 0;
            if (depth == 0)
                break;
        }
        if (depth != 0)
            return refuse(open, 1, "the brace is not closed", "For example p95{list}<30ms.");
        std::string_view name = m_text.substr(open + 1, m_at - open - 1);
        ++m_at;
        if (name.starts_with("name:"))  // as k6 tags requests
            name.remove_prefix(5);
        if (name.empty())
            return refuse(open, 2, "names no request", "For example p95{list}<30ms.");
        out.request = std::string(name);
        return {};
    }

    Result<> sign(Threshold& out) {
        skipSpaces();
        constexpr std::array<std::pair<std::string_view, Op>, 8> kSigns{{{"<=", Op::LessEqual},
                                                                         {"<", Op::Less},
                                                                         {">=", Op::GreaterEqual},
                                                                         {">", Op::Greater},
                                                                         {"===", Op::Equal},
                                                                         {"==", Op::Equal},
                                                                         {"!==", Op::NotEqual},
                                                                         {"!=", Op::NotEqual}}};
        for (const auto& [text, op] : kSigns)
            if (rest().starts_with(text)) {
                out.op = op;
                m_at += text.size();
                return {};
            }
        return refuse(m_at, 1, "an operator is missing here", "Known: < <= > >= == !=.");
    }

    Result<> value(Threshold& out) {
        skipSpaces();
        const auto text = rest();
        if (text.empty())
            return refuse(m_at, 1, "a value is missing here", kExample);
        auto limit = limitFrom(out, text);
        if (!limit)
            return refuse(m_at, text.size(), limit.error().what, limit.error().hint);
        out.limit = *limit;
        return {};
    }

    [[nodiscard]] Result<double> limitFrom(const Threshold& out, std::string_view text) const {
        if (out.isLatency())
            return latencyFrom(text);
        switch (out.figure) {
            case Figure::Errors: return shareFrom(text);
            case Figure::Throughput: return parseRate(text);
            case Figure::Bytes: return asDouble(parseSize(text));
            case Figure::Requests: return asDouble(parseCount(text));
            default: break;
        }
        const auto score = numberIn(text);
        if (!score || *score > 1)
            return fail(Error::InvalidArgument, "an Apdex score is between 0 and 1, got \"{}\"", text)
                .hint("For example apdex(50ms)>0.9.");
        return *score;
    }

    [[nodiscard]] Result<double> latencyFrom(std::string_view text) const {
        if (const auto bare = numberIn(text); bare && m_isK6)
            return *bare * 1'000;
        const auto duration = parseDuration(text);
        if (!duration)
            return fail(Error(duration.error()));
        return static_cast<double>(duration->count()) / 1'000;
    }

    [[nodiscard]] static Result<double> shareFrom(std::string_view text) {
        const bool isPercent = text.ends_with('%');
        std::string_view digits = isPercent ? text.substr(0, text.size() - 1) : text;
        digits = digits.substr(0, digits.find_last_not_of(' ') + 1);
        const auto number = numberIn(digits);
        const double share = number.value_or(-1) / (isPercent ? 100 : 1);
        if (!number || share < 0 || share > 1)
            return fail(Error::InvalidArgument, "\"{}\" is not a share of requests", text)
                .hint("For example errors<0.1% or errors<0.001.");
        return share;
    }

    static Result<double> asDouble(const Result<std::int64_t>& value) {
        if (!value)
            return fail(Error(value.error()));
        return static_cast<double>(*value);
    }

    std::string_view m_text;
    std::size_t m_at = 0;
    bool m_isK6 = false;  ///< A bare number is milliseconds.
};

}  // namespace

Result<Threshold> parseThreshold(std::string_view text) {
    const auto from = std::min(text.find_first_not_of(" \t\r\n"), text.size());
    const auto to = text.find_last_not_of(" \t\r\n") + 1;
    const auto trimmed = from < to ? text.substr(from, to - from) : std::string_view();
    if (trimmed.empty())
        return fail(Error::InvalidArgument, "the threshold is empty").hint("{} {}", kExample, kKnown);
    if (trimmed.find_first_of("\r\n\t") != std::string_view::npos)
        return fail(Error::InvalidArgument, "a threshold is one line, got {} bytes over several", text.size())
            .hint("Give --threshold once for each.");
    return Scanner(trimmed).scan();
}

}  // namespace hone::model
