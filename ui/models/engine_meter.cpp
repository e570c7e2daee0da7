#include "ui/models/engine_meter.h"

#include "ui/format/format.h"
#include "ui/models/workspace.h"

#include <algorithm>
#include <cmath>

namespace hone::ui {

namespace {

constexpr int kIntervalMs = 500;
constexpr std::size_t kKept = 11;  ///< Five seconds and the snapshot they began with.

/// The quantile of what `now` has and `before` has not: both grow from one histogram of the same layout.
double quantileSince(const stats::Histogram& before, const stats::Histogram& now, double q) {
    const std::int64_t total = now.count() - before.count();
    if (total <= 0)
        return 0;
    const auto wanted = static_cast<std::int64_t>(std::ceil(q * static_cast<double>(total)));
    std::int64_t seen = 0;
    for (const auto& bucket : now.buckets()) {
        const std::size_t index = now.indexOf(bucket.from);
        seen += std::max<std::int64_t>(0, bucket.count - before.countAt(index));
        if (seen >= wanted)
            return static_cast<double>(bucket.to);
    }
    return static_cast<double>(now.max());
}

double since(double before, double now) { return now >= before ? now - before : now; }

bool isLevel(hone::engine::Catalogue catalogue, std::string_view name) {
    const auto dot = name.find('.');
    for (const auto* def : catalogue)
        if (def->id == name.substr(0, dot))
            for (const auto& counter : def->counters)
                if (counter.id == name.substr(dot + 1))
                    return counter.kind == hone::engine::Counter::Level;
    return false;
}

double valueOf(const MeterReading& reading, std::string_view toggle, std::string_view counter) {
    const auto found = reading.counters.find(fmt::format("{}.{}", toggle, counter));
    return found == reading.counters.end() ? 0.0 : found->second;
}

}  // namespace

MeterReading difference(const hone::engine::Snapshot& before, const hone::engine::Snapshot& now,
                        hone::engine::Catalogue catalogue) {
    MeterReading reading;
    reading.troubles = now.troubles[0];
    reading.seconds = std::chrono::duration<double>(now.taken - before.taken).count();
    if (reading.seconds <= 0)
        return reading;
    reading.requestsPerSecond =
        since(static_cast<double>(before.requests), static_cast<double>(now.requests)) / reading.seconds;
    reading.errors = since(static_cast<double>(before.errors), static_cast<double>(now.errors));
    reading.bytesPerSecond =
        since(static_cast<double>(before.bytesOut), static_cast<double>(now.bytesOut)) / reading.seconds;
    reading.p95Us = quantileSince(before.latency, now.latency, 0.95);
    for (const auto& [name, value] : now.counters[0]) {
        const auto old = before.counters[0].find(name);
        const bool level = isLevel(catalogue, name);
        reading.counters[name] = level || old == before.counters[0].end() ? value : since(old->second, value);
    }
    return reading;
}

std::optional<double> figureShare(const hone::engine::ToggleDef& def, const MeterReading& reading) {
    if (def.figure.kind != hone::engine::Figure::Share)
        return std::nullopt;
    const double part = valueOf(reading, def.id, def.figure.part);
    const double all = part + valueOf(reading, def.id, def.figure.rest);
    return all > 0 ? std::optional(part / all) : std::nullopt;
}

QString figureText(const hone::engine::ToggleDef& def, const MeterReading& reading) {
    using hone::engine::Figure;
    if (def.figure.part.empty() || reading.seconds <= 0)
        return {};
    const double value = valueOf(reading, def.id, def.figure.part);
    const QString label = text(def.figure.label);
    switch (def.figure.kind) {
        case Figure::Share: {
            const auto share = figureShare(def, reading);
            return share ? QStringLiteral("%1 %2").arg(label, percent(*share)) : QString();
        }
        case Figure::Rate:
            return value > 0 ? QStringLiteral("%1 %2").arg(rate(value / reading.seconds), label) : QString();
        case Figure::Level: return QStringLiteral("%1 %2").arg(count(value), label);
    }
    return {};
}

EngineMeter& EngineMeter::of(Workspace& workspace) {
    auto* meter = workspace.findChild<EngineMeter*>(QString(), Qt::FindDirectChildrenOnly);
    return meter != nullptr ? *meter : *new EngineMeter(workspace);
}

EngineMeter::EngineMeter(Workspace& workspace) : QObject(&workspace), m_workspace(workspace) {
    connect(&workspace, &Workspace::engineStarting, this, &EngineMeter::forget);
    connect(&workspace, &Workspace::engineChanged, this, &EngineMeter::forget);
    connect(&m_timer, &QTimer::timeout, this, &EngineMeter::read);
    m_timer.setTimerType(Qt::CoarseTimer);
    m_timer.start(kIntervalMs);
}

void EngineMeter::forget() {
    m_kept.clear();
    m_last = m_recent = {};
    emit sampled();
}

void EngineMeter::read() {
    auto* engine = m_workspace.engine();
    if (engine == nullptr)
        return;
    m_kept.push_back(engine->snapshot());
    while (m_kept.size() > kKept)
        m_kept.pop_front();
    if (m_kept.size() > 1) {
        m_last = difference(m_kept[m_kept.size() - 2], m_kept.back(), engine->catalogue());
        m_recent = difference(m_kept.front(), m_kept.back(), engine->catalogue());
    }
    emit sampled();
}

}  // namespace hone::ui
