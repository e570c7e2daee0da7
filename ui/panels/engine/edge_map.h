#pragma once

#include "core/engine/engine.h"

#include <QAbstractTableModel>
#include <QWidget>

class QTableView;

namespace hone::ui::engine {

/// What one point of presence did.
struct EdgeSite {
    QString id, name;
    double latitude = 0, longitude = 0;
    double hits = 0, misses = 0;
    bool isOrigin = false;
    /// None before the first request.
    [[nodiscard]] std::optional<double> hitRatio() const {
        const double all = hits + misses;
        return all > 0 ? std::optional(hits / all) : std::nullopt;
    }
};

/// The points of presence of the edge as the counters of an engine's snapshot tell ("edge.fraHits").
[[nodiscard]] std::vector<EdgeSite> edgeSites(const std::map<std::string, double>& counters,
                                              const QString& originId);

/// The same numbers for eyes that read and for screen readers. Thread: GUI.
class EdgeSiteModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { Name, Hits, Misses, Ratio, ColumnCount };
    using QAbstractTableModel::QAbstractTableModel;
    void setSites(std::vector<EdgeSite> sites);
    [[nodiscard]] const std::vector<EdgeSite>& sites() const { return m_sites; }
    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    std::vector<EdgeSite> m_sites;
};

/// Land in dots (equirectangular), a disc per point of presence: its size says how many requests it had, its
/// filled part how many it answered itself. Tooltips name the numbers. Thread: GUI.
class EdgeMap : public QWidget {
    Q_OBJECT
public:
    explicit EdgeMap(const EdgeSiteModel& model, QWidget* parent);
    [[nodiscard]] QSize sizeHint() const override { return {320, heightForWidth(320)}; }
    [[nodiscard]] bool hasHeightForWidth() const override { return true; }
    [[nodiscard]] int heightForWidth(int width) const override;

protected:
    void paintEvent(QPaintEvent*) override;
    bool event(QEvent* event) override;

private:
    [[nodiscard]] QPointF placeOf(double latitude, double longitude) const;
    [[nodiscard]] double radiusOf(const EdgeSite& site) const;
    void describe();

    const EdgeSiteModel& m_model;
};

/// The edge's part of the inspector: map and table over one model.
class EdgeView : public QWidget {
    Q_OBJECT
public:
    explicit EdgeView(QWidget* parent);
    /// Of the arm that is shown; without those of the edge everything is zero.
    void showCounters(const std::map<std::string, double>& counters, const QString& originId);

private:
    EdgeSiteModel* m_model;
    QTableView* m_table;
};

}  // namespace hone::ui::engine
