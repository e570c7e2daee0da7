#include "app/cli/cli.h"

namespace hone::cli {

void addGui(CLI::App& app, Session& session) {
    auto* sub = verb(app, session, "gui", "Open the window (what no verb does)");
    sub->add_option("--dataset", session.guiDataset, "Dataset to serve at start")
        ->type_name("FILE|NAME[:ROWS]");
    sub->add_option("--shots", session.shots, "Save a picture of every screen into DIR and leave")
        ->type_name("DIR");
    sub->add_flag("--announce", session.announce,
                  "Print \"first-frame\" when the window has painted and \"ready\" when its engine serves");
    sub->callback([&session] { session.launchGui = true; });
}

}  // namespace hone::cli
