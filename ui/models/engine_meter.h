#pragma once

#include "core/engine/engine.h"

#include <QObject>
#include <QString>
#include <QTimer>

#include <deque>
#include <optional>

namespace hone::ui {

class Workspace;

/// What the engine did between two moments.
struct MeterReading {
    double seconds = 0;
    double requestsPerSecond = 0;
    double p95Us = 0;  ///< Inside the engine, of the requests in between; 0 when there were none.
    double errors = 0;
    double bytesPerSecond = 0;
    std::map<std::string, double> counters;       ///< Arm A: differences of totals, newest value of levels.
    std::map<std::string, std::string> troubles;  ///< Arm A: toggle id → what keeps it from its work, now.
};

/// Looks at the engine twice a second and says what happened since: the status bar and the Engine panel show
/// it.
///
/// Thread: GUI; a reading copies one snapshot (well below a millisecond). Owner: the workspace, made on first
/// use.
class EngineMeter : public QObject {
    Q_OBJECT
public:
    static EngineMeter& of(Workspace& workspace);

    [[nodiscard]] const hone::engine::Snapshot* newest() const {
        return m_kept.empty() ? nullptr : &m_kept.back();
    }
    [[nodiscard]] const MeterReading& last() const { return m_last; }      ///< The last half second.
    [[nodiscard]] const MeterReading& recent() const { return m_recent; }  ///< The last five seconds: calmer.
    /// Reads now; the timer calls it, tests too.
    void read();

signals:
    void sampled();

private:
    explicit EngineMeter(Workspace& workspace);
    void forget();

    Workspace& m_workspace;
    QTimer m_timer;
    std::deque<hone::engine::Snapshot> m_kept;  ///< Newest last.
    MeterReading m_last, m_recent;
};

/// What happened between two snapshots of one engine. Counters that fell were started anew in between.
[[nodiscard]] MeterReading difference(const hone::engine::Snapshot& before, const hone::engine::Snapshot& now,
                                      hone::engine::Catalogue catalogue);
/// The toggle's figure from a reading: "hit 94 %", "12 /s refused"; empty when nothing happened.
[[nodiscard]] QString figureText(const hone::engine::ToggleDef& def, const MeterReading& reading);
/// The Share figure as a number, for sparklines.
[[nodiscard]] std::optional<double> figureShare(const hone::engine::ToggleDef& def,
                                                const MeterReading& reading);

}  // namespace hone::ui
