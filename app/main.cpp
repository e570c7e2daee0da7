// Entry: the same program is the command line (a verb) and the window (none).

#include "app/cli/cli.h"
#include "app/gui/gui_app.h"
#include "core/base/log.h"

#include <pthread.h>
#include <signal.h>

#include <thread>

namespace {

/// Turns Ctrl+C and SIGTERM into a stop request, so that a run keeps what it has. A second one ends the
/// program.
class InterruptWatch {
public:
    explicit InterruptWatch(std::stop_source& source) {
        sigemptyset(&m_set);
        sigaddset(&m_set, SIGINT);
        sigaddset(&m_set, SIGTERM);
        pthread_sigmask(SIG_BLOCK, &m_set, nullptr);  // before any other thread exists: they inherit it
        m_thread = std::jthread([this, &source](std::stop_token stop) {
            while (!stop.stop_requested()) {
                const timespec wait{0, 200'000'000};
                if (sigtimedwait(&m_set, nullptr, &wait) < 0)
                    continue;
                if (source.stop_requested())
                    _exit(130);
                source.request_stop();
            }
        });
    }

private:
    sigset_t m_set{};
    std::jthread m_thread;
};

}  // namespace

int main(int argc, char** argv) {
    hone::log::init();
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN);  // a file-size limit is an error to report, not a reason to die
    std::stop_source interrupt;
    hone::cli::Session session;
    session.stop = interrupt.get_token();
    const InterruptWatch watch(interrupt);
    const int code = hone::cli::run(argc, argv, session);
    if (!session.launchGui)
        return code;
    return hone::gui::runGui(argc, argv,
                             {.workspace = session.workspace,
                              .dataset = session.guiDataset,
                              .shotsDir = session.shots,
                              .announce = session.announce,
                              .stop = session.stop});
}
