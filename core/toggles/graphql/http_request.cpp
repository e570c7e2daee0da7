#include "core/toggles/graphql/http_request.h"

#include "core/http/semantics.h"

#include <fmt/format.h>

#include <algorithm>

namespace hone::toggles::graphql {
namespace {

using nlohmann::json;

std::unexpected<Refusal> refuse(int status, std::string message, std::string hint = {}) {
    return std::unexpected(
        Refusal{status, {.message = std::move(message), .code = "BAD_REQUEST", .hint = std::move(hint)}, ""});
}

/// The members of the parameters that are JSON objects: variables and extensions.
std::optional<std::string> takeObject(const json& value, std::string_view name, json& into) {
    if (value.is_null())
        return std::nullopt;
    if (!value.is_object())
        return fmt::format("\"{}\" must be a JSON object, got {}", name, value.type_name());
    into = value;
    return std::nullopt;
}

std::expected<Asked, Refusal> withExtensions(Asked asked, const json& extensions) {
    const auto persisted = extensions.find("persistedQuery");
    if (persisted != extensions.end() && !persisted->is_null()) {
        if (!persisted->is_object() || persisted->value("version", json()) != 1)
            return refuse(400, "Unsupported persisted query version", "version must be 1.");
        const json hash = persisted->value("sha256Hash", json());
        if (!hash.is_string() || hash.get_ref<const std::string&>().size() != 64)
            return refuse(400, "persistedQuery.sha256Hash must be 64 hexadecimal digits");
        asked.hash = hash.get<std::string>();
        std::ranges::transform(asked.hash, asked.hash.begin(),
                               [](char c) { return c >= 'A' && c <= 'F' ? static_cast<char>(c + 32) : c; });
    }
    if (asked.query.empty() && asked.hash.empty())
        return refuse(400, "Must provide query string.",
                      "Send {\"query\": \"{ tables }\"}, or GET /graphql?query=…");
    return asked;
}

std::expected<Asked, Refusal> fromQuery(const http::Request& request) {
    const auto pairs = http::parseQuery(request.query);
    if (!pairs)
        return refuse(400, pairs.error().what, pairs.error().hint);
    Asked asked{.isGet = true};
    json extensions = json::object();
    for (const auto& [name, value] : *pairs) {
        if (name == "query")
            asked.query = value;
        else if (name == "operationName")
            asked.operationName = value;
        else if (name == "variables" || name == "extensions") {
            const json parsed = value.empty() ? json() : json::parse(value, nullptr, false);
            if (parsed.is_discarded())
                return refuse(400, fmt::format("\"{}\" is no JSON", name));
            if (auto fault = takeObject(parsed, name, name == "variables" ? asked.variables : extensions))
                return refuse(400, std::move(*fault));
        }
    }
    return withExtensions(std::move(asked), extensions);
}

bool isJson(std::string_view type) {
    const auto semicolon = type.find(';');
    auto media = type.substr(0, semicolon);
    while (media.ends_with(' '))
        media.remove_suffix(1);
    if (!http::iequals(media, kJson))
        return false;
    if (semicolon == type.npos)
        return true;
    std::string rest(type.substr(semicolon));
    std::erase_if(rest, [](char c) { return c == ' ' || c == '"'; });
    return !http::iequals(std::string_view(rest).substr(0, 9), ";charset=") ||
           http::iequals(rest, ";charset=utf-8");
}

std::expected<Asked, Refusal> fromBody(const http::Request& request) {
    const auto type = request.field("Content-Type");
    if (!type || !isJson(*type))
        return refuse(415,
                      type ? fmt::format("a body of type {} is not understood", *type)
                           : "the request has no Content-Type",
                      "Send Content-Type: application/json in UTF-8.");
    const json body = json::parse(request.body, nullptr, false);
    if (body.is_discarded())
        return refuse(400, "the body is no JSON");
    if (!body.is_object())
        return refuse(400, fmt::format("the body must be a JSON object, got {}", body.type_name()),
                      "Several requests in one array are not taken.");
    Asked asked;
    json extensions = json::object();
    for (const auto& [name, into] :
         {std::pair{"query", &asked.query}, {"operationName", &asked.operationName}}) {
        const auto found = body.find(name);
        if (found == body.end() || found->is_null())
            continue;
        if (!found->is_string())
            return refuse(400, fmt::format("\"{}\" must be a string, got {}", name, found->type_name()));
        *into = found->get<std::string>();
    }
    for (const auto& [name, into] : {std::pair{"variables", &asked.variables}, {"extensions", &extensions}})
        if (const auto found = body.find(name); found != body.end())
            if (auto fault = takeObject(*found, name, *into))
                return refuse(400, std::move(*fault));
    return withExtensions(std::move(asked), extensions);
}

}  // namespace

std::expected<Asked, Refusal> readRequest(const http::Request& request) {
    if (request.method == http::Method::Get || request.method == http::Method::Head)
        return fromQuery(request);
    if (request.method == http::Method::Post)
        return fromBody(request);
    auto refusal = refuse(405, fmt::format("{} is not taken here", request.methodText), "Use GET or POST.");
    refusal.error().allow = "GET, HEAD, POST";
    return refusal;
}

std::optional<std::string_view> mediaFor(const http::Request& request) {
    constexpr std::string_view kOffered[] = {kGraphqlJson, kJson};
    const std::string accept = request.joined("Accept");
    if (accept.empty())
        return kGraphqlJson;
    const auto chosen = http::chooseMedia(accept, kOffered);
    if (!chosen)
        return std::nullopt;
    return *chosen == kJson ? kJson : kGraphqlJson;
}

}  // namespace hone::toggles::graphql
