#include "ui/models/draft_keeper.h"

#include "ui/format/format.h"

namespace hone::ui {

namespace {

constexpr int kPauseMs = 400;

}  // namespace

DraftKeeper::DraftKeeper(Workspace& workspace, QObject* parent) : QObject(parent), m_workspace(workspace) {
    m_pause.setSingleShot(true);
    m_pause.setInterval(kPauseMs);
    connect(&m_pause, &QTimer::timeout, this, &DraftKeeper::write);
    for (auto signal : {&Workspace::currentChanged, &Workspace::profilesChanged})
        connect(&m_workspace, signal, &m_pause, qOverload<>(&QTimer::start));
}

DraftKeeper::~DraftKeeper() {
    if (m_pause.isActive())
        write();
}

std::filesystem::path DraftKeeper::file() const { return m_workspace.folder() / ".draft.profile.json"; }

bool DraftKeeper::restore() {
    std::error_code ignored;
    if (!std::filesystem::exists(file(), ignored))
        return false;
    auto draft = model::Profile::load(file());
    if (!draft) {
        m_problem = tr("Unsaved settings could not be restored: %1").arg(text(draft.error().line()));
        return false;
    }
    if (auto changed = m_workspace.change(*draft); !changed) {
        m_problem = tr("Unsaved settings could not be restored: %1").arg(text(changed.error().line()));
        return false;
    }
    return true;
}

void DraftKeeper::write() {
    m_problem.clear();
    if (!m_workspace.isModified()) {
        std::error_code ignored;
        std::filesystem::remove(file(), ignored);
        return;
    }
    if (auto written = m_workspace.current().save(file()); !written)
        m_problem = tr("Unsaved settings are not kept: %1").arg(text(written.error().line()));
}

}  // namespace hone::ui
