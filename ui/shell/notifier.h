#pragma once

#include <QObject>
#include <QPointer>
#include <QString>

#include <functional>

class QSystemTrayIcon;
class QWidget;

namespace hone::ui {

class Jobs;

/// Tells the desktop when long work ends while nobody looks at the window; can be switched off.
///
/// Thread: GUI. Owner: the window. Where the desktop shows no messages, the window's task bar entry asks for
/// attention instead.
class Notifier : public QObject {
    Q_OBJECT
public:
    /// Shows a title and words on the desktop; tests give their own.
    using Deliver = std::function<void(const QString& title, const QString& words)>;

    Notifier(Jobs& jobs, QWidget& window, Deliver deliver = {});
    [[nodiscard]] static bool isOn();
    static void setOn(bool on);
    /// Work shorter than this ends before anybody looks away; 10 s unless a test says otherwise.
    void setLongSeconds(double seconds) { m_longS = seconds; }

private:
    void ended(const QString& title, double seconds);
    void showOnDesktop(const QString& title, const QString& words);

    QWidget& m_window;
    Deliver m_deliver;
    QSystemTrayIcon* m_tray = nullptr;  ///< Made when the first message is shown.
    double m_longS = 10;
};

}  // namespace hone::ui
