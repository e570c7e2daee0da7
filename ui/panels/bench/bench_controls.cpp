#include "ui/panels/bench/bench_controls.h"

#include "core/base/units.h"
#include "ui/format/format.h"
#include "ui/forms/fields.h"
#include "ui/forms/network_chooser.h"
#include "ui/forms/workload_chooser.h"
#include "ui/widgets/widgets.h"

#include <QCheckBox>
#include <QComboBox>
#include <QHBoxLayout>
#include <QHostAddress>
#include <QLabel>
#include <QLineEdit>
#include <QUrl>
#include <QVBoxLayout>

namespace hone::ui::bench {

namespace {

constexpr int kClosed = 0, kOpen = 1, kForeign = 1;

bool isLoopback(const QString& url) {
    const QString host = QUrl(url).host();
    return host == QLatin1String("localhost") || host.endsWith(QLatin1String(".localhost")) ||
           QHostAddress(host).isLoopback();
}

/// "/api/x" of "http://host/api/x"; a bare origin has none.
bool hasPath(const QString& url) {
    const QString path = QUrl(url).path();
    return !path.isEmpty() && path != QLatin1String("/");
}

}  // namespace

BenchControls::BenchControls(Workspace& workspace, QWidget* parent)
    : RunControls(parent), m_workspace(workspace) {
    makeRow();
    makeUrlRow();
    finishColumn(tr("Progress of the run"),
                 {m_workload, m_model, m_amount, m_duration, m_warmup, m_target, m_network, m_url});

    connect(m_workload, &WorkloadChooser::chosen, this, &BenchControls::takeWorkload);
    connect(m_model, &Segmented::currentChanged, this, &BenchControls::takeModel);
    connect(m_target, &QComboBox::currentIndexChanged, this, &BenchControls::updateTarget);
    connect(m_url, &QLineEdit::textChanged, this, &BenchControls::updateTarget);
    for (auto signal : {&Workspace::currentChanged, &Workspace::engineChanged})
        connect(&m_workspace, signal, this, &BenchControls::updateTarget);
    takeWorkload();
    updateTarget();
}

void BenchControls::makeRow() {
    m_workload = new WorkloadChooser(m_workspace, this);
    m_model = new Segmented({tr("Closed"), tr("Open")}, this);
    m_model->setAccessibleName(tr("Load model"));
    m_model->setToolTip(
        tr("Closed: each client waits for its answer before it asks again.\n"
           "Open: requests arrive by schedule, whatever the server does; latency counts from when they were "
           "due."));
    m_amount = valueField(tr("Clients"), {}, this);
    m_duration = valueField(tr("Duration"), tr("The measured part, for example 10s or 2m"), this);
    m_warmup =
        valueField(tr("Warm-up"), tr("Fired before it and left out of the result, for example 2s"), this);
    m_network = new NetworkChooser(m_workspace, this);
    m_target = new QComboBox(this);
    m_target->addItems({QString(), tr("Another URL…")});
    m_target->setAccessibleName(tr("Target"));
    m_target->setMinimumWidth(120);

    auto* row = new QHBoxLayout;
    row->setSpacing(12);
    addField(*row, tr("Workload"), m_workload, 2);
    addField(*row, tr("Model"), m_model);
    QWidget* amount = addField(*row, tr("Clients"), m_amount);
    m_amountLabel = amount->findChild<QLabel*>();
    addField(*row, tr("Duration"), m_duration);
    addField(*row, tr("Warm-up"), m_warmup);
    addField(*row, tr("Target"), m_target, 2);
    addField(*row, tr("Network"), m_network, 1);
    makeRun(*row, tr("Run"), tr("Run the workload (F5)"), tr("Stop and keep what was measured (Esc)"));
    column()->addLayout(row);
}

void BenchControls::makeUrlRow() {
    m_urlRow = new QWidget(this);
    m_url = new QLineEdit(m_urlRow);
    m_url->setPlaceholderText(QStringLiteral("http://127.0.0.1:3000"));
    m_url->setAccessibleName(tr("URL of the target"));
    m_allowRemote = new QCheckBox(tr("I may put load on this host"), m_urlRow);
    m_allowRemote->setToolTip(tr("Load tests of hosts outside this machine need their owner's consent"));
    m_urlNote = mutedLabel({}, m_urlRow);
    auto* row = new QHBoxLayout(m_urlRow);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(12);
    row->addWidget(m_url, 2);
    row->addWidget(m_urlNote, 1);
    row->addWidget(m_allowRemote);
    column()->addWidget(m_urlRow);
}

bool BenchControls::isForeign() const { return m_target->currentIndex() == kForeign; }

void BenchControls::takeWorkload() {
    const model::Workload* workload = m_workload->current();
    if (!workload)
        return;
    m_model->setCurrent(workload->model == model::LoadModel::Open ? kOpen : kClosed);
    m_duration->setText(text(durationText(workload->duration)));
    m_warmup->setText(text(durationText(workload->warmup)));
    takeModel();
}

void BenchControls::takeModel() {
    const bool open = m_model->current() == kOpen;
    const model::Workload* workload = m_workload->current();
    const QString name = open ? tr("Rate") : tr("Clients");
    m_amountLabel->setText(name);
    m_amount->setAccessibleName(name);
    m_amount->setToolTip(open ? tr("Requests per second, for example 500/s")
                              : tr("How many ask at the same time"));
    m_amount->setText(open ? tr("%1/s").arg(workload ? workload->ratePerSecond : 500)
                           : QString::number(workload ? workload->clients : 8));
}

void BenchControls::updateTarget() {
    m_target->setItemText(0, tr("Hone engine · %1").arg(text(m_workspace.current().name)));
    m_target->setToolTip(m_workspace.engine() ? text(m_workspace.engine()->url())
                                              : tr("The engine is not running"));
    m_network->setEnabled(!isForeign());  // Only our own engine can hold bytes back.
    m_urlRow->setVisible(isForeign());
    const QString url = m_url->text().trimmed();
    m_allowRemote->setVisible(!url.isEmpty() && !isLoopback(url));
    m_urlNote->setText(hasPath(url) ? tr("GET of this URL alone")
                                    : tr("The workload's requests go to this origin"));
}

Result<experiment::BenchPlan> BenchControls::read() {
    const model::Workload* chosen = m_workload->current();
    if (!chosen)
        return fail(Error::InvalidArgument, "there is no workload")
            .hint("Make one with the plus beside the chooser.");
    experiment::BenchPlan plan;
    plan.workload = *chosen;
    plan.profile = m_workspace.current();
    if (isForeign()) {
        const QString url = m_url->text().trimmed();
        m_refused = m_url;
        const QUrl parsed(url);
        if (!parsed.scheme().startsWith(QLatin1String("http")) || parsed.host().isEmpty())
            return fail(Error::InvalidArgument, "the target is not an http URL: \"{}\"", utf8(url))
                .hint("For example http://127.0.0.1:3000");
        plan.url = utf8(url);
        plan.profile = {};
        plan.profile.name = "";
        plan.allowRemote = m_allowRemote->isChecked();
        if (hasPath(url)) {
            plan.workload = model::Workload::forUrl(utf8(url));
            plan.workload.name = utf8(url);
        }
    } else {
        m_refused = m_target;
        plan.engine = m_workspace.engine();
        plan.keepProfile = true;
        if (!plan.engine)
            return fail(Error::Unavailable, "the engine is not running")
                .hint("Wait until it has started, or choose another URL.");
    }
    plan.workload.model = m_model->current() == kOpen ? model::LoadModel::Open : model::LoadModel::Closed;
    m_refused = m_amount;
    if (plan.workload.model == model::LoadModel::Open) {
        auto perSecond = parseRate(utf8(m_amount->text().trimmed()));
        if (!perSecond)
            return fail(std::move(perSecond.error()));
        if (*perSecond <= 0)
            return fail(Error::InvalidArgument, "rate must be above 0 requests/s, got {}",
                        utf8(m_amount->text()))
                .hint("For one hundred requests a second write 100/s.");
        plan.workload.ratePerSecond = *perSecond;
    } else {
        auto clients = readCount(*m_amount, 1, 10'000);
        if (!clients)
            return fail(std::move(clients.error()));
        plan.workload.clients = *clients;
    }
    m_refused = m_duration;
    auto duration = readDuration(*m_duration, std::chrono::milliseconds(100));
    if (!duration)
        return fail(std::move(duration.error()));
    plan.workload.duration = *duration;
    m_refused = m_warmup;
    auto warmup = readDuration(*m_warmup, std::chrono::milliseconds(0));
    if (!warmup)
        return fail(std::move(warmup.error()));
    plan.workload.warmup = *warmup;
    m_refused = nullptr;
    return plan;
}

std::optional<experiment::BenchPlan> BenchControls::plan() {
    return checked([this] { return read(); });
}

bool BenchControls::selectWorkload(const QString& name) { return m_workload->select(name); }

void BenchControls::setUrl(const QString& url) {
    m_target->setCurrentIndex(url.isEmpty() ? 0 : kForeign);
    m_url->setText(url);
}

void BenchControls::setAmount(const QString& amount) { m_amount->setText(amount); }

void BenchControls::setDuration(const QString& duration, const QString& warmup) {
    m_duration->setText(duration);
    m_warmup->setText(warmup);
}

}  // namespace hone::ui::bench
