#include "ui/shell/notifier.h"

#include "ui/format/format.h"
#include "ui/jobs/jobs.h"
#include "ui/theme/theme.h"

#include <QApplication>
#include <QSettings>
#include <QSystemTrayIcon>
#include <QTimer>
#include <QWidget>

namespace hone::ui {

namespace {

constexpr int kShownMs = 10'000;

}  // namespace

Notifier::Notifier(Jobs& jobs, QWidget& window, Deliver deliver)
    : QObject(&window), m_window(window), m_deliver(std::move(deliver)) {
    if (!m_deliver)
        m_deliver = [this](const QString& title, const QString& words) { showOnDesktop(title, words); };
    connect(&jobs, &Jobs::finished, this,
            [this](int, const QString& title, double seconds) { ended(title, seconds); });
}

bool Notifier::isOn() { return QSettings().value("notify", true).toBool(); }

void Notifier::setOn(bool on) { QSettings().setValue("notify", on); }

void Notifier::ended(const QString& title, double seconds) {
    if (seconds < m_longS || m_window.isActiveWindow() || !isOn())
        return;
    m_deliver(title, tr("Ended after %1").arg(clockTime(seconds)));
}

void Notifier::showOnDesktop(const QString& title, const QString& words) {
    QApplication::alert(&m_window);  // The task bar entry; needs no message service.
    if (!QSystemTrayIcon::isSystemTrayAvailable() || !QSystemTrayIcon::supportsMessages())
        return;
    if (!m_tray) {
        m_tray = new QSystemTrayIcon(icon("hone-logo", Role::Accent), this);
        connect(m_tray, &QSystemTrayIcon::messageClicked, this, [this] {
            m_window.show();
            m_window.raise();
            m_window.activateWindow();
        });
    }
    m_tray->show();
    m_tray->showMessage(title, words, m_tray->icon(), kShownMs);
    // Its place in the tray is only for the message.
    QTimer::singleShot(kShownMs + 1'000, m_tray, &QSystemTrayIcon::hide);
}

}  // namespace hone::ui
