#include "app/cli/upstream_flags.h"

#include "core/base/units.h"

namespace hone::cli {
namespace {

using Forwarded = engine::UpstreamOptions::Forwarded;
using std::chrono::milliseconds;

Result<milliseconds> wait(const char* flag, const std::string& text) {
    const auto duration = parseDuration(text);
    if (!duration)
        return fail(Error(duration.error()));
    const auto rounded = std::chrono::ceil<milliseconds>(*duration);
    if (rounded <= milliseconds(0))
        return fail(Error::InvalidArgument, "{} must be above 0, got {}", flag, text)
            .hint("For example {} 10s.", flag);
    return rounded;
}

Result<> setTimeouts(const UpstreamFlags& flags, engine::UpstreamOptions& upstream) {
    const struct {
        const char* flag;
        const std::string& text;
        milliseconds& into;
    } all[] = {{"--upstream-connect-timeout", flags.connectTimeout, upstream.connectTimeout},
               {"--upstream-first-byte-timeout", flags.firstByteTimeout, upstream.firstByteTimeout},
               {"--upstream-idle-timeout", flags.idleTimeout, upstream.idleTimeout},
               {"--upstream-keep", flags.keptFor, upstream.keptFor}};
    for (const auto& [flag, text, into] : all) {
        const auto value = wait(flag, text);
        if (!value)
            return fail(Error(value.error()));
        into = *value;
    }
    return {};
}

}  // namespace

void addUpstreamFlags(CLI::App& verb, UpstreamFlags& flags) {
    constexpr char kGroup[] = "In front of another API";
    verb.add_option("--upstream", flags.url, "Pass requests on to this API instead of serving a dataset")
        ->type_name("http[s]://HOST[:PORT][/BASE]")
        ->group(kGroup);
    verb.add_option("--upstream-ca", flags.caFile,
                    "PEM file of the authorities to trust (default: the system's)")
        ->type_name("FILE")
        ->group(kGroup);
    verb.add_flag("--upstream-insecure", flags.insecure, "Do not verify the upstream's certificate")
        ->group(kGroup);
    verb.add_flag("--upstream-keep-host", flags.keepHost,
                  "Pass the client's Host on instead of the upstream's")
        ->group(kGroup);
    verb.add_option(
            "--upstream-forwarded", flags.forwarded,
            "What Forwarded and X-Forwarded-* tell: the client as seen here (replace), that and what a "
            "proxy before us said (append), nothing (off)")
        ->check(CLI::IsMember({"replace", "append", "off"}))
        ->capture_default_str()
        ->group(kGroup);
    const auto duration = [&](const char* name, std::string& into, const char* help) {
        verb.add_option(name, into, help)->type_name("DURATION")->capture_default_str()->group(kGroup);
    };
    duration("--upstream-connect-timeout", flags.connectTimeout, "For a free connection, name, TCP and TLS");
    duration("--upstream-first-byte-timeout", flags.firstByteTimeout, "From the request to the first byte");
    duration("--upstream-idle-timeout", flags.idleTimeout, "Between two pieces of an answer");
    duration("--upstream-keep", flags.keptFor, "How long an idle connection is kept");
    verb.add_option("--upstream-connections", flags.connections, "Connections at most")
        ->check(CLI::Range(1, 10'000))
        ->capture_default_str()
        ->group(kGroup);
    verb.add_option("--upstream-idle-connections", flags.kept, "Idle connections at most")
        ->check(CLI::Range(0, 10'000))
        ->capture_default_str()
        ->group(kGroup);
    verb.add_option("--record", flags.record, "Save the exchanges, credentials masked")
        ->type_name("FILE")
        ->group(kGroup);
    verb.add_option("--replay", flags.replay, "Answer from saved exchanges, without any upstream")
        ->type_name("FILE")
        ->group(kGroup);
    verb.add_option("--replay-speed", flags.replaySpeed, "With the latency they had, or at once")
        ->check(CLI::IsMember({"recorded", "instant"}))
        ->capture_default_str()
        ->group(kGroup);
}

Result<> applyUpstreamFlags(const UpstreamFlags& flags, EngineOptionsCli& options) {
    if (flags.url.empty() && flags.record.empty() && flags.replay.empty())
        return {};
    if (!options.datasets.empty())
        return fail(Error::InvalidArgument,
                    "an engine serves a dataset or stands in front of another API, not both")
            .hint("Leave out --dataset, or start a second engine.");
    engine::UpstreamOptions upstream{.url = flags.url,
                                     .caFile = flags.caFile,
                                     .verify = !flags.insecure,
                                     .keepHost = flags.keepHost,
                                     .forwarded = flags.forwarded == "append" ? Forwarded::Append
                                                  : flags.forwarded == "off"  ? Forwarded::Off
                                                                              : Forwarded::Replace,
                                     .maxConnections = flags.connections,
                                     .maxKept = flags.kept,
                                     .record = flags.record,
                                     .replay = flags.replay,
                                     .replayInstantly = flags.replaySpeed == "instant"};
    if (auto set = setTimeouts(flags, upstream); !set)
        return set;
    options.upstream = std::move(upstream);
    return {};
}

}  // namespace hone::cli
