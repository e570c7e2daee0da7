#include "core/model/workload.h"

#include "core/base/units.h"
#include "core/model/document.h"
#include "core/model/members.h"
#include "core/model/workload_uses.h"

#include <algorithm>

namespace hone::model {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;
using std::chrono::milliseconds;

constexpr std::pair<std::string_view, LoadModel> kModels[] = {{"closed", LoadModel::Closed},
                                                              {"open", LoadModel::Open}};
constexpr std::pair<std::string_view, Arrival> kArrivals[] = {{"constant", Arrival::Constant},
                                                              {"poisson", Arrival::Poisson}};
constexpr std::pair<std::string_view, Order> kOrders[] = {{"weighted", Order::Weighted},
                                                          {"sequence", Order::Sequence}};
constexpr std::pair<std::string_view, HttpVersion> kHttpVersions[] = {{"1.1", HttpVersion::Http11},
                                                                      {"2", HttpVersion::Http2}};
constexpr std::pair<std::string_view, Variable::Draw> kDraws[] = {{"uniform", Variable::Draw::Uniform},
                                                                  {"zipf", Variable::Draw::Zipf},
                                                                  {"hotset", Variable::Draw::HotSet},
                                                                  {"sequential", Variable::Draw::Sequential}};
constexpr int kMaxClients = 100'000;
constexpr int kMaxThreads = 256;
constexpr milliseconds kLongest = 7 * 24h;
constexpr std::int64_t kLargestBody = std::int64_t{1} << 40;

template <class E, std::size_t N>
std::string_view nameOf(const std::pair<std::string_view, E> (&table)[N], E value) {
    return std::ranges::find(table, value, &std::pair<std::string_view, E>::second)->first;
}

// ---- reading

void readHeaders(Members& members, WorkloadRequest& request) {
    if (const json* list = members.find("headers"); list && list->is_array()) {
        for (const json& entry : *list) {  // keeps order and repeated names
            Members pair(entry, members.nameOf("headers"));
            auto& [name, value] = request.headers.emplace_back();
            pair.text("name", name);
            pair.text("value", value);
            if (pair.failed())
                return members.refuse(fail(pair.result().error()));
        }
        return;
    }
    const json* headers = members.object("headers");
    if (!headers)
        return;
    for (const auto& [name, value] : headers->items()) {
        if (!value.is_string())
            return members.refuse(fail(Error::Malformed, "{}.{} must be a text, got {}",
                                       members.nameOf("headers"), name, excerpt(value)));
        request.headers.emplace_back(name, value.get<std::string>());
    }
}

void readChecks(Members& members, WorkloadRequest& request) {
    const json* checks = members.array("checks");
    if (!checks)
        return;
    for (const json& entry : *checks) {
        auto check = WorkloadCheck::fromJson(
            entry, fmt::format("{}[{}]", members.nameOf("checks"), request.checks.size()));
        if (!check)
            return members.refuse(fail(std::move(check.error())));
        request.checks.push_back(std::move(*check));
    }
}

void readExtractions(Members& members, WorkloadRequest& request) {
    const json* entries = members.object("extract");
    if (!entries)
        return;
    for (const auto& [name, entry] : entries->items()) {
        auto extraction = Extraction::fromJson(name, entry, members.nameOf("extract") + "." + name);
        if (!extraction)
            return members.refuse(fail(std::move(extraction.error())));
        request.extract.push_back(std::move(*extraction));
    }
}

Result<WorkloadRequest> requestFrom(const json& entry, const std::string& path) {
    WorkloadRequest request;
    Members members(entry, path);
    members.text("name", request.name);
    members.text("method", request.method);
    members.text("url", request.url);
    members.text("body", request.body);
    members.number("weight", request.weight, 0, 1e9);
    readHeaders(members, request);
    readChecks(members, request);
    readExtractions(members, request);
    if (request.method.empty() || request.method.find_first_of(" \t\r\n") != std::string::npos)
        members.refuse(fail(Error::InvalidArgument, "{}.method must be one word such as GET, got \"{}\"",
                            path, request.method));
    const bool isTarget = request.url.starts_with('/') || request.url.starts_with("http://") ||
                          request.url.starts_with("https://") || request.url.starts_with("{{");
    if (!isTarget)
        members.refuse(fail(Error::InvalidArgument, "{}.url must begin with / or http://, got \"{}\"", path,
                            request.url));
    if (members.failed())
        return fail(members.result().error());
    if (request.name.empty())
        request.name = request.method + " " + request.url;
    return request;
}

void readRequests(Members& members, Workload& workload) {
    const json* entries = members.array("requests");
    if (!entries)
        return members.refuse(
            fail(Error::Malformed, "the workload has no \"requests\"")
                .hint("The smallest one is {{\"hone\": 1, \"kind\": \"workload\", \"requests\": "
                      "[{{\"url\": \"/api/cities\"}}]}}."));
    double weights = 0;
    for (const json& entry : *entries) {
        auto request = requestFrom(entry, fmt::format("requests[{}]", workload.requests.size()));
        if (!request)
            return members.refuse(fail(std::move(request.error())));
        weights += request->weight;
        workload.requests.push_back(std::move(*request));
    }
    // An empty list is a workload somebody has only begun; the generator refuses to run it.
    if (weights <= 0 && !workload.requests.empty())
        members.refuse(fail(Error::InvalidArgument,
                            "requests must have one with a weight above 0, of {} none has",
                            workload.requests.size()));
}

/// A value of a variable as the text that replaces {{name}}.
Result<std::string> valueText(const json& value, const std::string& name) {
    if (value.is_string())
        return value.get<std::string>();
    if (value.is_number())
        return value.dump();
    return fail(Error::Malformed, "{} must hold texts or numbers, got {}", name, excerpt(value));
}

void readRange(Members& members, Variable& variable) {
    const json* range = members.array("range");
    if (!range)
        return;
    const bool isPair =
        range->size() == 2 && (*range)[0].is_number_integer() && (*range)[1].is_number_integer();
    if (!isPair)
        return members.refuse(fail(Error::Malformed, "{} must be two whole numbers, got {}",
                                   members.nameOf("range"), excerpt(*range))
                                  .hint("For example \"range\": [1, 150000]."));
    variable.first = (*range)[0].get<std::int64_t>();
    variable.last = (*range)[1].get<std::int64_t>();
    // The span must fit the samplers' arithmetic as well.
    if (variable.last < variable.first || variable.first < -(std::int64_t{1} << 53) ||
        variable.last > (std::int64_t{1} << 53))
        members.refuse(fail(Error::InvalidArgument,
                            "{} must go from a smaller to a larger number within ±2^53, got {}",
                            members.nameOf("range"), excerpt(*range)));
}

Result<Variable> variableFrom(const json& entry, const std::string& path) {
    Variable variable;
    Members members(entry, path);
    readRange(members, variable);
    if (const json* values = members.array("values")) {
        for (const json& value : *values) {
            auto text = valueText(value, path + ".values");
            if (!text)
                return fail(std::move(text.error()));
            variable.values.push_back(std::move(*text));
        }
        if (values->empty())
            members.refuse(fail(Error::InvalidArgument, "{}.values must not be empty", path));
    }
    members.text("file", variable.file);
    if (!members.failed() && !members.find("range") && variable.values.empty() && variable.file.empty()) {
        members.refuse(
            fail(Error::Malformed, "{} needs a \"range\", a list of \"values\" or a \"file\"", path)
                .hint("For example {{\"range\": [1, 150000], \"draw\": \"zipf\"}}."));
    }
    members.choice("draw", variable.draw, kDraws);
    members.number("skew", variable.skew, 0, 10);
    members.number("hotShare", variable.hotShare, 0, 1);
    members.number("hotKeys", variable.hotKeys, 0, 1);
    if (members.failed())
        return fail(members.result().error());
    return variable;
}

void readVariables(Members& members, Workload& workload) {
    if (const json* entries = members.object("variables"))
        for (const auto& [name, entry] : entries->items()) {
            auto variable = variableFrom(entry, "variables." + name);
            if (!variable)
                return members.refuse(fail(std::move(variable.error())));
            workload.variables.emplace(name, std::move(*variable));
        }
}

void readHttp(Members& members, Workload& workload) {
    members.choice("http", workload.http, kHttpVersions);
    members.integer("streams", workload.streams, 1, kMaxStreams);
    if (workload.streams > 1 && workload.http != HttpVersion::Http2)
        members.refuse(
            fail(Error::InvalidArgument, "streams is {}, but HTTP/1.1 has no streams", workload.streams)
                .hint("Add \"http\": \"2\", or use more clients."));
}

void readMaxBody(Members& members, std::int64_t& bytes) {
    std::string text;
    members.text("maxBody", text);
    if (text.empty() || members.failed())
        return;
    const auto parsed = parseSize(text);
    if (!parsed)
        return members.refuse(
            fail(parsed.error().code, "maxBody: {}", parsed.error().what).hint("{}", parsed.error().hint));
    if (*parsed < 1 || *parsed > kLargestBody)
        return members.refuse(
            fail(Error::InvalidArgument, "maxBody must be between 1 byte and 1 TiB, got \"{}\"", text)
                .hint("For example \"maxBody\": \"256MiB\"."));
    bytes = *parsed;
}

void readTls(Members& members, WorkloadTls& tls) {
    const json* entry = members.object("tls");
    if (!entry)
        return;
    Members part(*entry, "tls");
    part.text("caFile", tls.caFile);
    part.flag("verify", tls.verify);
    part.flag("resume", tls.resume);
    if (part.failed())
        members.refuse(fail(part.result().error()));
}

void readRate(Members& load, double& ratePerSecond) {
    const json* rate = load.find("rate");
    if (!rate)
        return;
    if (!rate->is_string() && !rate->is_number())
        return load.refuse(
            fail(Error::Malformed, "load.rate must be a rate such as \"500/s\", got {}", excerpt(*rate)));
    auto parsed =
        rate->is_number() ? Result<double>(rate->get<double>()) : parseRate(rate->get<std::string>());
    if (!parsed) {
        parsed.error().what = "load.rate: " + parsed.error().what;
        return load.refuse(fail(std::move(parsed.error())));
    }
    if (!(*parsed > 0 && *parsed <= 1e8))
        return load.refuse(fail(Error::InvalidArgument,
                                "load.rate must be above 0 and at most 100M/s, got {}", excerpt(*rate))
                               .hint("For five hundred requests a second write \"500/s\"."));
    ratePerSecond = *parsed;
}

void readArrivals(Members& load, Workload& workload) {
    if (const json* stages = load.find("stages")) {
        auto read = stagesFromJson(*stages, "load.stages");
        if (!read)
            return load.refuse(fail(std::move(read.error())));
        workload.stages = std::move(*read);
        workload.duration = lengthOf(workload.stages);  // Unless the workload says otherwise.
    }
    if (const json* replay = load.object("replay")) {
        auto read = replayFromJson(*replay, "load.replay");
        if (!read)
            return load.refuse(fail(std::move(read.error())));
        workload.replay = std::move(*read);
    }
    const bool hasReplay = !workload.replay.file.empty();
    if (hasReplay && !workload.stages.empty())
        load.refuse(
            fail(Error::InvalidArgument, "load has stages and a replay: arrivals follow one of them"));
    else if (workload.model == LoadModel::Closed && (hasReplay || !workload.stages.empty()))
        load.refuse(fail(Error::InvalidArgument, "load.{} needs an open loop, but load.model is closed",
                         hasReplay ? "replay" : "stages")
                        .hint("Add \"model\": \"open\"."));
}

void readLoad(Members& members, Workload& workload) {
    const json* entry = members.object("load");
    if (!entry)
        return;
    Members load(*entry, "load");
    load.choice("model", workload.model, kModels);
    load.choice("arrival", workload.arrival, kArrivals);
    load.integer("clients", workload.clients, 1, kMaxClients);
    load.duration("thinkTime", workload.thinkTime, 0ms, kLongest);
    load.choice("order", workload.order, kOrders);
    readRate(load, workload.ratePerSecond);
    readArrivals(load, workload);
    if (!load.failed() && workload.order == Order::Sequence && workload.model == LoadModel::Open)
        load.refuse(fail(Error::InvalidArgument,
                         "load.order is sequence, but an open loop has no clients "
                         "that go through one")
                        .hint("Use \"model\": \"closed\" with as many clients as you need."));
    if (load.failed())
        members.refuse(fail(load.result().error()));
}

// ---- writing

/// An object where that loses nothing, else a list: JSON objects keep neither order nor repeated names.
json headersJson(const std::vector<std::pair<std::string, std::string>>& headers) {
    json object = json::object();
    json list = json::array();
    for (const auto& [name, value] : headers) {
        object[name] = value;
        list.push_back({{"name", name}, {"value", value}});
    }
    const bool isSorted = std::ranges::is_sorted(headers, {}, &std::pair<std::string, std::string>::first);
    return isSorted && object.size() == headers.size() ? object : list;
}

/// "500/s", or the bare number where the text would need an exponent.
json rateJson(double perSecond) {
    const std::string text = fmt::format("{}", perSecond);
    return text.find_first_not_of("0123456789.") == std::string::npos ? json(text + "/s") : json(perSecond);
}

json requestJson(const WorkloadRequest& request) {
    json entry = {
        {"name", request.name}, {"method", request.method}, {"url", request.url}, {"weight", request.weight}};
    if (!request.headers.empty())
        entry["headers"] = headersJson(request.headers);
    if (!request.body.empty())
        entry["body"] = request.body;
    for (const WorkloadCheck& check : request.checks)
        entry["checks"].push_back(check.toJson());
    for (const Extraction& extraction : request.extract)
        entry["extract"][extraction.name] = extraction.toJson();
    return entry;
}

json variableJson(const Variable& variable) {
    json entry = {{"draw", nameOf(kDraws, variable.draw)}};
    if (!variable.file.empty())
        entry["file"] = variable.file;
    else if (variable.values.empty())
        entry["range"] = {variable.first, variable.last};
    else
        entry["values"] = variable.values;
    if (variable.draw == Variable::Draw::Zipf)
        entry["skew"] = variable.skew;
    if (variable.draw == Variable::Draw::HotSet) {
        entry["hotShare"] = variable.hotShare;
        entry["hotKeys"] = variable.hotKeys;
    }
    return entry;
}

json tlsJson(const WorkloadTls& tls) {
    json entry = {{"verify", tls.verify}, {"resume", tls.resume}};
    if (!tls.caFile.empty())
        entry["caFile"] = tls.caFile;
    return entry;
}

}  // namespace

