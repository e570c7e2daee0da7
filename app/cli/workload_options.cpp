#include "app/cli/workload_options.h"

#include "app/cli/inputs.h"
#include "core/base/units.h"
#include "core/load/recorded_log.h"

namespace hone::cli {
namespace {

Result<> setDuration(std::chrono::milliseconds& into, const std::string& text, std::string_view option) {
    if (text.empty())
        return {};
    const auto parsed = parseDuration(text);
    if (!parsed)
        return fail(parsed.error().code, "{}: {}", option, parsed.error().what)
            .hint("{}", parsed.error().hint);
    into = std::chrono::duration_cast<std::chrono::milliseconds>(*parsed);
    return {};
}

/// A recording is replayed as long as it lasts, unless a duration says otherwise.
Result<> setReplay(model::Workload& workload, const std::string& file) {
    const auto log = load::readRecordedLog(file);
    if (!log)
        return fail(log.error().code, "--replay: {}", log.error().what).hint("{}", log.error().hint);
    workload.model = model::LoadModel::Open;
    workload.replay = {.file = std::filesystem::absolute(file).string()};
    workload.stages.clear();
    // The last request is due at its end, so a little more.
    workload.duration =
        std::chrono::duration_cast<std::chrono::milliseconds>(log->length()) + std::chrono::seconds(1);
    return {};
}

Result<> setMaxBody(std::int64_t& into, const std::string& text) {
    if (text.empty())
        return {};
    const auto parsed = parseSize(text);
    if (!parsed)
        return fail(parsed.error().code, "--max-body: {}", parsed.error().what)
            .hint("{}", parsed.error().hint);
    if (*parsed < 1)
        return fail(Error::InvalidArgument, "--max-body must be at least 1 byte, got {}", text)
            .hint("For example --max-body 256MiB.");
    into = *parsed;
    return {};
}

Result<> setArrivals(model::Workload& workload, const WorkloadOptions& options) {
    if (!options.rate.empty()) {
        const auto rate = parseRate(options.rate);
        if (!rate)
            return fail(rate.error().code, "--rate: {}", rate.error().what).hint("{}", rate.error().hint);
        if (*rate <= 0)
            return fail(Error::InvalidArgument, "--rate must be above 0, got {}", options.rate)
                .hint("For example --rate 500/s.");
        workload.model = model::LoadModel::Open;
        workload.ratePerSecond = *rate;
        workload.stages.clear();
        workload.replay = {};
    }
    if (!options.stages.empty()) {
        auto stages = model::parseStages(options.stages);
        if (!stages)
            return fail(stages.error().code, "--stages: {}", stages.error().what)
                .hint("{}", stages.error().hint);
        workload.model = model::LoadModel::Open;
        workload.duration = model::lengthOf(*stages);
        workload.stages = std::move(*stages);
        workload.replay = {};
    }
    if (!options.replay.empty())
        if (auto set = setReplay(workload, options.replay); !set)
            return set;
    if (options.concurrency > 0) {
        workload.model = model::LoadModel::Closed;
        workload.clients = options.concurrency;
        workload.stages.clear();
        workload.replay = {};
    }
    if (workload.model == model::LoadModel::Open && workload.order == model::Order::Sequence)
        return fail(Error::InvalidArgument, "workload \"{}\" is a sequence, which an open loop cannot follow",
                    workload.name)
            .hint("Use --concurrency instead of a rate, stages or a replay.");
    return {};
}

}  // namespace

void addWorkloadOptions(CLI::App& verb, WorkloadOptions& options) {
    verb.add_option("workload", options.source, "Workload file or name, a URL, or a path of the engine")
        ->type_name("WORKLOAD|URL")
        ->required();
    auto* rate = verb.add_option("--rate", options.rate, "Open loop: requests due per second, e.g. 500/s");
    auto* stages = verb.add_option("--stages", options.stages,
                                   "Open loop: rates one after another, e.g. '10s:100/s, 30s:100/s..1000/s'")
                       ->excludes(rate);
    auto* replay =
        verb.add_option("--replay", options.replay, "Open loop: repeat an access log, HAR file or JSON lines")
            ->type_name("FILE")
            ->check(CLI::ExistingFile)
            ->excludes(rate)
            ->excludes(stages);
    verb.add_option("--concurrency", options.concurrency,
                    "Closed loop: clients that each wait for their answer")
        ->check(CLI::Range(1, 100'000))
        ->excludes(rate)
        ->excludes(stages)
        ->excludes(replay);
    verb.add_flag("--client-cache", options.clientCache, "Each client caches answers as a browser does");
    verb.add_option("--duration", options.duration, "Measured part, e.g. 10s");
    verb.add_option("--warmup", options.warmup, "Before it, excluded, e.g. 2s");
    verb.add_option("--max-body", options.maxBody,
                    "Largest answer read for checks and values, e.g. 256MiB; larger ones are errors");
    verb.add_option("--seed", options.seed, "Seed of keys and arrivals");
    verb.add_option("--http", options.http, "1.1, or 2 (over https by ALPN, over http by prior knowledge)")
        ->check(CLI::IsMember({"1.1", "2"}));
    verb.add_option("--streams", options.streams,
                    "HTTP/2: requests at a time on each connection; --concurrency then counts connections")
        ->check(CLI::Range(1, model::kMaxStreams));
    auto* ca = verb.add_option("--cacert", options.caFile, "https: trust the authorities in this PEM file")
                   ->type_name("FILE")
                   ->check(CLI::ExistingFile);
    verb.add_flag("--insecure", options.insecure, "https: accept any certificate; the result says so")
        ->excludes(ca);
}

Result<model::Workload> workloadFrom(const Session& session, const WorkloadOptions& options) {
    auto workload = workloadFrom(session, options.source);
    if (!workload)
        return workload;
    if (auto set = setArrivals(*workload, options); !set)
        return fail(std::move(set.error()));
    if (options.clientCache)
        workload->clientCache = true;
    if (options.streams > 0)
        workload->streams = options.streams;
    if (!options.http.empty())
        workload->http = options.http == "2" ? model::HttpVersion::Http2 : model::HttpVersion::Http11;
    if (workload->streams > 1 && workload->http != model::HttpVersion::Http2)
        return fail(Error::InvalidArgument, "--streams is {}, but HTTP/1.1 has no streams", workload->streams)
            .hint("Add --http 2.");
    if (!options.caFile.empty())
        workload->tls = {.caFile = options.caFile, .resume = workload->tls.resume};
    if (options.insecure)
        workload->tls.verify = false;
    if (options.seed != 0)
        workload->seed = options.seed;
    if (auto set = setDuration(workload->duration, options.duration, "--duration"); !set)
        return fail(std::move(set.error()));
    if (auto set = setDuration(workload->warmup, options.warmup, "--warmup"); !set)
        return fail(std::move(set.error()));
    if (auto set = setMaxBody(workload->maxBodyBytes, options.maxBody); !set)
        return fail(std::move(set.error()));
    if (workload->duration.count() <= 0)
        return fail(Error::InvalidArgument, "--duration must be above 0, got {}", options.duration)
            .hint("For example --duration 10s.");
    return workload;
}

}  // namespace hone::cli
