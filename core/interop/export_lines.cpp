// Command lines: wrk with a Lua script, oha and h2load with a list of URLs, curl one request at a time.

#include "core/interop/export_notes.h"

#include <algorithm>
#include <cmath>
#include <set>

namespace hone::interop {
namespace {

using Figure = model::Threshold::Figure;

constexpr std::size_t kCurlLines = 20;

std::string shellHead(const model::Workload& workload, const std::vector<std::string>& notes) {
    auto head = headLines(workload, "sh FILE");
    head.insert(head.end(), notes.begin(), notes.end());
    return "#!/bin/sh\n" + commented("# ", head) + "set -eu\n";
}

int seconds(std::chrono::milliseconds duration) {
    return std::max(1, static_cast<int>(std::lround(secondsOf(duration))));
}

void noteThresholds(std::vector<std::string>& notes, const ExportOptions& options, std::string_view tool) {
    if (options.thresholds.empty())
        return;
    std::string texts;
    for (const auto& threshold : options.thresholds)
        texts += (texts.empty() ? "" : " ") + shellText(threshold.text);
    notes.push_back(fmt::format(
        "Not mapped: {} ({} has no thresholds; hone import its output, or hone gate).", texts, tool));
}

// ---- wrk

std::optional<std::string> luaValue(const model::Threshold& threshold) {
    if (!threshold.request.empty())
        return std::nullopt;
    switch (threshold.figure) {
        case Figure::Quantile:
            return fmt::format("latency:percentile({})", numberText(threshold.quantile * 100));
        case Figure::Mean: return "latency.mean";
        case Figure::Min: return "latency.min";
        case Figure::Max: return "latency.max";
        case Figure::Errors: return "failed / math.max(summary.requests, 1)";
        case Figure::Throughput: return "summary.requests / (summary.duration / 1e6)";
        case Figure::Bytes: return "summary.bytes / math.max(summary.requests, 1)";
        case Figure::Requests: return "summary.requests";
        case Figure::Cpu:
        case Figure::Apdex: break;
    }
    return std::nullopt;
}

std::string luaRequest(const DrawnRequest& drawn) {
    std::string headers;
    for (const auto& [name, value] : drawn.headers)
        headers += fmt::format("[{}] = {}, ", luaText(name), luaText(value));
    return fmt::format("  {{{}, {}, {}, {{{}}}}},\n", luaText(drawn.request->method), luaText(drawn.url),
                       drawn.body.empty() ? "nil" : luaText(drawn.body), headers);
}

std::string luaScript(const model::Workload& workload, const ExportOptions& options) {
    std::string out = "local list = {\n";
    for (const auto& drawn : drawnRequests(workload, options.samples))
        out += luaRequest(drawn);
    out +=
        "}\nlocal threads, at = 0, 0\n"
        "function setup(thread) thread:set(\"first\", threads); threads = threads + 1 end\n"
        // Each thread begins elsewhere in the list, so that they do not ask for the same at once.
        "function init() at = (first or 0) * 379 end\n"
        "function request()\n  at = at % #list + 1\n  local one = list[at]\n"
        "  return wrk.format(one[1], one[2], one[4], one[3])\nend\n";
    if (workload.model == model::LoadModel::Closed && workload.thinkTime.count() > 0)
        out += fmt::format("function delay() return {} end\n", workload.thinkTime.count());
    if (options.thresholds.empty())
        return out;
    out +=
        "function done(summary, latency)\n  local e = summary.errors\n"
        "  local failed = e.connect + e.read + e.write + e.status + e.timeout\n  local broken = false\n"
        "  local function check(text, holds)\n    print((holds and \"ok: \" or \"failed: \") .. text)\n"
        "    broken = broken or not holds\n  end\n";
    for (const auto& threshold : options.thresholds)
        if (const auto value = luaValue(threshold)) {
            const auto op = threshold.op == model::Threshold::Op::NotEqual ? "~=" : threshold.opText();
            out += fmt::format("  check({}, {} {} {})\n", luaText(threshold.text), *value, op,
                               numberText(threshold.limit));
        }
    return out + "  io.stdout:flush()\n  if broken then os.exit(1) end\nend\n";
}

// ---- lists of URLs

struct UrlList {
    std::string text;
    std::size_t left = 0;                          ///< Requests that one list of URLs cannot carry.
    const model::WorkloadRequest* like = nullptr;  ///< The request whose method, headers and body all share.
};

bool sameButUrl(const model::WorkloadRequest& a, const model::WorkloadRequest& b) {
    return a.method == b.method && a.headers == b.headers && a.body == b.body;
}

/// A URL list has one a line: what would end the line is percent-encoded.
std::string oneLine(std::string_view url) {
    std::string out;
    for (const char c : url)
        if (static_cast<unsigned char>(c) <= 0x20 || c == 0x7f)
            out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
        else
            out += c;
    return out;
}

/// oha and h2load send one method with one set of headers: the heaviest kind is kept.
UrlList urlsOf(const model::Workload& workload, std::size_t samples) {
    UrlList list;
    double most = 0;
    for (const auto& request : workload.requests) {
        double weight = 0;
        for (const auto& other : workload.requests)
            weight += sameButUrl(request, other) ? other.weight : 0;
        if (weight > most) {
            most = weight;
            list.like = &request;
        }
    }
    for (const auto& request : workload.requests)
        list.left += list.like && !sameButUrl(*list.like, request) ? 1 : 0;
    for (const auto& drawn : drawnRequests(workload, samples))
        if (list.like && sameButUrl(*list.like, *drawn.request)) {
            list.text += oneLine(isAbsolute(drawn.url) ? drawn.url : "@BASE@" + drawn.url);
            list.text += '\n';
        }
    return list;
}

Result<UrlList> checkedUrls(const model::Workload& workload, const ExportOptions& options, Tool tool) {
    UrlList list = urlsOf(workload, options.samples);
    if (!list.like)
        return fail(Error::InvalidArgument, "no request of \"{}\" has a weight above 0", workload.name);
    const auto usesVariable = [&](const std::string& text) {
        return std::ranges::any_of(piecesOf(workload, text), &Piece::isVariable);
    };
    bool variable = usesVariable(list.like->body);
    for (const auto& [name, value] : list.like->headers)
        variable = variable || usesVariable(value);
    if (variable)
        return fail(Error::Unsupported, "{} cannot vary headers or bodies, but \"{}\" uses a variable there",
                    toolId(tool), list.like->name)
            .hint("Export to k6, locust, gatling, artillery or wrk.");
    return list;
}

void noteList(std::vector<std::string>& notes, const model::Workload& workload, const UrlList& list,
              const ExportOptions& options, std::string_view tool) {
    notes.push_back(fmt::format(
        "Approximated: {} URLs drawn in the workload's weights and popularity, repeated.", options.samples));
    if (list.left > 0)
        notes.push_back(
            fmt::format("Left out: {} of {} requests; {} sends one method with one set of headers.",
                        list.left, workload.requests.size(), tool));
}

std::string listFile(const UrlList& list, const ExportOptions& options) {
    return fmt::format(
        "BASE=\"${{BASE_URL:-{}}}\"\nurls=$(mktemp)\ntrap 'rm -f \"$urls\"' EXIT\n"
        "sed \"s#@BASE@#$BASE#\" >\"$urls\" <<'END_OF_URLS'\n{}END_OF_URLS\n",
        options.target, list.text);
}

/// Of oha and curl.
std::string tlsFlags(const model::Workload& workload, const char* insecure) {
    return (workload.tls.verify ? "" : insecure) +
           (workload.tls.caFile.empty() ? "" : " --cacert " + shellText(workload.tls.caFile));
}

std::string headerFlags(const model::WorkloadRequest& request) {
    std::string out;
    for (const auto& [name, value] : request.headers)
        out += " -H " + shellText(name + ": " + value);
    return out;
}

}  // namespace

std::string wrkScript(const model::Workload& workload, const ExportOptions& options) {
    auto notes = lossesOf(workload, "wrk", {.trust = !workload.tls.verify});
    if (usesTls(workload, options) && workload.tls.verify)
        notes.emplace_back("Approximated: wrk accepts any certificate.");
    if (workload.model == model::LoadModel::Open)
        notes.push_back(
            fmt::format("Approximated: wrk has no open loop; its {} connections ask as fast as they can. "
                        "wrk2 adds -R {}.",
                        std::max(workload.clients, workload.threads), numberText(meanRate(workload))));
    notes.push_back(
        fmt::format("Approximated: {} requests drawn in the workload's weights and popularity, repeated.",
                    options.samples));
    if (std::ranges::any_of(workload.requests, [](const auto& request) { return isAbsolute(request.url); }))
        notes.emplace_back("Approximated: wrk has one target; absolute URLs are asked of it as well.");
    for (const auto& threshold : options.thresholds)
        if (!luaValue(threshold))
            notes.push_back(fmt::format("Not mapped: {} (wrk does not measure it).", threshold.text));
    const int connections = std::max(workload.clients, workload.threads);
    std::string out = shellHead(workload, notes);
    out += fmt::format(
        "BASE=\"${{BASE_URL:-{}}}\"\nscript=$(mktemp)\ntrap 'rm -f \"$script\"' EXIT\n"
        "cat >\"$script\" <<'END_OF_LUA'\n{}END_OF_LUA\n",
        options.target, luaScript(workload, options));
    const std::string line = fmt::format("wrk -t {} -c {} --timeout {}s", workload.threads, connections,
                                         seconds(workload.timeout));
    if (workload.warmup.count() > 0)
        out += fmt::format("{} -d {}s \"$BASE\" >/dev/null  # warm-up\n", line, seconds(workload.warmup));
    return out +
           fmt::format("{} -d {}s --latency -s \"$script\" \"$BASE\"\n", line, seconds(workload.duration));
}

Result<std::string> ohaScript(const model::Workload& workload, const ExportOptions& options) {
    auto list = checkedUrls(workload, options, Tool::Oha);
    if (!list)
        return fail(std::move(list.error()));
    auto notes = lossesOf(workload, "oha", {.http2 = true, .trust = true});
    noteList(notes, workload, *list, options, "oha");
    noteThresholds(notes, options, "oha");
    std::string flags;
    if (workload.model == model::LoadModel::Open) {
        notes.emplace_back(
            "Approximated: evenly spaced instead of Poisson; --latency-correction counts from the due time.");
        flags = fmt::format(" -q {} --latency-correction",
                            std::max<long long>(1, std::llround(meanRate(workload))));
    }
    flags += tlsFlags(workload, " --insecure");
    if (workload.http == model::HttpVersion::Http2)
        flags += fmt::format(" --http2 -p {}", workload.streams);
    if (!workload.keepAlive)
        flags += " --disable-keepalive";
    if (!list->like->body.empty())
        flags += " -d " + shellText(list->like->body);
    const auto run = [&](std::chrono::milliseconds length) {
        return fmt::format(
            "oha -c {} -z {}s -t {}s -m {}{}{} --no-tui --output-format json --urls-from-file \"$urls\"",
            workload.clients, seconds(length), seconds(workload.timeout), shellText(list->like->method),
            headerFlags(*list->like), flags);
    };
    std::string out = shellHead(workload, notes) + listFile(*list, options);
    if (workload.warmup.count() > 0)
        out += run(workload.warmup) + " >/dev/null  # warm-up\n";
    return out + run(workload.duration) + "\n";
}

Result<std::string> h2loadScript(const model::Workload& workload, const ExportOptions& options) {
    auto list = checkedUrls(workload, options, Tool::H2load);
    if (!list)
        return fail(std::move(list.error()));
    auto notes = lossesOf(workload, "h2load", {.http2 = true, .trust = !workload.tls.verify});
    if (usesTls(workload, options) && workload.tls.verify)
        notes.emplace_back("Approximated: h2load accepts any certificate.");
    noteList(notes, workload, *list, options, "h2load");
    noteThresholds(notes, options, "h2load");
    std::string flags;
    if (workload.model == model::LoadModel::Open) {
        notes.emplace_back("Approximated: h2load limits the rate of each client; it has no open loop.");
        flags = fmt::format(" --rps {}", numberText(meanRate(workload) / workload.clients));
    }
    if (list->like->method != "GET")
        flags += " -H " + shellText(":method: " + list->like->method);
    std::string out = shellHead(workload, notes) + listFile(*list, options);
    if (!list->like->body.empty()) {
        out += fmt::format("body=$(mktemp)\ntrap 'rm -f \"$urls\" \"$body\"' EXIT\nprintf %s {} >\"$body\"\n",
                           shellText(list->like->body));
        flags += " -d \"$body\"";
    }
    const std::string protocol =
        workload.http == model::HttpVersion::Http2 ? fmt::format("-m {}", workload.streams) : "--h1";
    return out + fmt::format("h2load {} -t {} -c {} -D {} --warm-up-time {}{}{} -i \"$urls\"\n", protocol,
                             std::min(workload.threads, workload.clients), workload.clients,
                             seconds(workload.duration),
                             workload.warmup.count() > 0 ? seconds(workload.warmup) : 0,
                             headerFlags(*list->like), flags);
}

std::string curlScript(const model::Workload& workload, const ExportOptions& options) {
    std::vector<std::string> notes{fmt::format(
        "{} requests drawn in the workload's weights and popularity, one after the other: no load, but "
        "each answer's status, size and phases.",
        kCurlLines)};
    for (auto& line : lossesOf(workload, "curl", {.stages = true, .http2 = true, .trust = true}))
        notes.push_back(std::move(line));
    noteThresholds(notes, options, "curl");
    std::string out = shellHead(workload, notes);
    out += fmt::format("BASE=\"${{BASE_URL:-{}}}\"\n", options.target);
    out += fmt::format(
        "ask() {{ curl -sS -o /dev/null --max-time {} -w '%{{http_code}} %{{size_download}} B connect "
        "%{{time_connect}} s first byte %{{time_starttransfer}} s total %{{time_total}} s "
        "%{{url_effective}}\\n' \"$@\"; }}\n",
        seconds(workload.timeout));
    for (const auto& drawn : drawnRequests(workload, kCurlLines)) {
        std::string line = "ask" + tlsFlags(workload, " --insecure");
        if (workload.http == model::HttpVersion::Http2)
            line += usesTls(workload, options) ? " --http2" : " --http2-prior-knowledge";
        if (drawn.request->method == "HEAD")
            line += " -I";
        else if (drawn.request->method != "GET" || !drawn.body.empty())
            line += " -X " + shellText(drawn.request->method);
        for (const auto& [name, value] : drawn.headers)
            line += " -H " + shellText(name + ": " + value);
        if (!drawn.body.empty())
            line += " --data-binary " + shellText(drawn.body);
        out += line + (isAbsolute(drawn.url) ? " " : " \"$BASE\"") + shellText(drawn.url) + "\n";
    }
    return out;
}

}  // namespace hone::interop
