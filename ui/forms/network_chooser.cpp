#include "ui/forms/network_chooser.h"

#include "ui/format/format.h"

#include <QSignalBlocker>

#include <algorithm>

namespace hone::ui {

NetworkChooser::NetworkChooser(Workspace& workspace, QWidget* parent)
    : QComboBox(parent), m_workspace(workspace) {
    setAccessibleName(tr("Network between clients and engine"));
    setToolTip(tr("Loopback is real; the others are simulated: bytes are held back as that network would"));
    for (const net::LinkPreset& preset : net::linkPresets()) {
        const QString id = text(preset.options.name);
        const bool isReal = preset.options.name == "loopback";
        addItem(isReal ? tr("Loopback") : tr("%1 · simulated").arg(text(preset.title)),
                isReal ? QString() : id);
        setItemData(count() - 1, text(preset.source), Qt::ToolTipRole);
    }
    setMinimumWidth(110);
    connect(this, &QComboBox::activated, this, [this] { m_workspace.setNetwork(currentData().toString()); });
    connect(&m_workspace, &Workspace::networkChanged, this, &NetworkChooser::showChoice);
    showChoice();
}

void NetworkChooser::showChoice() {
    const QSignalBlocker quiet(this);
    setCurrentIndex(std::max(0, findData(m_workspace.network())));
}

}  // namespace hone::ui
