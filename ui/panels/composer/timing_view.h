#pragma once

#include "core/compose/sender.h"

#include <QWidget>

namespace hone::ui::composer {

/// The phases of one exchange as a waterfall; what the engine says about itself (Server-Timing) lies inside
/// the wait.
class TimingView : public QWidget {
    Q_OBJECT
public:
    explicit TimingView(QWidget* parent = nullptr);
    void show(const compose::Outcome& outcome);
    [[nodiscard]] QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent*) override;

private:
    struct Bar {
        QString label, note;
        double startMs = 0, ms = 0;
        bool server = false;
    };
    QList<Bar> m_bars;
    double m_totalMs = 0;
};

}  // namespace hone::ui::composer
