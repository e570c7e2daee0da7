#include "ui/panels/engine/edge_map.h"

#include "core/toggles/edge/places.h"
#include "ui/format/format.h"
#include "ui/panels/engine/edge_land.h"
#include "ui/widgets/widgets.h"

#include <QHeaderView>
#include <QHelpEvent>
#include <QPainter>
#include <QTableView>
#include <QToolTip>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>

namespace hone::ui::engine {

std::vector<EdgeSite> edgeSites(const std::map<std::string, double>& counters, const QString& originId) {
    const auto value = [&](std::string_view pop, std::string_view what) {
        const auto found = counters.find(fmt::format("edge.{}{}", pop, what));
        return found == counters.end() ? 0.0 : found->second;
    };
    std::vector<EdgeSite> sites;
    for (const auto& pop : toggles::edge::pops())
        sites.push_back({.id = text(pop.id),
                         .name = text(pop.name),
                         .latitude = pop.at.latitude,
                         .longitude = pop.at.longitude,
                         .hits = value(pop.id, "Hits"),
                         .misses = value(pop.id, "Misses"),
                         .isOrigin = text(pop.id) == originId});
    return sites;
}

void EdgeSiteModel::setSites(std::vector<EdgeSite> sites) {
    if (sites.size() != m_sites.size()) {
        beginResetModel();
        m_sites = std::move(sites);
        return endResetModel();
    }
    m_sites = std::move(sites);
    if (!m_sites.empty())
        emit dataChanged(index(0, 0), index(rowCount() - 1, ColumnCount - 1));
}

int EdgeSiteModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_sites.size());
}

int EdgeSiteModel::columnCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : ColumnCount; }

QVariant EdgeSiteModel::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const auto& site = m_sites[static_cast<std::size_t>(index.row())];
    if (role == Qt::TextAlignmentRole && index.column() != Name)
        return int(Qt::AlignRight | Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    switch (index.column()) {
        case Name: return site.isOrigin ? tr("%1 (origin)").arg(site.name) : site.name;
        case Hits: return QString::number(site.hits, 'f', 0);
        case Misses: return QString::number(site.misses, 'f', 0);
        default: return site.hitRatio() ? percent(*site.hitRatio()) : QStringLiteral("–");
    }
}

QVariant EdgeSiteModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
        case Name: return tr("Point of presence");
        case Hits: return tr("Hits");
        case Misses: return tr("Misses");
        default: return tr("Hit ratio");
    }
}

EdgeMap::EdgeMap(const EdgeSiteModel& model, QWidget* parent) : QWidget(parent), m_model(model) {
    setMinimumWidth(240);
    QSizePolicy policy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
    setAccessibleName(tr("Map of the points of presence with their hit ratios"));
    const auto refresh = [this] {
        describe();
        update();
    };
    connect(&m_model, &QAbstractItemModel::dataChanged, this, refresh);
    connect(&m_model, &QAbstractItemModel::modelReset, this, refresh);
    connect(&Theme::instance(), &Theme::changed, this, qOverload<>(&QWidget::update));
}

int EdgeMap::heightForWidth(int width) const {
    return static_cast<int>(std::lround(width * kLandCell * double(kLand.size()) / 360));
}

QPointF EdgeMap::placeOf(double latitude, double longitude) const {
    const double degree = width() / 360.0;
    return {(longitude + 180) * degree, (kLandNorth - latitude) * degree};
}

/// Its area is its share of the requests.
double EdgeMap::radiusOf(const EdgeSite& site) const {
    double most = 0;
    for (const auto& other : m_model.sites())
        most = std::max(most, other.hits + other.misses);
    return 4 + (most > 0 ? 7 * std::sqrt((site.hits + site.misses) / most) : 0);
}

void EdgeMap::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    QColor land = color(Role::Muted);
    land.setAlphaF(0.45F);  // behind the discs
    painter.setBrush(land);
    const double dot = width() * kLandCell / 360 * 0.34;
    for (std::size_t row = 0; row < kLand.size(); ++row)
        for (std::size_t column = 0; column < kLand[row].size(); ++column)
            if (kLand[row][column] == '#')
                painter.drawEllipse(placeOf(kLandNorth - kLandCell * (double(row) + 0.5),
                                            kLandCell * (double(column) + 0.5) - 180),
                                    dot, dot);
    for (const auto& site : m_model.sites()) {
        const QPointF centre = placeOf(site.latitude, site.longitude);
        const double radius = radiusOf(site);
        const QRectF disc(centre.x() - radius, centre.y() - radius, 2 * radius, 2 * radius);
        painter.setPen(QPen(color(site.isOrigin ? Role::Text : Role::Accent), site.isOrigin ? 2 : 1));
        painter.setBrush(color(Role::Surface));
        painter.drawEllipse(disc);
        if (const auto ratio = site.hitRatio(); ratio && *ratio > 0) {
            painter.setPen(Qt::NoPen);
            painter.setBrush(color(Role::Accent));
            const double inside = site.isOrigin ? 2 : 1;
            // From twelve o'clock, clockwise; in sixteenths of a degree.
            painter.drawPie(disc.adjusted(inside, inside, -inside, -inside), 90 * 16,
                            -static_cast<int>(std::lround(*ratio * 360 * 16)));
        }
    }
}

bool EdgeMap::event(QEvent* event) {
    if (event->type() != QEvent::ToolTip)
        return QWidget::event(event);
    const auto* help = static_cast<QHelpEvent*>(event);
    for (const auto& site : m_model.sites()) {
        const QPointF away = placeOf(site.latitude, site.longitude) - QPointF(help->pos());
        if (std::hypot(away.x(), away.y()) > radiusOf(site) + 3)
            continue;
        const QString ratio = site.hitRatio() ? percent(*site.hitRatio()) : tr("no requests yet");
        QToolTip::showText(help->globalPos(),
                           tr("%1: %2 (%3 hits, %4 misses)")
                               .arg(site.name, ratio)
                               .arg(site.hits, 0, 'f', 0)
                               .arg(site.misses, 0, 'f', 0),
                           this);
        return true;
    }
    QToolTip::hideText();
    event->ignore();
    return true;
}

void EdgeMap::describe() {
    QStringList words;
    for (const auto& site : m_model.sites())
        if (const auto ratio = site.hitRatio())
            words << tr("%1 %2").arg(site.name, percent(*ratio));
    setAccessibleDescription(words.isEmpty() ? tr("No requests yet") : words.join(", "));
}

EdgeView::EdgeView(QWidget* parent) : QWidget(parent), m_model(new EdgeSiteModel(this)) {
    auto* map = new EdgeMap(*m_model, this);
    m_table = new QTableView(this);
    m_table->setModel(m_model);
    m_table->setAccessibleName(tr("Hit ratio of each point of presence"));
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setDefaultSectionSize(space::kRow);
    m_table->horizontalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
    m_table->horizontalHeader()->setSectionResizeMode(EdgeSiteModel::Name, QHeaderView::Stretch);
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_table->setShowGrid(false);
    m_table->setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_table->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins({});
    column->setSpacing(space::kGap);
    column->addWidget(mutedLabel(tr("Hit ratio of the points of presence (simulated distances)"), this));
    column->addWidget(map);
    column->addWidget(m_table);
    showCounters({}, {});
    m_table->setFixedHeight((m_model->rowCount() + 1) * space::kRow + 4);
}

void EdgeView::showCounters(const std::map<std::string, double>& counters, const QString& originId) {
    m_model->setSites(edgeSites(counters, originId));
}

}  // namespace hone::ui::engine
