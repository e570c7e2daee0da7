#include "ui/panels/engine/edge_map.h"

#include "ui/theme/theme.h"

#include <QAbstractItemModelTester>
#include <QImage>
#include <QtTest>

using namespace hone::ui;
using namespace hone::ui::engine;

namespace {

const std::map<std::string, double> kCounters{
    {"edge.fraHits", 90}, {"edge.fraMisses", 10}, {"edge.sydHits", 0}, {"edge.sydMisses", 4}};

QImage pictureOf(QWidget& widget) {
    widget.resize(360, widget.heightForWidth(360));
    QImage image(widget.size(), QImage::Format_ARGB32);
    image.fill(Qt::white);
    widget.render(&image);
    return image;
}

}  // namespace

class EdgeMapTest : public QObject {
    Q_OBJECT
private slots:
    void readsThePointsOfPresenceFromCounters() {
        const auto sites = edgeSites(kCounters, "fra");
        QCOMPARE(sites.size(), std::size_t{10});
        QCOMPARE(sites[0].id, QString("fra"));
        QVERIFY(sites[0].isOrigin);
        QCOMPARE(sites[0].hitRatio().value(), 0.9);
        QCOMPARE(sites.back().hitRatio().value(), 0.0);
        QVERIFY(!sites[1].hitRatio());
    }

    void theTableSaysWhatTheMapShows() {
        EdgeSiteModel model;
        const QAbstractItemModelTester tester(&model);
        model.setSites(edgeSites({}, "fra"));
        model.setSites(edgeSites(kCounters, "fra"));
        const auto shown = [&](int row, int column) { return model.index(row, column).data().toString(); };
        QCOMPARE(shown(0, EdgeSiteModel::Name), QString("Frankfurt (origin)"));
        QCOMPARE(shown(0, EdgeSiteModel::Hits), QString("90"));
        QVERIFY(shown(0, EdgeSiteModel::Ratio).startsWith("90"));
        QCOMPARE(shown(1, EdgeSiteModel::Ratio), QString("–"));
    }

    void theMapFillsADiscByItsHitRatio() {
        EdgeSiteModel model;
        model.setSites(edgeSites({}, "fra"));
        EdgeMap map(model, nullptr);
        const QImage before = pictureOf(map);
        model.setSites(edgeSites(kCounters, "fra"));
        const QImage after = pictureOf(map);
        QVERIFY(before != after);
        // Frankfurt: one pixel a degree.
        const QPoint frankfurt(180 + 9, 76 - 50);
        QVERIFY(before.pixel(frankfurt) != after.pixel(frankfurt));
        QVERIFY(map.accessibleDescription().contains("Frankfurt"));
        if (const auto directory = qEnvironmentVariable("HONE_SHOTS"); !directory.isEmpty()) {
            for (const auto mode : {Theme::Mode::Light, Theme::Mode::Dark}) {
                Theme::instance().apply(mode);
                EdgeView view(nullptr);
                view.showCounters(kCounters, "fra");
                view.resize(360, 480);
                QVERIFY(view.grab().save(
                    QString("%1/edge_map_%2.png").arg(directory).arg(static_cast<int>(mode))));
            }
        }
    }
};

QTEST_MAIN(EdgeMapTest)
#include "edge_map_test.moc"
