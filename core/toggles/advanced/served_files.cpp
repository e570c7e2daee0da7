#include "core/toggles/advanced/served_files.h"

#include "core/http/semantics.h"
#include "toggles/advanced/files.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace hone::toggles::advanced {
namespace {

using nlohmann::json;

constexpr std::string_view kDictionaries = "/dictionaries/", kFormat = "/columnar/format.md",
                           kDecoder = "/columnar/decoder.js";
/// A month; RFC 9842 lets a dictionary be used as long as it is fresh.
constexpr std::string_view kForGood = "public, max-age=2592000, immutable";

http::Response content(std::string_view type, std::string_view control, std::string_view body) {
    http::Response response;
    response.fields.set("Content-Type", type);
    response.fields.set("Cache-Control", control);
    response.body = body;
    return response;
}

json lineJson(const DictionaryShelf::Line& line) {
    json out{{"table", line.table}, {"style", styleName(line.style)}, {"state", line.state}};
    if (!line.trained)
        return out;
    const auto& trained = *line.trained;
    const auto& dictionary = trained.dictionary();
    out["id"] = trained.id;
    out["url"] = trained.path;
    out["bytes"] = dictionary.bytes.size();
    out["sha256"] = hexOf(dictionary.hash);
    out["availableDictionary"] = byteSequence(dictionary.hash);
    out["useAsDictionary"] = trained.use;
    out["samples"] = trained.samples;
    out["sampleBytes"] = trained.sampleBytes;
    out["trainedMs"] = std::chrono::duration<double, std::milli>(trained.took).count();
    return out;
}

}  // namespace

bool ServedFiles::has(std::string_view path) const {
    return path == kFormat || path == kDecoder || (m_shelf && path.starts_with(kDictionaries));
}

void ServedFiles::handle(engine::Exchange& exchange) const {
    const auto method = exchange.request.method;
    if (method != http::Method::Get && method != http::Method::Head) {
        auto refusal = http::problem(
            405, fmt::format("{} does not take {}", exchange.request.path, exchange.request.methodText),
            "Use GET.");
        refusal.fields.set("Allow", "GET, HEAD");
        return exchange.answer(std::move(refusal));
    }
    exchange.answer(answer(exchange.request.path));
}

http::Response ServedFiles::answer(std::string_view path) const {
    if (path == kFormat)
        return content("text/markdown; charset=utf-8", "public, max-age=3600", kColumnarFormat);
    if (path == kDecoder)
        return content("text/javascript; charset=utf-8", "public, max-age=3600", kColumnarDecoder);
    if (path == kDictionaries)
        return index();
    if (!path.ends_with(".dict"))
        return newestOf(path.substr(kDictionaries.size()));
    const auto trained = m_shelf->byPath(path);
    if (!trained)
        return http::problem(404, fmt::format("there is no dictionary at {}", path),
                             "GET /dictionaries/ lists them; a new one has a new name.");
    auto response = content("application/octet-stream", kForGood, trained->dictionary().bytes);
    response.fields.set("Use-As-Dictionary", trained->use);
    return response;
}

http::Response ServedFiles::index() const {
    json lines = json::array();
    for (const auto& line : m_shelf->lines())
        lines.push_back(lineJson(line));
    return content("application/json", "no-store", lines.dump(2) + "\n");
}

http::Response ServedFiles::newestOf(std::string_view name) const {
    const auto table = http::percentDecode(name).value_or("");
    if (!m_shelf->hasTable(table))
        return http::problem(404, fmt::format("there is no table \"{}\" to train a dictionary from", table),
                             "GET /api lists the tables.");
    const auto style = m_shelf->lastStyle(table);
    if (const auto trained = m_shelf->want(table, style)) {
        http::Response response;
        response.status = 307;
        response.fields.set("Location", trained->path);
        response.fields.set("Cache-Control", "no-store");
        return response;
    }
    for (const auto& line : m_shelf->lines())
        if (line.table == table && line.style == style && line.state != "training" && !line.trained)
            return http::problem(404, fmt::format("there is no dictionary of {}: {}", table, line.state));
    auto response = http::problem(503, fmt::format("the dictionary of {} is being trained", table),
                                  "Ask again in a second.");
    response.fields.set("Retry-After", "1");
    return response;
}

}  // namespace hone::toggles::advanced
