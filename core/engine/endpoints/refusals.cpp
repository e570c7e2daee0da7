#include "core/engine/endpoints/endpoints.h"
#include "core/http/semantics.h"
#include "core/params/param_set.h"

namespace hone::engine::endpoints {
namespace {

class Options final : public Endpoint {
public:
    explicit Options(std::string allow) : m_allow(std::move(allow)) {}
    [[nodiscard]] std::string_view name() const override { return "OPTIONS"; }
    [[nodiscard]] bool blocks() const override { return false; }
    void handle(Exchange& exchange) const override {
        exchange.response.status = 204;
        exchange.response.fields.set("Allow", m_allow);
        if (m_allow.contains("PATCH"))  // RFC 5789 section 3.1
            exchange.response.fields.set("Accept-Patch", "application/json, application/merge-patch+json");
    }

private:
    const std::string m_allow;
};

class MethodRefusal final : public Endpoint {
public:
    explicit MethodRefusal(std::string allow) : m_allow(std::move(allow)) {}
    [[nodiscard]] std::string_view name() const override { return "method not allowed"; }
    [[nodiscard]] bool blocks() const override { return false; }
    void handle(Exchange& exchange) const override {
        const auto& request = exchange.request;
        auto response =
            http::problem(405, fmt::format("{} does not take {}", request.path, request.methodText),
                          fmt::format("Allowed: {}.", m_allow));
        response.fields.set("Allow", m_allow);
        exchange.answer(std::move(response));
    }

private:
    const std::string m_allow;
};

class SwitchedOff final : public Endpoint {
public:
    SwitchedOff(std::string_view path, std::string_view toggle) : m_path(path), m_toggle(toggle) {}
    [[nodiscard]] std::string_view name() const override { return m_path; }
    [[nodiscard]] bool blocks() const override { return false; }
    void handle(Exchange& exchange) const override {
        exchange.answer(http::problem(
            404, fmt::format("there is nothing at {} while \"{}\" is off", exchange.request.path, m_toggle),
            fmt::format("Switch it on in the window or with --on {}.", m_toggle)));
    }

private:
    const std::string m_path, m_toggle;
};

class Unknown final : public Endpoint {
public:
    explicit Unknown(std::vector<std::string> resources) : m_resources(std::move(resources)) {}
    [[nodiscard]] std::string_view name() const override { return kUnknownPath; }
    [[nodiscard]] bool blocks() const override { return false; }
    void handle(Exchange& exchange) const override {
        const auto path = exchange.request.path;
        constexpr std::string_view kApi = "/api/";
        if (!http::percentDecode(path))
            return exchange.answer(http::problem(400, fmt::format("the path {} has a malformed escape", path),
                                                 "A literal percent sign is written %25."));
        if (!path.starts_with(kApi))
            return exchange.answer(
                http::problem(404, fmt::format("there is nothing at {}", path),
                              "GET /api lists the resources, GET /openapi.json describes them."));
        auto resource = path.substr(kApi.size());
        resource = resource.substr(0, resource.find('/'));
        exchange.answer(http::problem(404, fmt::format("there is nothing at {}", path), nearby(resource)));
    }

private:
    [[nodiscard]] std::string nearby(std::string_view name) const {
        const std::vector<std::string_view> known(m_resources.begin(), m_resources.end());
        if (const auto near = closest(name, known); near && *near != name)
            return fmt::format("Did you mean /api/{}? Resources: {}.", *near, list());
        return fmt::format("Resources: {}.", list());
    }
    /// A problem is read by people: of hundreds of tables it names the first ones.
    [[nodiscard]] std::string list() const {
        constexpr std::size_t kShown = 20;
        std::string text;
        for (std::size_t i = 0; i < std::min(m_resources.size(), kShown); ++i)
            text += (i ? ", " : "") + m_resources[i];
        if (m_resources.size() > kShown)
            text += fmt::format(" and {} more", m_resources.size() - kShown);
        return text.empty() ? "none, no dataset is loaded" : text;
    }

    const std::vector<std::string> m_resources;
};

}  // namespace

std::unique_ptr<Endpoint> makeOptions(std::string allow) {
    return std::make_unique<Options>(std::move(allow));
}
std::unique_ptr<Endpoint> makeMethodRefusal(std::string allow) {
    return std::make_unique<MethodRefusal>(std::move(allow));
}
std::unique_ptr<Endpoint> makeSwitchedOff(std::string_view path, std::string_view toggle) {
    return std::make_unique<SwitchedOff>(path, toggle);
}
std::unique_ptr<Endpoint> makeUnknown(std::vector<std::string> resources) {
    return std::make_unique<Unknown>(std::move(resources));
}

}  // namespace hone::engine::endpoints
