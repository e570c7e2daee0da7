#pragma once

#include "core/base/clock.h"
#include "core/base/error.h"
#include "core/model/arrivals.h"
#include "core/model/extraction.h"
#include "core/model/workload_check.h"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace hone::model {

/// One weighted request of a workload. `url` is a target ("/api/cities/{{id}}") or an absolute URL; {{name}}
/// is a variable.
struct WorkloadRequest {
    std::string name;
    std::string method = "GET";
    std::string url = "/";
    std::vector<std::pair<std::string, std::string>> headers;
    std::string body;
    double weight = 1;
    std::vector<WorkloadCheck> checks;  ///< Of every answer to it.
    std::vector<Extraction> extract;    ///< From every answer, for later requests of the same client.
    bool operator==(const WorkloadRequest&) const = default;
};

/// Where the values of {{name}} come from: integers first…last, a list, or the rows of a file (then
/// {{name.column}}), drawn by popularity, seeded.
struct Variable {
    enum class Draw : std::uint8_t { Uniform, Zipf, HotSet, Sequential };
    std::int64_t first = 1, last = 1;
    std::vector<std::string> values;  ///< When not empty, these instead of the range.
    std::string file;                 ///< When not empty, its rows: CSV or JSON (value_table.h).
    Draw draw = Draw::Uniform;
    double skew = 0.9;      ///< Zipf exponent.
    double hotShare = 0.9;  ///< HotSet: this share of draws …
    double hotKeys = 0.1;   ///< … goes to this share of the keys.
    bool operator==(const Variable&) const = default;
};

enum class LoadModel : std::uint8_t { Closed, Open };
enum class HttpVersion : std::uint8_t { Http11, Http2 };
inline constexpr int kMaxStreams = 1000;  ///< Of one connection.
enum class Arrival : std::uint8_t { Constant, Poisson };
enum class Order : std::uint8_t { Weighted, Sequence };

/// Whom the generator trusts when a URL is https.
struct WorkloadTls {
    std::string caFile;  ///< PEM; empty: the system's authorities.
    bool verify = true;  ///< Off: any certificate will do, and the result says so.
    bool resume = true;  ///< A client's next connection takes up the session of the one before.
    bool operator==(const WorkloadTls&) const = default;
};

/// Who asks for what and how fast (`*.workload.json`). A value; unknown members survive a round trip.
struct Workload {
    std::string name = "workload";
    std::string note;
    std::vector<WorkloadRequest> requests;
    std::map<std::string, Variable, std::less<>> variables;
    LoadModel model = LoadModel::Closed;
    double ratePerSecond = 500;  ///< Open.
    Arrival arrival = Arrival::Poisson;
    std::vector<RateStage> stages;  ///< Open: instead of one rate.
    Replay replay;                  ///< Open: instead of a rate.
    Order order = Order::Weighted;  ///< Sequence (closed): each client sends all requests one after another.
    int clients = 8;                ///< Closed: concurrent clients. Open: connections to start with.
    std::chrono::milliseconds thinkTime{0};
    std::chrono::milliseconds duration{10'000};          ///< Measured part.
    std::chrono::milliseconds warmup{2'000};             ///< Before it, excluded.
    std::chrono::milliseconds timeout{10'000};           ///< Per request.
    std::int64_t maxBodyBytes = std::int64_t{64} << 20;  ///< Of an answer that is read, not only counted.
    bool keepAlive = true;
    bool clientCache = false;  ///< Each client caches answers as a browser does (RFC 9111).
    HttpVersion http = HttpVersion::Http11;
    int streams = 1;  ///< HTTP/2: requests at a time on each connection; `clients` are the connections.
    WorkloadTls tls;
    int threads = 1;  ///< Of the generator.
    std::uint64_t seed = 1;
    nlohmann::json extra = nlohmann::json::object();
    std::filesystem::path folder;  ///< Where relative files are looked for: the workload file's. Not saved.

    [[nodiscard]] std::filesystem::path pathOf(const std::string& file) const { return folder / file; }
    [[nodiscard]] nlohmann::json toJson() const;
    /// Errors name member and value; a {{variable}} without a definition is one of them.
    [[nodiscard]] static Result<Workload> fromJson(const nlohmann::json& json);
    [[nodiscard]] static Result<Workload> load(const std::filesystem::path& file);  ///< JSON or YAML.
    Result<> save(const std::filesystem::path& file) const;
    /// GET of one URL.
    [[nodiscard]] static Workload forUrl(std::string_view url);
};

}  // namespace hone::model
