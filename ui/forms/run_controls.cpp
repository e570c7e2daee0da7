#include "ui/forms/run_controls.h"

#include "ui/format/format.h"
#include "ui/forms/fields.h"
#include "ui/widgets/widgets.h"

#include <QHBoxLayout>
#include <QProgressBar>
#include <QPushButton>
#include <QShortcut>
#include <QVBoxLayout>

namespace hone::ui {

RunControls::RunControls(QWidget* parent)
    : QWidget(parent), m_message(new InlineMessage(this)), m_bar(new QProgressBar(this)) {
    auto* made = new QVBoxLayout(this);
    made->setContentsMargins(0, 0, 0, 0);
    made->setSpacing(space::kGap);
    auto* runKey = new QShortcut(Qt::Key_F5, parent, this, &RunControls::runRequested);
    auto* stopKey = new QShortcut(Qt::Key_Escape, parent, this, &RunControls::stopRequested);
    for (QShortcut* key : {runKey, stopKey})
        key->setContext(Qt::WidgetWithChildrenShortcut);
}

QVBoxLayout* RunControls::column() const { return static_cast<QVBoxLayout*>(layout()); }

void RunControls::makeRun(QHBoxLayout& row, const QString& run, const QString& runToolTip,
                          const QString& stopToolTip) {
    m_words = mutedLabel({}, this);
    m_words->setMinimumWidth(60);
    m_words->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    m_run = primaryButton(run, QStringLiteral("media-playback-start"), this);
    m_run->setToolTip(runToolTip);
    m_stop = plainButton(tr("Stop"), QStringLiteral("media-playback-stop"), this);
    m_stop->setToolTip(stopToolTip);
    for (QWidget* part : std::initializer_list<QWidget*>{m_words, m_run, m_stop})
        row.addWidget(part, 0, Qt::AlignBottom);
    connect(m_run, &QPushButton::clicked, this, &RunControls::runRequested);
    connect(m_stop, &QPushButton::clicked, this, &RunControls::stopRequested);
}

void RunControls::finishColumn(const QString& progressName, std::initializer_list<QWidget*> inputs) {
    m_inputs = inputs;
    m_bar->setTextVisible(false);
    m_bar->setRange(0, 1000);
    m_bar->setAccessibleName(progressName);
    QSizePolicy keeps = m_bar->sizePolicy();
    keeps.setRetainSizeWhenHidden(true);  // Nothing below moves when a run starts.
    m_bar->setSizePolicy(keeps);
    column()->addWidget(m_message);
    column()->addWidget(m_bar);
    setRunning(false);
}

void RunControls::showError(const Error& error) {
    m_message->show(InlineMessage::Kind::Error, sentence(error.what), text(error.hint));
}

void RunControls::setRunning(bool running) {
    m_run->setVisible(!running);
    m_stop->setVisible(running);
    m_bar->setVisible(running);
    m_bar->setValue(0);
    m_words->setText({});
    for (QWidget* input : m_inputs)
        input->setEnabled(!running);
}

void RunControls::setProgress(double fraction, const QString& words) {
    m_bar->setValue(static_cast<int>(fraction * 1000));
    m_words->setText(words);
}

void RunControls::clearRefusal() {
    for (QWidget* input : m_inputs)
        markRefused(*input, false);
    m_message->clear();
    m_refused = nullptr;
}

void RunControls::refuse(const Error& error) {
    if (m_refused) {
        markRefused(*m_refused, true);
        m_refused->setFocus();
    }
    showError(error);
}

}  // namespace hone::ui
