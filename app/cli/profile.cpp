#include "app/cli/inputs.h"
#include "core/toggles/catalogue.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <cstdio>

namespace hone::cli {
namespace {

int show(const Session& session, const EngineOptionsCli& options, const std::string& output) {
    const auto profile = profileFrom(session, options);
    if (!profile)
        return printError(profile.error());
    if (!output.empty()) {
        if (auto saved = profile->save(output); !saved)
            return printError(saved.error());
        std::fprintf(stderr, "profile: %s\n", output.c_str());
        return kOk;
    }
    if (session.json) {
        print(profile->toJson());
        return kOk;
    }
    const auto resolved = engine::resolve(*profile, toggles::catalogue());
    if (!resolved)
        return printError(resolved.error());
    fmt::print("{}{}{}\n", profile->name, profile->note.empty() ? "" : ": ", profile->note);
    if (resolved->empty())
        fmt::print("  every toggle is off\n");
    for (const auto& toggle : *resolved) {
        fmt::print("  {:<12} on\n", toggle.def->id);
        for (const auto& param : toggle.def->params)
            fmt::print("    {:<14} {}{}\n", param.id, valueText(param, toggle.params.value(param.id)),
                       toggle.params.isInitial(param.id) ? "" : "  (set)");
    }
    return kOk;
}

int diff(const Session& session, const std::string& nameA, const std::string& nameB) {
    const auto a = findProfile(session, nameA), b = findProfile(session, nameB);
    for (const auto* profile : {&a, &b})
        if (!*profile)
            return printError(profile->error());
    const auto found = model::differences(*a, *b);
    if (session.json) {
        nlohmann::json json = nlohmann::json::array();
        for (const auto& d : found)
            json.push_back({{"toggle", d.toggle}, {"param", d.param}, {"a", d.a}, {"b", d.b}});
        print(json);
        return kOk;
    }
    if (found.empty())
        fmt::print("{} and {} have the same settings\n", a->name, b->name);
    for (const auto& d : found)
        fmt::print("{:<24} {:<16} → {}\n", d.param.empty() ? d.toggle : d.toggle + "." + d.param, d.a, d.b);
    return kOk;
}

}  // namespace

void addProfile(CLI::App& app, Session& session) {
    auto* sub = verb(app, session, "profile", "Show, write or compare profiles");
    sub->require_subcommand(1);
    auto options = std::make_shared<EngineOptionsCli>();
    auto names = std::make_shared<std::pair<std::string, std::string>>();
    auto output = std::make_shared<std::string>();

    auto* showVerb =
        sub->add_subcommand("show", "The settings of a profile, with --set, --on and --off applied");
    showVerb->add_option("profile", options->profile, "File or name")->type_name("PROFILE");
    showVerb->add_option("--set", options->assignments, "Set a parameter, e.g. cache.ttl=30s");
    showVerb->add_option("--on", options->on, "Switch a toggle on");
    showVerb->add_option("--off", options->off, "Switch a toggle off");
    showVerb->add_option("-o,--output", *output, "Write the profile to a file instead")->type_name("FILE");
    showVerb->add_flag("--json", session.json, "Print as JSON");
    showVerb->callback([&session, options, output] {
        session.run = [&session, options, output] { return show(session, *options, *output); };
    });

    auto* diffVerb = sub->add_subcommand("diff", "What differs between two profiles");
    diffVerb->add_option("a", names->first, "File or name")->type_name("PROFILE")->required();
    diffVerb->add_option("b", names->second, "File or name")->type_name("PROFILE")->required();
    diffVerb->add_flag("--json", session.json, "Print as JSON");
    diffVerb->callback([&session, names] {
        session.run = [&session, names] { return diff(session, names->first, names->second); };
    });
}

}  // namespace hone::cli
