#include "ui/forms/workload_chooser.h"

#include "ui/format/format.h"
#include "ui/forms/workload_editor.h"
#include "ui/widgets/widgets.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QSignalBlocker>
#include <QToolButton>

namespace hone::ui {

WorkloadChooser::WorkloadChooser(Workspace& workspace, QWidget* parent)
    : QWidget(parent), m_workspace(workspace), m_box(new QComboBox(this)) {
    m_box->setAccessibleName(tr("Workload"));
    m_box->setToolTip(tr("Who asks for what, and how often"));
    m_box->setMinimumWidth(150);
    m_box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    auto* editButton = iconButton(QStringLiteral("document-edit"), tr("Edit this workload"), this);
    auto* addButton = iconButton(QStringLiteral("list-add"), tr("New workload"), this);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(space::kGrid);
    row->addWidget(m_box, 1);
    row->addWidget(editButton);
    row->addWidget(addButton);
    setFocusProxy(m_box);
    connect(m_box, &QComboBox::currentIndexChanged, this, &WorkloadChooser::chosen);
    connect(editButton, &QToolButton::clicked, this, [this] {
        if (const auto* workload = current())
            edit(*workload);
    });
    connect(addButton, &QToolButton::clicked, this, [this] {
        model::Workload fresh = model::Workload::forUrl("/api");
        fresh.name = utf8(tr("My workload"));
        edit(fresh);
    });
    connect(&m_workspace, &Workspace::workloadsChanged, this, &WorkloadChooser::refill);
    refill();
}

const model::Workload* WorkloadChooser::current() const {
    const auto index = static_cast<std::size_t>(m_box->currentIndex());
    return index < m_workspace.workloads().size() ? &m_workspace.workloads()[index] : nullptr;
}

bool WorkloadChooser::select(const QString& name) {
    const int index = m_box->findText(name);
    if (index >= 0)
        m_box->setCurrentIndex(index);
    return index >= 0;
}

void WorkloadChooser::refill() {
    const QString before = m_box->currentText();
    {
        const QSignalBlocker quiet(m_box);
        m_box->clear();
        for (const model::Workload& workload : m_workspace.workloads()) {
            m_box->addItem(text(workload.name));
            m_box->setItemData(m_box->count() - 1, text(workload.note), Qt::ToolTipRole);
        }
        m_box->setCurrentIndex(std::max(0, m_box->findText(before)));
    }
    emit chosen();
}

void WorkloadChooser::edit(const model::Workload& workload) {
    WorkloadEditor editor(
        workload, [this](const model::Workload& made) { return m_workspace.saveWorkload(made); }, this);
    if (editor.exec() == QDialog::Accepted)
        select(text(editor.workload().name));
}

}  // namespace hone::ui
