#include "ui/plots/time_chart.h"

#include "ui/theme/theme.h"

#include <QMenu>

#include <algorithm>
#include <cmath>

namespace hone::ui::plots {

namespace {

/// Two neighbours become one, at the place of the first.
void joinNeighbours(QCPGraph& graph, bool keepsHigher) {
    QVector<QCPGraphData> joined;
    joined.reserve(graph.dataCount() / 2 + 1);
    const auto& points = *graph.data();
    for (int i = 0; i < points.size(); i += 2) {
        const QCPGraphData first = *points.at(i);
        const QCPGraphData second = i + 1 < points.size() ? *points.at(i + 1) : first;
        joined << QCPGraphData(
            first.key, keepsHigher ? std::max(first.value, second.value) : (first.value + second.value) / 2);
    }
    graph.data()->set(joined, true);
}

}  // namespace

double largest(const QCustomPlot& plot, double least) {
    double top = least;
    for (int i = 0; i < plot.graphCount(); ++i) {
        bool found = false;
        const QCPRange range = plot.graph(i)->getValueRange(found);
        if (found && plot.graph(i)->visible())
            top = std::max(top, range.upper);
    }
    return top;
}

double smallest(const QCustomPlot& plot, double most) {
    double bottom = most;
    for (int i = 0; i < plot.graphCount(); ++i) {
        bool found = false;
        const QCPRange range = plot.graph(i)->getValueRange(found, QCP::sdPositive);
        if (found && plot.graph(i)->visible())
            bottom = std::min(bottom, range.lower);
    }
    return bottom;
}

TimeChart::TimeChart(const QString& title, Quantity y, bool offersLogarithm, QWidget* parent)
    : ChartBase(title, parent), m_shade(new QCPItemRect(this)) {
    setColumnTitle(QStringLiteral("seconds"));
    setAxes(Quantity::Seconds, y, offersLogarithm ? std::optional(Qt::Vertical) : std::nullopt);
    for (QCPItemPosition* position : {m_shade->topLeft, m_shade->bottomRight}) {
        position->setTypeX(QCPItemPosition::ptPlotCoords);
        position->setTypeY(QCPItemPosition::ptAxisRectRatio);
    }
    m_shade->setLayer(QStringLiteral("background"));
    alignLeft();  // One second is at the same place in all charts of a column.
    TimeChart::restyle();
    shade(0);
    dataChanged();
}

void TimeChart::restyle() {
    m_shade->setPen(Qt::NoPen);
    m_shade->setBrush(color(Role::WarmupShade));
    if (m_earlier)
        m_earlier->setPen(QPen(color(Role::Muted), 1, Qt::DashDotDotLine));
    for (QCPItemStraightLine* line : m_noteLines)
        line->setPen(QPen(color(Role::Warn), 1, Qt::DashLine));
    for (QCPItemText* words : m_noteTexts) {
        words->setFont(ui::font(FontRole::Small));
        words->setColor(color(Role::Text));
        words->setBrush(color(Role::Raised));
        words->setPen(QPen(color(Role::Warn), 1));
    }
}

void TimeChart::shade(double untilS) {
    m_shade->setVisible(untilS > 0 && hasData());
    m_shade->topLeft->setCoords(0, 0);
    m_shade->bottomRight->setCoords(untilS, 1);
}

void TimeChart::clear() { begin(0, 1); }

void TimeChart::begin(double warmupS, double measuredS) {
    for (int i = 0; i < graphCount(); ++i)
        if (graph(i) != m_earlier)
            graph(i)->data()->clear();
    cleared();
    setAnnotations({});
    m_endS = std::max(0.1, warmupS + measuredS);
    m_top = 0;
    m_warmupS = warmupS;
    shade(warmupS);
    resetZoom();
}

void TimeChart::append(const model::Interval& interval) {
    add(middle(interval), interval);
    thinOut();
    shade(m_warmupS);
    dataChanged();
}

void TimeChart::setIntervals(const std::vector<model::Interval>& intervals) {
    double warmupS = 0, endS = 0;
    for (const model::Interval& interval : intervals) {
        endS = std::max(endS, interval.startS + interval.lengthS);
        if (interval.warmup)
            warmupS = std::max(warmupS, interval.startS + interval.lengthS);
    }
    begin(warmupS, endS - warmupS);
    for (const model::Interval& interval : intervals)
        add(middle(interval), interval);
    thinOut();
    shade(m_warmupS);
    dataChanged();
}

void TimeChart::thinOut() {
    for (int i = 0; i < graphCount(); ++i)
        while (graph(i)->dataCount() > kMaxPoints)
            joinNeighbours(*graph(i), quantity(yAxis) == Quantity::Micros);
}

void TimeChart::setAnnotations(const std::vector<model::Annotation>& annotations) {
    for (QCPItemStraightLine* line : std::exchange(m_noteLines, {}))
        removeItem(line);
    for (QCPItemText* words : std::exchange(m_noteTexts, {}))
        removeItem(words);
    for (const model::Annotation& annotation : annotations) {
        auto* line = new QCPItemStraightLine(this);
        line->point1->setTypeY(QCPItemPosition::ptAxisRectRatio);
        line->point2->setTypeY(QCPItemPosition::ptAxisRectRatio);
        line->point1->setCoords(annotation.atS, 0);
        line->point2->setCoords(annotation.atS, 1);
        auto* words = new QCPItemText(this);
        words->position->setTypeY(QCPItemPosition::ptAxisRectRatio);
        words->position->setCoords(annotation.atS, 0.02);
        // At the right of its line, unless the chart ends there.
        words->setPositionAlignment((annotation.atS > 0.75 * m_endS ? Qt::AlignRight : Qt::AlignLeft) |
                                    Qt::AlignTop);
        words->setPadding({4, 1, 4, 1});
        words->setText(QString::fromStdString(annotation.text));
        m_noteLines.push_back(line);
        m_noteTexts.push_back(words);
    }
    restyle();
    repaintSoon();
}

void TimeChart::setEarlier(const QString& name, const std::vector<model::Interval>& intervals) {
    if (m_earlier)
        removeGraph(std::exchange(m_earlier, nullptr));
    m_earlierName = name;
    if (!name.isEmpty()) {
        m_earlier = addGraph();
        m_earlier->setLayer(QStringLiteral("grid"));  // Behind what is looked at.
        for (const model::Interval& interval : intervals)
            if (const double value = earlierValue(interval); !std::isnan(value))
                m_earlier->addData(middle(interval), value);
        thinOut();
    }
    restyle();
    dataChanged();
}

double TimeChart::earlierValue(const model::Interval&) const { return std::nan(""); }

void TimeChart::addToMenu(QMenu& menu, double x) {
    menu.addAction(tr("Annotate this moment…"), this, [this, x] { emit annotationWanted(x); })
        ->setShortcut(Qt::Key_N);
}

void TimeChart::keyPressEvent(QKeyEvent* event) {
    if (event->key() == Qt::Key_N && event->modifiers() == Qt::NoModifier && cursor())
        emit annotationWanted(*cursor());
    else
        ChartBase::keyPressEvent(event);
}

void TimeChart::fitAxes() {
    xAxis->setRange(0, m_endS);
    if (const double top = largest(*this, 1); top > m_top)
        m_top = roundUp(top * 1.04);
    if (isLogarithmic())
        yAxis->setRange(smallest(*this, m_top / 10) * 0.8, m_top);
    else
        yAxis->setRange(0, m_top);
}

QString TimeChart::idleText(const Series& s) const {
    const auto points = s.graph->data();
    return points->isEmpty() ? QString() : quantityText(quantity(yAxis), (points->constEnd() - 1)->value);
}

std::vector<ChartHeader::Entry> TimeChart::furtherEntries() const {
    std::vector<ChartHeader::Entry> entries;
    if (m_shade && m_shade->visible())
        entries.push_back({.name = tr("warm-up"),
                           .role = Role::Muted,
                           .mark = ChartHeader::Mark::Fill,
                           .showsValue = false});
    if (m_earlier && m_earlier->dataCount() > 0)
        entries.push_back(
            {.name = m_earlierName, .role = Role::Muted, .dash = Qt::DashDotDotLine, .showsValue = false});
    return entries;
}

}  // namespace hone::ui::plots
