#include "ui/format/format.h"

#include "core/base/units.h"

#include <QDateTime>
#include <QLocale>

#include <algorithm>
#include <cmath>

namespace hone::ui {

QString micros(double us) { return text(formatMicros(us)); }

QString rate(double perSecond) { return text(formatRate(perSecond)); }

QString bytes(double value) { return text(formatBytes(value)); }

QString count(double value) { return text(formatCount(value)); }

QString percent(double fraction) { return text(formatPercent(fraction)); }

QString change(double ratio) { return text(formatChange(ratio)); }

QString number(double value) { return text(formatNumber(value)); }

QString when(std::chrono::system_clock::time_point time) {
    const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(time.time_since_epoch()).count();
    const QDateTime local = QDateTime::fromMSecsSinceEpoch(ms);
    const qint64 days = local.date().daysTo(QDate::currentDate());
    const QString clock = local.toString(QStringLiteral("HH:mm"));
    const QLocale english(QLocale::English);
    if (days == 0)
        return QStringLiteral("today %1").arg(clock);
    if (days > 0 && days < 7)
        return QStringLiteral("%1 %2").arg(english.toString(local.date(), QStringLiteral("ddd")), clock);
    return english.toString(local.date(), QStringLiteral("d MMM yyyy"));
}

QString clockTime(double seconds) {
    const auto whole = static_cast<qint64>(std::ceil(std::max(0.0, seconds)));
    if (whole >= 3600)
        return QStringLiteral("%1:%2:%3")
            .arg(whole / 3600)
            .arg(whole / 60 % 60, 2, 10, QLatin1Char('0'))
            .arg(whole % 60, 2, 10, QLatin1Char('0'));
    return QStringLiteral("%1:%2").arg(whole / 60).arg(whole % 60, 2, 10, QLatin1Char('0'));
}

QString exactMicros(double us) {
    // Groups of three with a narrow no-break space (U+202F), three decimals: nanoseconds are the finest we
    // measure.
    QString digits = QString::number(std::abs(us), 'f', 3);
    for (auto at = digits.indexOf(QLatin1Char('.')) - 3; at > 0; at -= 3)
        digits.insert(at, QChar(0x202F));
    return (us < 0 ? QStringLiteral("−") : QString()) + digits + QStringLiteral(" µs");
}

}  // namespace hone::ui
