#include "core/interop/script.h"

#include "core/base/random.h"
#include "core/base/units.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace hone::interop {
namespace {

/// Beyond this the integral of the density is close enough to the sum of its terms.
constexpr std::int64_t kMostTabled = 1'000'000;

/// Indices from 0 with probability ∝ (index + 1)^−s.
class Zipf {
public:
    Zipf(std::int64_t count, double exponent) : m_count(count), m_exponent(exponent) {
        if (count > kMostTabled)
            return;
        double sum = 0;
        m_sums.reserve(static_cast<std::size_t>(count));
        for (std::int64_t k = 1; k <= count; ++k)
            m_sums.push_back(sum += std::pow(static_cast<double>(k), -exponent));
    }
    [[nodiscard]] std::int64_t next(SplitMix64& random) const {
        if (!m_sums.empty())
            return std::ranges::lower_bound(m_sums, random.uniform() * m_sums.back()) - m_sums.begin();
        const double low = area(0.5), high = area(static_cast<double>(m_count) + 0.5);
        const double x = areaInverse(low + random.uniform() * (high - low));
        return std::clamp<std::int64_t>(std::llround(x), 1, m_count) - 1;
    }

private:
    [[nodiscard]] bool isHarmonic() const { return std::abs(m_exponent - 1) < 1e-9; }
    [[nodiscard]] double area(double x) const {
        return isHarmonic() ? std::log(x) : (std::pow(x, 1 - m_exponent) - 1) / (1 - m_exponent);
    }
    [[nodiscard]] double areaInverse(double y) const {
        return isHarmonic() ? std::exp(y) : std::pow(1 + y * (1 - m_exponent), 1 / (1 - m_exponent));
    }

    std::int64_t m_count;
    double m_exponent;
    std::vector<double> m_sums;
};

std::int64_t uniform(SplitMix64& random, std::int64_t count) {
    return static_cast<std::int64_t>(
        (static_cast<unsigned __int128>(random.next()) * static_cast<std::uint64_t>(count)) >> 64);
}

std::int64_t countOf(const model::Variable& variable) {
    return variable.values.empty() ? variable.last - variable.first + 1
                                   : static_cast<std::int64_t>(variable.values.size());
}

std::string valueAt(const model::Variable& variable, std::int64_t index) {
    return variable.values.empty() ? std::to_string(variable.first + index)
                                   : variable.values[static_cast<std::size_t>(index)];
}

std::int64_t drawn(const model::Variable& variable, const Zipf& zipf, std::int64_t hot, std::size_t position,
                   SplitMix64& random) {
    const std::int64_t count = countOf(variable);
    switch (variable.draw) {
        case model::Variable::Draw::Uniform: return uniform(random, count);
        case model::Variable::Draw::Zipf: return zipf.next(random);
        case model::Variable::Draw::HotSet:
            return random.uniform() < variable.hotShare || hot == count ? uniform(random, hot)
                                                                        : hot + uniform(random, count - hot);
        case model::Variable::Draw::Sequential: break;
    }
    return static_cast<std::int64_t>(position) % count;
}

std::string quoted(std::string_view text, std::string_view controlFormat) {
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\')
            (out += '\\') += c;
        else if (c == '\n')
            out += "\\n";
        else if (c == '\r')
            out += "\\r";
        else if (c == '\t')
            out += "\\t";
        else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f)
            out += fmt::format(fmt::runtime(controlFormat), static_cast<unsigned char>(c));
        else
            out += c;
    }
    return out + "\"";
}

}  // namespace

std::vector<Piece> piecesOf(const model::Workload& workload, std::string_view text) {
    std::vector<Piece> pieces;
    std::string literal;
    while (!text.empty()) {
        const auto open = text.find("{{");
        const auto close = open == std::string_view::npos ? open : text.find("}}", open);
        const auto name =
            close == std::string_view::npos ? std::string_view() : text.substr(open + 2, close - open - 2);
        if (close == std::string_view::npos || !workload.variables.contains(name)) {
            const auto upTo = close == std::string_view::npos ? text.size() : close + 2;
            literal += text.substr(0, upTo);
            text.remove_prefix(upTo);
            continue;
        }
        literal += text.substr(0, open);
        if (!literal.empty())
            pieces.push_back({false, std::exchange(literal, {})});
        pieces.push_back({true, std::string(name)});
        text.remove_prefix(close + 2);
    }
    if (!literal.empty())
        pieces.push_back({false, literal});
    return pieces;
}

std::string filled(const std::vector<Piece>& pieces,
                   const std::map<std::string, std::string, std::less<>>& values) {
    std::string out;
    for (const auto& piece : pieces)
        out += piece.isVariable ? values.at(piece.text) : piece.text;
    return out;
}

std::vector<std::string> sampledValues(const model::Variable& variable, std::size_t count,
                                       std::uint64_t seed) {
    SplitMix64 random(seed);
    const std::int64_t all = countOf(variable);
    const Zipf zipf(variable.draw == model::Variable::Draw::Zipf ? all : 1, variable.skew);
    const auto hot =
        std::clamp<std::int64_t>(std::llround(static_cast<double>(all) * variable.hotKeys), 1, all);
    std::vector<std::string> values;
    for (std::size_t i = 0; i < count; ++i)
        values.push_back(valueAt(variable, drawn(variable, zipf, hot, i, random)));
    return values;
}

