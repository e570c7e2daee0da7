#include "core/model/arrivals.h"

#include "core/base/units.h"
#include "core/model/members.h"

#include <cmath>

namespace hone::model {
namespace {

using nlohmann::json;
using std::chrono::milliseconds;

constexpr double kHighestRate = 1e8;
constexpr std::size_t kMostStages = 1000;
constexpr milliseconds kLongestStage = std::chrono::hours(7 * 24);

std::string_view trimmed(std::string_view text) {
    const auto first = text.find_first_not_of(" \t\n");
    return first == text.npos ? std::string_view{}
                              : text.substr(first, text.find_last_not_of(" \t\n") - first + 1);
}

Result<double> stageRate(std::string_view text) {
    auto rate = parseRate(trimmed(text));
    if (rate && !(*rate >= 0 && *rate <= kHighestRate))
        return fail(Error::InvalidArgument, "a stage's rate must be from 0 to 100M/s, got \"{}\"",
                    trimmed(text));
    return rate;
}

Result<milliseconds> stageDuration(std::string_view text) {
    const auto parsed = parseDuration(trimmed(text));
    if (!parsed)
        return fail(parsed.error());
    const auto duration = std::chrono::duration_cast<milliseconds>(*parsed);
    if (duration < milliseconds(1) || duration > kLongestStage)
        return fail(Error::InvalidArgument, "a stage must last from 1 ms to 7 days, got \"{}\"",
                    trimmed(text));
    return duration;
}

/// "30s:100/s..1000/s"
Result<RateStage> stageFrom(std::string_view text) {
    const auto colon = text.find(':');
    if (colon == text.npos)
        return fail(Error::Malformed, "\"{}\" is no stage", trimmed(text));
    const auto duration = stageDuration(text.substr(0, colon));
    if (!duration)
        return fail(duration.error());
    std::string_view rates = text.substr(colon + 1);
    const auto dots = rates.find("..");
    const auto from = stageRate(rates.substr(0, dots));
    if (!from)
        return fail(from.error());
    const auto to = dots == rates.npos ? from : stageRate(rates.substr(dots + 2));
    if (!to)
        return fail(to.error());
    return RateStage{*duration, *from, *to};
}

Result<> checkStages(const std::vector<RateStage>& stages) {
    if (stages.empty() || stages.size() > kMostStages)
        return fail(Error::InvalidArgument, "there must be from 1 to {} stages, got {}", kMostStages,
                    stages.size());
    for (const RateStage& stage : stages)
        if (stage.from > 0 || stage.to > 0)
            return {};
    return fail(Error::InvalidArgument, "every stage has rate 0: nothing would be sent");
}

/// "500/s"; short for whole numbers, exact for others.
std::string perSecond(double rate) {
    return rate < 1e15 && rate == std::floor(rate) ? fmt::format("{:.0f}/s", rate)
                                                   : fmt::format("{:f}/s", rate);
}

json rateOf(double rate) { return rate == std::floor(rate) ? json(perSecond(rate)) : json(rate); }

Result<double> rateMember(const json& value, const std::string& name) {
    auto rate = value.is_number()   ? Result<double>(value.get<double>())
                : value.is_string() ? stageRate(value.get_ref<const std::string&>())
                                    : Result<double>(fail(Error::Malformed,
                                                          "a rate such as \"500/s\" is "
                                                          "needed, got {}",
                                                          excerpt(value)));
    if (!rate)
        return fail(rate.error().code, "{}: {}", name, rate.error().what).hint("{}", rate.error().hint);
    if (!(*rate >= 0 && *rate <= kHighestRate))
        return fail(Error::InvalidArgument, "{} must be from 0 to 100M/s, got {}", name, excerpt(value));
    return rate;
}

}  // namespace

Result<std::vector<RateStage>> parseStages(std::string_view text) {
    std::vector<RateStage> out;
    for (std::size_t at = 0; at <= text.size();) {
        const std::size_t end = std::min(text.find(',', at), text.size());
        auto stage = stageFrom(text.substr(at, end - at));
        if (!stage)
            return fail(stage.error().code, "stage {} (column {}): {}", out.size() + 1, at + 1,
                        stage.error().what)
                .hint("Write 10s:100/s to hold a rate and 30s:100/s..1000/s to ramp, with commas between.");
        out.push_back(*stage);
        at = end + 1;
    }
    if (auto done = checkStages(out); !done)
        return fail(std::move(done.error()));
    return out;
}

std::string stagesText(const std::vector<RateStage>& stages) {
    std::string out;
    for (const RateStage& stage : stages) {
        out += fmt::format("{}{}:{}", out.empty() ? "" : ", ", durationText(stage.duration),
                           perSecond(stage.from));
        if (stage.to != stage.from)
            out += ".." + perSecond(stage.to);
    }
    return out;
}

milliseconds lengthOf(const std::vector<RateStage>& stages) {
    milliseconds sum{0};
    for (const RateStage& stage : stages)
        sum += stage.duration;
    return sum;
}

Result<std::vector<RateStage>> stagesFromJson(const json& value, const std::string& path) {
    if (value.is_string()) {
        auto stages = parseStages(value.get_ref<const std::string&>());
        if (!stages)
            stages.error().what = path + ": " + stages.error().what;
        return stages;
    }
    if (!value.is_array())
        return fail(Error::Malformed, "{} must be a list of stages, got {}", path, excerpt(value))
            .hint("For example [{{\"duration\": \"30s\", \"rate\": \"100/s\", \"to\": \"1000/s\"}}].");
    std::vector<RateStage> out;
    for (const json& entry : value) {
        const std::string name = fmt::format("{}[{}]", path, out.size());
        if (!entry.is_object() || !entry.contains("duration") || !entry.contains("rate"))
            return fail(Error::Malformed, "{} needs a \"duration\" and a \"rate\", got {}", name,
                        excerpt(entry));
        RateStage stage;
        Members members(entry, name);
        members.duration("duration", stage.duration, milliseconds(1), kLongestStage);
        if (members.failed())
            return fail(members.result().error());
        auto from = rateMember(entry["rate"], name + ".rate");
        if (!from)
            return fail(std::move(from.error()));
        auto to = entry.contains("to") ? rateMember(entry["to"], name + ".to") : from;
        if (!to)
            return fail(std::move(to.error()));
        stage.from = *from;
        stage.to = *to;
        out.push_back(stage);
    }
    if (auto done = checkStages(out); !done)
        return fail(done.error().code, "{}: {}", path, done.error().what);
    return out;
}

json stagesJson(const std::vector<RateStage>& stages) {
    json out = json::array();
    for (const RateStage& stage : stages) {
        json entry = {{"duration", durationText(stage.duration)}, {"rate", rateOf(stage.from)}};
        if (stage.to != stage.from)
            entry["to"] = rateOf(stage.to);
        out.push_back(std::move(entry));
    }
    return out;
}

Result<Replay> replayFromJson(const json& value, const std::string& path) {
    Replay replay;
    Members members(value, path);
    members.text("file", replay.file);
    members.number("speed", replay.speed, 0.001, 1000);
    members.flag("targets", replay.targets);
    if (!members.failed() && replay.file.empty())
        members.refuse(fail(Error::Malformed, "{} needs the \"file\" to replay", path)
                           .hint("An access log of nginx or Apache, a HAR file, or JSON lines."));
    if (members.failed())
        return fail(members.result().error());
    return replay;
}

json replayJson(const Replay& replay) {
    return {{"file", replay.file}, {"speed", replay.speed}, {"targets", replay.targets}};
}

}  // namespace hone::model
