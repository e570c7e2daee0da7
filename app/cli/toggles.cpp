#include "app/cli/cli.h"
#include "core/toggles/catalogue.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <cstdio>

namespace hone::cli {
namespace {

nlohmann::json valueJson(const ParamValue& value) {
    return std::visit([](const auto& v) { return nlohmann::json(v); }, value);
}

nlohmann::json toJson(const engine::ToggleDef& def) {
    nlohmann::json params = nlohmann::json::array();
    for (const auto& param : def.params) {
        nlohmann::json p{{"id", param.id},
                         {"label", param.label},
                         {"help", param.help},
                         {"range", describeRange(param)},
                         {"initial", valueJson(param.initial)}};
        for (const auto& choice : param.choices)
            p["choices"].push_back(choice.id);
        params.push_back(std::move(p));
    }
    nlohmann::json counters = nlohmann::json::array();
    for (const auto& counter : def.counters)
        counters.push_back({{"id", counter.id}, {"label", counter.label}});
    return {{"id", def.id},     {"number", def.number}, {"title", def.title}, {"summary", def.summary},
            {"off", def.off},   {"why", def.why},       {"moves", def.moves}, {"costs", def.costs},
            {"params", params}, {"counters", counters}};
}

int list(const Session& session) {
    if (session.json) {
        nlohmann::json all = nlohmann::json::array();
        for (const auto* def : toggles::catalogue())
            all.push_back(toJson(*def));
        print(all);
        return kOk;
    }
    for (const auto* def : toggles::catalogue())
        fmt::print("{:<12} {:<22} {}\n", def->id, def->title, def->summary);
    return kOk;
}

int help(const Session& session, const std::string& id) {
    const auto* def = toggles::find(id);
    if (def == nullptr) {
        std::vector<std::string_view> known;
        for (const auto* toggle : toggles::catalogue())
            known.push_back(toggle->id);
        Error error{Error::NotFound, fmt::format("unknown toggle \"{}\"", id), ""};
        if (const auto near = closest(id, known))
            error.hint = fmt::format("Did you mean {}? ", *near);
        error.hint += fmt::format("Known: {}.", fmt::join(known, ", "));
        return printError(error);
    }
    if (session.json) {
        print(toJson(*def));
        return kOk;
    }
    fmt::print("{} ({})\n{}\n\n  off    {}\n  moves  {}\n  costs  {}\n\nParameters (--set {}.PARAM=VALUE)\n",
               def->title, def->id, def->summary, def->off, def->moves, def->costs, def->id);
    for (const auto& param : def->params)
        fmt::print("  {:<14} {} Default {}; {}.\n", param.id, param.help, valueText(param, param.initial),
                   describeRange(param));
    fmt::print("\n{}\n", def->doc);
    return kOk;
}

}  // namespace

void addToggles(CLI::App& app, Session& session) {
    auto* sub = verb(app, session, "toggles", "List the optimisations, or explain one");
    sub->require_subcommand(0, 1);
    auto id = std::make_shared<std::string>();
    auto* listVerb = sub->add_subcommand("list", "All toggles, a line each");
    listVerb->add_flag("--json", session.json, "Print as JSON");
    auto* helpVerb = sub->add_subcommand("help", "What a toggle does, costs, and its parameters");
    helpVerb->add_option("id", *id, "Toggle")->type_name("ID")->required();
    helpVerb->add_flag("--json", session.json, "Print as JSON");
    helpVerb->callback([&session, id] { session.run = [&session, id] { return help(session, *id); }; });
    sub->callback([&session, helpVerb] {
        if (!helpVerb->parsed())
            session.run = [&session] { return list(session); };
    });
}

}  // namespace hone::cli
