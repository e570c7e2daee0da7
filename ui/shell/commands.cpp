#include "ui/models/workspace.h"

#include "ui/shell/commands.h"

#include "core/toggles/catalogue.h"
#include "ui/format/format.h"
#include "ui/shell/top_bar.h"

#include <QApplication>
#include <QClipboard>

namespace hone::ui {

namespace {

QString say(const char* words) { return QApplication::translate("hone::ui::commands", words); }

void addToggles(std::vector<Command>& list, Workspace& workspace, TopBar& top) {
    for (const auto* def : toggles::catalogue()) {
        const bool on = workspace.current().isOn(def->id);
        list.push_back({(on ? say("Switch off %1") : say("Switch on %1")).arg(text(def->title)),
                        say("Toggle"),
                        {},
                        "configure",
                        [&workspace, &top, id = std::string(def->id), on] {
                            model::Profile profile = workspace.current();
                            profile.toggles[id].on = !on;
                            if (const auto changed = workspace.change(profile); !changed)
                                emit top.said(text(changed.error().line()));
                        }});
    }
}

}  // namespace

void addWorkspaceCommands(std::vector<Command>& list, Workspace& workspace, TopBar& top) {
    for (const auto& profile : workspace.profiles())
        list.push_back({say("Switch to profile %1").arg(text(profile.name)),
                        say("Profile"),
                        {},
                        "configure",
                        [&workspace, name = text(profile.name)] { workspace.selectProfile(name); }});
    list.push_back({say("Save profile"), say("Profile"), {}, "document-save", [&top] { top.saveProfile(); }});
    list.push_back(
        {say("Save profile as"), say("Profile"), {}, "document-save-as", [&top] { top.saveProfileAs(); }});
    addToggles(list, workspace, top);
    for (const auto& builtIn : data::builtIns())
        list.push_back({say("Serve dataset %1").arg(text(builtIn.name)),
                        say("Dataset"),
                        {},
                        "server-database",
                        [&workspace, spec = text(builtIn.name)] { workspace.serve(spec); }});
    list.push_back(
        {say("Serve a file"), say("Dataset"), {}, "document-open", [&top] { top.openDatasetFile(); }});
    list.push_back({say("Restart the engine"), say("Engine"), {}, "view-refresh", [&workspace] {
                        workspace.serve(workspace.datasetSpec());
                    }});
    if (auto* engine = workspace.engine())
        list.push_back({say("Copy the engine's address"),
                        say("Engine"),
                        {},
                        "edit-copy",
                        [&top, url = text(engine->url())] {
                            QApplication::clipboard()->setText(url);
                            emit top.said(say("Copied %1").arg(url));
                        }});
}

}  // namespace hone::ui
