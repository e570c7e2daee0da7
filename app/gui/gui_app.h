#pragma once

#include <filesystem>
#include <stop_token>
#include <string>

namespace hone::gui {

/// What the command line says about the window.
struct GuiOptions {
    std::filesystem::path workspace;  ///< Empty: the last one, or store::defaultWorkspace().
    std::string dataset;              ///< Empty: the last one, or "cities".
    std::filesystem::path
        shotsDir;           ///< Not empty: take pictures of every panel there and exit (`./dev shots`).
    bool announce = false;  ///< Tell standard output when the first frame is painted and the engine serves.
    std::stop_token stop;   ///< Asked for by Ctrl+C and SIGTERM: the window closes in order.
};

/// Builds the application, shows the window and runs it until it closes. Returns the exit code: 0, or 3 when
/// the workspace cannot be opened (said on stderr and in a dialog). Thread: main.
int runGui(int argc, char** argv, const GuiOptions& options);

}  // namespace hone::gui
