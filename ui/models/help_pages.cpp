#include "ui/models/help_pages.h"

#include "ui/format/format.h"

#include <QDir>
#include <QFile>

namespace hone::ui {

namespace {

QString firstHeading(const QString& markdown, const QString& otherwise) {
    for (const QString& line : markdown.split('\n'))
        if (line.startsWith("# "))
            return line.mid(2).trimmed();
    return otherwise;
}

/// Reading order of the guide; pages not named here follow by name.
int guideOrder(const QString& name) {
    static const QStringList kOrder{"getting-started", "measuring",  "attribution", "workloads", "profiles",
                                    "serving",         "upstream",   "gates",       "ci",        "reports",
                                    "other-tools",     "benchmarks", "science"};
    const auto at = kOrder.indexOf(name);
    return at < 0 ? static_cast<int>(kOrder.size()) : static_cast<int>(at);
}

QString parameterTable(const hone::engine::ToggleDef& def) {
    if (def.params.empty())
        return {};
    QString table = QStringLiteral(
        "\n\n## Parameters\n\n| Parameter | Range | Default | What it does |\n| --- | --- | --- | --- |\n");
    for (const Param& param : def.params)
        table += QStringLiteral("| `%1` | %2 | `%3` | %4 |\n")
                     .arg(text(param.id), text(describeRange(param)), text(valueText(param, param.initial)),
                          text(param.help));
    return table;
}

}  // namespace

QString toggleMarkdown(const hone::engine::ToggleDef& def) {
    QString body = text(def.doc).trimmed();
    if (body.startsWith("# "))
        body = body.section('\n', 1).trimmed();
    QString page = QStringLiteral("# %1\n\n%2\n\n").arg(text(def.title), text(def.summary));
    if (!def.off.empty())
        page += QStringLiteral("*Off:* %1\n\n").arg(text(def.off));
    return page + body + parameterTable(def);
}

QList<HelpPage> helpPages(hone::engine::Catalogue catalogue) {
    QList<HelpPage> pages;
    QStringList names;
    for (const QString& file : QDir(":/docs").entryList({"*.md"}, QDir::Files))
        names << file.chopped(3);
    std::ranges::stable_sort(names, {}, guideOrder);
    for (const QString& name : names) {
        QFile file(QStringLiteral(":/docs/%1.md").arg(name));
        if (!file.open(QIODevice::ReadOnly))
            continue;
        const QString markdown = QString::fromUtf8(file.readAll());
        pages.append({"docs/" + name, QObject::tr("Guide"), firstHeading(markdown, name), markdown});
    }
    for (const auto* def : catalogue)
        pages.append(
            {"toggle/" + text(def->id), QObject::tr("Toggles"), text(def->title), toggleMarkdown(*def)});
    return pages;
}

}  // namespace hone::ui
