#pragma once

// For the tests of this folder: one toggle without an engine, and requests with their buffers.

#include "core/engine/endpoint.h"
#include "core/engine/toggle_def.h"

#include <stdexcept>
#include <vector>

namespace hone::toggles::test {

inline const data::Table& things() {
    static const data::Table kTable{
        .name = "things",
        .columns = {{.name = "id", .type = data::ColumnType::Integer, .nullable = false},
                    {.name = "name", .type = data::ColumnType::Text}},
        .key = "id",
        .rowCount = 100};
    return kTable;
}

/// An endpoint for routes in tests that never reach Handle.
class IdleEndpoint final : public engine::Endpoint {
public:
    [[nodiscard]] std::string_view name() const override { return "test"; }
    void handle(engine::Exchange&) const override {}
};

/// A request with its buffers and its exchange.
class Ask {
public:
    explicit Ask(std::string target, std::vector<http::FieldView> fields = {},
                 std::string_view method = "GET")
        : m_target(std::move(target)), m_fields(std::move(fields)) {
        const std::string_view whole = m_target;
        const auto mark = whole.find('?');
        m_request = {.method = http::methodFrom(method),
                     .methodText = method,
                     .target = whole,
                     .path = whole.substr(0, mark),
                     .query = mark == whole.npos ? std::string_view() : whole.substr(mark + 1),
                     .fields = m_fields,
                     .peer = "192.0.2.1"};
        exchange.route.table = &things();
    }
    Ask(const Ask&) = delete;
    Ask& operator=(const Ask&) = delete;

    [[nodiscard]] std::string field(std::string_view name) const {
        const auto& response = exchange.response;
        auto value = response.fields.get(name);
        if (!value && response.prepared)
            value = response.prepared->fields.get(name);
        return std::string(value.value_or(""));
    }
    [[nodiscard]] int status() const { return exchange.response.finalStatus(); }
    [[nodiscard]] std::string body() const { return std::string(exchange.response.content()); }
    /// As an endpoint and the default representation would.
    void compute(std::string text, int code = 200) {
        exchange.cacheable = true;
        exchange.response.status = code;
        exchange.response.fields.set("Content-Type", "application/json");
        exchange.response.body = std::move(text);
    }

private:
    std::string m_target;
    std::vector<http::FieldView> m_fields;
    http::Request m_request;

public:
    engine::Exchange exchange{m_request};
};

/// A toggle's state with parameters as on the command line, and a clock that stands still.
class Rig {
public:
    using Settings = std::initializer_list<std::pair<std::string_view, std::string_view>>;

    explicit Rig(const engine::ToggleDef& def, Settings settings = {},
                 std::vector<std::shared_ptr<data::Dataset>> datasets = {})
        : m_def(def), m_params(def.params), m_datasets(std::move(datasets)) {
        for (const auto& [id, text] : settings)
            if (auto set = m_params.setText(id, text); !set)
                throw std::runtime_error(set.error().line());
        auto made = def.make({.clock = clock, .params = m_params, .datasets = m_datasets});
        if (!made)
            throw std::runtime_error(made.error().line());
        state = std::move(*made);
    }

    [[nodiscard]] std::unique_ptr<engine::Stage> stage() const {
        auto made = state->makeStage();
        made->slot = m_def.number - 1;
        return made;
    }
    [[nodiscard]] double counter(std::string_view id) const {
        std::vector<double> values(m_def.counters.size(), -1);
        state->readCounters(values);
        for (std::size_t i = 0; i < values.size(); ++i)
            if (m_def.counters[i].id == id)
                return values[i];
        throw std::runtime_error("no counter of that name");
    }

    FakeClock clock;
    std::shared_ptr<engine::State> state;

private:
    const engine::ToggleDef& m_def;
    ParamSet m_params;
    std::vector<std::shared_ptr<data::Dataset>> m_datasets;
};

}  // namespace hone::toggles::test