std::vector<DrawnRequest> drawnRequests(const model::Workload& workload, std::size_t count) {
    SplitMix64 random(workload.seed);
    std::map<std::string, std::vector<std::string>, std::less<>> samples;
    for (const auto& [name, variable] : workload.variables)
        samples[name] = sampledValues(variable, count, random.next());
    double sum = 0;
    for (const auto& request : workload.requests)
        sum += request.weight;
    std::vector<DrawnRequest> all;
    for (std::size_t i = 0; i < count; ++i) {
        double at = random.uniform() * sum;
        const auto* chosen = &workload.requests.back();
        for (const auto& request : workload.requests)
            if (at -= request.weight; at < 0) {
                chosen = &request;
                break;
            }
        std::map<std::string, std::string, std::less<>> values;
        for (const auto& [name, list] : samples)
            values[name] = list[i];
        const auto put = [&](const std::string& text) { return filled(piecesOf(workload, text), values); };
        DrawnRequest one{
            .request = chosen, .url = put(chosen->url), .body = put(chosen->body), .headers = {}};
        for (const auto& [name, value] : chosen->headers)
            one.headers.emplace_back(name, put(value));
        all.push_back(std::move(one));
    }
    return all;
}

std::vector<int> wholeWeights(const model::Workload& workload) {
    double largest = 0;
    for (const auto& request : workload.requests)
        largest = std::max(largest, request.weight);
    // The smallest factor that makes all of them whole, else the finest that still fits.
    double factor = largest > 0 ? std::min(1'000.0, 10'000 / largest) : 1;
    for (int candidate = 1; candidate <= 100 && candidate * largest <= 10'000; ++candidate)
        if (std::ranges::all_of(workload.requests, [&](const auto& request) {
                return std::abs(request.weight * candidate - std::round(request.weight * candidate)) < 1e-9;
            })) {
            factor = candidate;
            break;
        }
    std::vector<int> weights;
    for (const auto& request : workload.requests)
        weights.push_back(
            request.weight > 0 ? std::max(1, static_cast<int>(std::lround(request.weight * factor))) : 0);
    int divisor = 0;
    for (const int weight : weights)
        divisor = std::gcd(divisor, weight);
    for (int& weight : weights)
        weight /= std::max(divisor, 1);
    return weights;
}

bool isAbsolute(std::string_view url) { return url.starts_with("http://") || url.starts_with("https://"); }

std::string absolute(const std::string& url, const std::string& target) {
    return isAbsolute(url) ? url : target + url;
}

std::string jsText(std::string_view text) { return quoted(text, "\\u{:04x}"); }
std::string luaText(std::string_view text) { return quoted(text, "\\{:03d}"); }

std::string shellText(std::string_view text) {
    std::string out = "'";
    for (const char c : text)
        if (c == '\'')
            out += "'\\''";
        else
            out += c;
    return out + "'";
}

std::string identifier(std::string_view text, std::vector<std::string>& taken) {
    std::string name;
    for (const char c : text) {
        const bool isWord = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (isWord)
            name += c;
        else if (!name.empty() && name.back() != '_')
            name += '_';
    }
    while (!name.empty() && name.back() == '_')
        name.pop_back();
    if (name.empty() || (name[0] >= '0' && name[0] <= '9'))
        name.insert(0, "r_");
    std::string unique = name;
    for (int i = 2; std::ranges::find(taken, unique) != taken.end(); ++i)
        unique = fmt::format("{}_{}", name, i);
    taken.push_back(unique);
    return unique;
}

std::string numberText(double value) {
    std::string text = fmt::format("{:.6f}", value);
    text.erase(text.find_last_not_of('0') + 1);
    if (text.ends_with('.'))
        text.pop_back();
    return text;
}

std::string commented(std::string_view prefix, const std::vector<std::string>& lines) {
    std::string out;
    for (const auto& line : lines) {
        std::string safe = line;
        std::ranges::replace_if(safe, [](char c) { return static_cast<unsigned char>(c) < 0x20; }, ' ');
        // Java reads \u escapes even in comments.
        std::ranges::replace(safe, '\\', '/');
        out += fmt::format("{}{}\n", prefix, safe);
    }
    return out;
}

std::vector<std::string> headLines(const model::Workload& workload, std::string_view run) {
    const bool open = workload.model == model::LoadModel::Open;
    return {fmt::format("The workload \"{}\", exported from Hone.", workload.name),
            open ? fmt::format("Open loop: {}/s ({} arrivals) for {}, after {} of warm-up.",
                               numberText(workload.ratePerSecond),
                               workload.arrival == model::Arrival::Poisson ? "Poisson" : "constant",
                               durationText(workload.duration), durationText(workload.warmup))
                 : fmt::format("Closed loop: {} clients, think time {}, for {}, after {} of warm-up.",
                               workload.clients, durationText(workload.thinkTime),
                               durationText(workload.duration), durationText(workload.warmup)),
            fmt::format("Run: {}", run)};
}

double secondsOf(std::chrono::milliseconds duration) { return static_cast<double>(duration.count()) / 1'000; }

}  // namespace hone::interop