json Workload::toJson() const {
    json document = extra.is_object() ? extra : json::object();
    document["hone"] = 1;
    document["kind"] = "workload";
    document["name"] = name;
    if (!note.empty())
        document["note"] = note;
    document["requests"] = json::array();
    for (const WorkloadRequest& request : requests)
        document["requests"].push_back(requestJson(request));
    if (!variables.empty())
        document["variables"] = json::object();
    for (const auto& [id, variable] : variables)
        document["variables"][id] = variableJson(variable);
    document["load"] = {{"model", nameOf(kModels, model)},
                        {"clients", clients},
                        {"rate", rateJson(ratePerSecond)},
                        {"arrival", nameOf(kArrivals, arrival)},
                        {"thinkTime", durationText(thinkTime)}};
    if (!stages.empty())
        document["load"]["stages"] = stagesJson(stages);
    if (!replay.file.empty())
        document["load"]["replay"] = replayJson(replay);
    if (order != Order::Weighted)
        document["load"]["order"] = nameOf(kOrders, order);
    document["duration"] = durationText(duration);
    document["warmup"] = durationText(warmup);
    document["timeout"] = durationText(timeout);
    if (maxBodyBytes != Workload{}.maxBodyBytes)
        document["maxBody"] = sizeText(maxBodyBytes);
    document["keepAlive"] = keepAlive;
    if (clientCache)
        document["clientCache"] = true;
    if (http != HttpVersion::Http11)
        document["http"] = nameOf(kHttpVersions, http);
    if (streams != 1)
        document["streams"] = streams;
    if (tls != WorkloadTls{})
        document["tls"] = tlsJson(tls);
    document["threads"] = threads;
    document["seed"] = seed;
    return document;
}

