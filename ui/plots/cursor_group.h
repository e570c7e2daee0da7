#pragma once

#include <QObject>

#include <vector>

namespace hone::ui::plots {

class ChartBase;

/// Charts of one view that share their x: the crosshair of one is shown in all, with each one's values, and
/// zooming or panning one moves all.
///
/// Thread: GUI. Owner: the view (parent). The charts must live as long as the group.
class CursorGroup : public QObject {
    Q_OBJECT
public:
    explicit CursorGroup(QObject* parent) : QObject(parent) {}
    void add(ChartBase* chart);

private:
    void follow(ChartBase* from);

    std::vector<ChartBase*> m_charts;
    bool m_busy = false;  ///< One chart leads; the others' answers are not news.
};

}  // namespace hone::ui::plots
