#include "ui/panels/engine/journal_view.h"

#include "ui/format/format.h"
#include "ui/theme/theme.h"

#include <algorithm>

namespace hone::ui::engine {

namespace {

using Lines = std::vector<std::pair<std::string, std::string>>;

double micro(Nanos value) { return static_cast<double>(value.count()) / 1e3; }

QString muted(const QString& html) {
    return QStringLiteral("<span style='color:%1'>%2</span>").arg(color(Role::Muted).name(), html);
}

QString escaped(const std::string& words) { return text(words).toHtmlEscaped(); }

QString heading(const QString& words) {
    return QStringLiteral("<p style='margin:10px 0 2px 0'>%1</p>").arg(muted(words.toHtmlEscaped()));
}

QString row(const QString& name, const QString& value, const QString& more = {}) {
    return QStringLiteral(
               "<tr><td style='padding:1px 16px 1px 0'>%1</td><td style='padding:1px 16px 1px 0'>%2</td>"
               "<td>%3</td></tr>")
        .arg(name, value, more);
}

QString fieldTable(const Lines& lines) {
    QString html = QStringLiteral("<table>");
    for (const auto& [name, value] : lines)
        html += row(muted(escaped(name)), escaped(value));
    return html + QStringLiteral("</table>");
}

/// The stages with their share of the time, and what is left for routing and writing.
QString stepTable(const hone::engine::JournalEntry& entry) {
    QString html = QStringLiteral("<table>");
    Nanos named{0};
    for (const hone::engine::JournalStep& step : entry.steps) {
        named += step.duration;
        html += row(escaped(step.name), ui::micros(micro(step.duration)), escaped(step.note));
    }
    html +=
        row(muted(QObject::tr("the rest")), ui::micros(micro(std::max(Nanos(0), entry.duration - named))));
    return html + QStringLiteral("</table>");
}

QString protocol(int version) {
    return version >= 20 ? QStringLiteral("HTTP/%1").arg(version / 10)
                         : QStringLiteral("HTTP/1.%1").arg(version % 10);
}

/// For a POSIX shell: everything between single quotes stands for itself.
QString quoted(QString words) {
    return QLatin1Char('\'') + words.replace(QLatin1Char('\''), QStringLiteral("'\\''")) + QLatin1Char('\'');
}

}  // namespace

QString detailsHtml(const hone::engine::JournalEntry& entry) {
    QString html = QStringLiteral("<p style='margin:0'><span style='font-weight:600'>%1 %2</span></p>")
                       .arg(escaped(entry.method), escaped(entry.target));
    html += QStringLiteral("<p style='margin:2px 0 0 0'>%1</p>")
                .arg(muted(QObject::tr("%1 · %2 · %3 · arm %4 · from %5")
                               .arg(entry.status)
                               .arg(ui::micros(micro(entry.duration)), protocol(entry.version),
                                    entry.arm == 0 ? QStringLiteral("A") : QStringLiteral("B"),
                                    escaped(entry.peer))));
    if (!entry.why.empty())
        html += heading(QObject::tr("Why this answer")) +
                QStringLiteral("<p style='margin:0'>%1</p>").arg(escaped(entry.why));
    if (!entry.steps.empty())
        html += heading(QObject::tr("What was done")) + stepTable(entry);
    if (!entry.requestFields.empty())
        html += heading(QObject::tr("Request")) + fieldTable(entry.requestFields);
    if (!entry.answerFields.empty())
        html += heading(QObject::tr("Answer")) + fieldTable(entry.answerFields);
    return html;
}

QString curlOf(const hone::engine::JournalEntry& entry, const QString& origin) {
    QString line = QStringLiteral("curl ");
    if (entry.method == "HEAD")
        line += QStringLiteral("--head ");
    else if (entry.method != "GET")
        line += QStringLiteral("-X %1 ").arg(text(entry.method));
    for (const auto& [name, value] : entry.requestFields)
        if (!http::iequals(name, "host") && !http::iequals(name, "content-length") &&
            !http::iequals(name, "connection"))
            line += QStringLiteral("-H %1 ").arg(quoted(text(name + ": " + value)));
    return line + quoted(origin + text(entry.target));
}

}  // namespace hone::ui::engine