Result<Workload> Workload::fromJson(const json& document) {
    Workload workload;
    Members members(document);
    if (auto header = checkHeader(members, "workload"); !header)
        return fail(std::move(header.error()));
    members.text("name", workload.name);
    members.text("note", workload.note);
    readRequests(members, workload);
    readVariables(members, workload);
    readLoad(members, workload);
    members.duration("duration", workload.duration, 1ms, kLongest);
    members.duration("warmup", workload.warmup, 0ms, kLongest);
    members.duration("timeout", workload.timeout, 1ms, kLongest);
    readMaxBody(members, workload.maxBodyBytes);
    members.flag("keepAlive", workload.keepAlive);
    members.flag("clientCache", workload.clientCache);
    readHttp(members, workload);
    readTls(members, workload.tls);
    members.integer("threads", workload.threads, 1, kMaxThreads);
    members.integer("seed", workload.seed);
    if (auto uses = checkUses(workload); !uses)
        members.refuse(fail(std::move(uses.error())));
    if (members.failed())
        return fail(members.result().error());
    workload.extra = members.unknown();
    return workload;
}

Result<Workload> Workload::load(const std::filesystem::path& file) {
    auto document = readDocument(file);
    if (!document)
        return fail(std::move(document.error()));
    auto workload = fromJson(*document);
    if (!workload)
        return fail(Error{workload.error().code, file.string() + ": " + workload.error().what,
                          workload.error().hint});
    workload->folder = file.parent_path();
    return workload;
}

Result<> Workload::save(const std::filesystem::path& file) const { return writeDocument(file, toJson()); }

Workload Workload::forUrl(std::string_view url) {
    Workload workload;
    workload.name = std::string(url);
    // As browsers do: "localhost:8080/api" is meant as http.
    const bool isComplete = url.starts_with('/') || url.contains("://");
    workload.requests.push_back(
        {.name = "GET " + workload.name, .url = (isComplete ? "" : "http://") + workload.name});
    return workload;
}

}  // namespace hone::model
