#include "app/cli/workload_options.h"

#include "app/cli/inputs.h"
#include "core/base/units.h"

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

}  // namespace

void addWorkloadOptions(CLI::App& verb, WorkloadOptions& options) {
    verb.add_option("workload", options.source, "Workload file or name, a URL, or a path of the engine")
        ->type_name("WORKLOAD|URL")
        ->required();
    auto* rate = verb.add_option("--rate", options.rate, "Open loop: requests due per second, e.g. 500/s");
    verb.add_option("--concurrency", options.concurrency,
                    "Closed loop: clients that each wait for their answer")
        ->check(CLI::Range(1, 100'000))
        ->excludes(rate);
    verb.add_option("--duration", options.duration, "Measured part, e.g. 10s");
    verb.add_option("--warmup", options.warmup, "Before it, excluded, e.g. 2s");
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
    if (!options.rate.empty()) {
        const auto rate = parseRate(options.rate);
        if (!rate)
            return fail(rate.error().code, "--rate: {}", rate.error().what).hint("{}", rate.error().hint);
        if (*rate <= 0)
            return fail(Error::InvalidArgument, "--rate must be above 0, got {}", options.rate)
                .hint("For example --rate 500/s.");
        workload->model = model::LoadModel::Open;
        workload->ratePerSecond = *rate;
    }
    if (options.concurrency > 0) {
        workload->model = model::LoadModel::Closed;
        workload->clients = options.concurrency;
    }
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
    if (workload->duration.count() <= 0)
        return fail(Error::InvalidArgument, "--duration must be above 0, got {}", options.duration)
            .hint("For example --duration 10s.");
    return workload;
}

}  // namespace hone::cli
