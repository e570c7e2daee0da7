#include "ui/shell/status_strip.h"

#include "ui/models/engine_meter.h"
#include "ui/models/workspace.h"

#include "ui/format/format.h"
#include "ui/widgets/sparkline.h"
#include "ui/widgets/widgets.h"

#include <QHBoxLayout>
#include <QProgressBar>
#include <QToolButton>

namespace hone::ui {

namespace {

constexpr int kSaidMs = 6'000;
constexpr double kFewestShare = 0.03, kFewestS = 2;  ///< Before, a guess of the time left is a gamble.
constexpr int kSparkSamples = 60;                    ///< Thirty seconds.

/// "12.5 k/s · p95 3.1 ms · hit 94 % · errors 0" of the last seconds.
QString liveText(const MeterReading& reading, hone::engine::Catalogue catalogue) {
    QStringList parts{rate(reading.requestsPerSecond)};
    if (reading.p95Us > 0)
        parts << QObject::tr("p95 %1").arg(micros(reading.p95Us));
    for (const auto* def : catalogue)
        if (def->id == "cache")
            if (const QString figure = figureText(*def, reading); !figure.isEmpty())
                parts << figure;
    parts << QObject::tr("errors %1").arg(count(reading.errors));
    return parts.join(QStringLiteral("  ·  "));
}

}  // namespace

StatusStrip::StatusStrip(Workspace& workspace, QWidget* parent)
    : QFrame(parent),
      m_workspace(workspace),
      m_live(new QLabel(this)),
      m_rate(new Sparkline(kSparkSamples, 0, Role::Accent, this)),
      m_said(mutedLabel({}, this)),
      m_job(new QWidget(this)),
      m_jobTitle(new QLabel(m_job)),
      m_progress(new QProgressBar(m_job)),
      m_cancel(iconButton("window-close", tr("Stop this job"), m_job)) {
    setProperty("kind", "foot");
    setFixedHeight(space::kControl);
    setAccessibleName(tr("Status"));
    m_rate->setFixedSize(96, 18);
    m_rate->setToolTip(tr("Requests per second, the last thirty seconds"));
    m_live->setToolTip(
        tr("The engine over the last five seconds: requests, p95 inside the engine, cache hits, errors"));
    m_progress->setFixedWidth(88);
    m_progress->setTextVisible(false);
    m_cancel->setFixedSize(20, 20);
    auto* job = new QHBoxLayout(m_job);
    job->setContentsMargins(0, 0, 0, 0);
    job->addWidget(m_jobTitle);
    job->addWidget(m_progress);
    job->addWidget(m_cancel);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(12, 0, 8, 0);
    row->setSpacing(12);
    row->addWidget(m_live);
    row->addWidget(m_rate);
    row->addStretch();
    row->addWidget(m_said);
    row->addWidget(m_job);
    for (QLabel* label : {m_live, m_said, m_jobTitle})
        label->setFont([] {
            QFont f = ui::font(FontRole::Body);
            f.setPixelSize(12);
            return f;
        }());
    m_job->hide();
    m_silence.setSingleShot(true);
    connect(&m_silence, &QTimer::timeout, m_said, &QLabel::clear);
    connect(&EngineMeter::of(workspace), &EngineMeter::sampled, this, &StatusStrip::showEngine);
    for (auto signal : {&Workspace::engineStarting, &Workspace::engineChanged})
        connect(&workspace, signal, this, &StatusStrip::showEngine);
    connect(&workspace, &Workspace::engineFailed, this, &StatusStrip::showEngine);
    connect(&workspace.jobs(), &Jobs::changed, this, &StatusStrip::showJobs);
    connect(m_cancel, &QToolButton::clicked, this, [this] { m_workspace.jobs().cancel(m_jobId); });
    showEngine();
    showJobs();
}

void StatusStrip::say(const QString& message) {
    m_said->setText(message);
    m_said->setToolTip(message);
    m_silence.start(kSaidMs);
}

void StatusStrip::showEngine() {
    auto* engine = m_workspace.engine();
    const EngineMeter& meter = EngineMeter::of(m_workspace);
    m_rate->setVisible(engine != nullptr);
    if (engine == nullptr) {
        m_rate->clear();
        setLook(m_live, m_workspace.engineError().isEmpty() ? "muted" : "bad");
        m_live->setText(m_workspace.engineError().isEmpty() ? tr("Engine is starting…")
                                                            : tr("Engine is not running"));
        return;
    }
    setLook(m_live, "");
    m_live->setText(liveText(meter.recent(), engine->catalogue()));
    m_rate->append(meter.last().requestsPerSecond);
}

QString StatusStrip::timeLeft(const JobInfo& job) const {
    if (!job.detail.isEmpty())
        return job.detail;
    const double elapsedS = static_cast<double>(m_jobSince.elapsed()) / 1000;
    if (job.fraction < kFewestShare || job.fraction >= 1 || elapsedS < kFewestS)
        return {};  // Too early to say.
    return tr("%1 left").arg(clockTime(elapsedS * (1 - job.fraction) / job.fraction));
}

void StatusStrip::showJobs() {
    const QList<JobInfo> jobs = m_workspace.jobs().running();
    m_job->setVisible(!jobs.isEmpty());
    if (jobs.isEmpty())
        return;
    const JobInfo& first = jobs.first();
    if (m_jobId != first.id)
        m_jobSince.start();
    m_jobId = first.id;
    QString words = first.title;
    if (const QString left = timeLeft(first); !left.isEmpty())
        words += QStringLiteral("  ·  ") + left;
    if (first.fraction >= 0)
        words += QStringLiteral("  ·  ") + percent(first.fraction);
    if (jobs.size() > 1)
        words += tr("  ·  and %n more", nullptr, static_cast<int>(jobs.size()) - 1);
    m_jobTitle->setText(words);
    m_progress->setRange(0, first.fraction < 0 ? 0 : 1000);
    m_progress->setValue(static_cast<int>(first.fraction * 1000));
    m_cancel->setVisible(first.cancellable);
}

}  // namespace hone::ui
