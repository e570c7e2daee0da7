#include "ui/plots/quantity.h"
#include "ui/plots/tickers.h"

#include <QtTest>

using namespace hone::ui::plots;

class QuantityTest : public QObject {
    Q_OBJECT
private slots:
    void axisLabelsShareAUnitAndHaveNoDigitsTheyDoNotNeed_data() {
        QTest::addColumn<int>("quantity");
        QTest::addColumn<double>("largest");
        QTest::addColumn<double>("value");
        QTest::addColumn<double>("step");
        QTest::addColumn<QString>("text");
        const auto row = [](const char* name, Quantity q, double largest, double value, double step,
                            const char* text) {
            QTest::newRow(name) << static_cast<int>(q) << largest << value << step << QString::fromUtf8(text);
        };
        row("whole milliseconds", Quantity::Micros, 5000, 3000, 1000, "3\u00a0ms");
        row("half milliseconds keep a digit", Quantity::Micros, 5000, 3000, 500, "3.0\u00a0ms");
        row("microseconds", Quantity::Micros, 800, 200, 200, "200\u00a0µs");
        row("zero has no unit", Quantity::Micros, 800, 0, 200, "0");
        row("thousands a second", Quantity::PerSecond, 15000, 12500, 2500, "12.5\u00a0k/s");
        row("percent", Quantity::Share, 1, 0.2, 0.2, "20\u00a0%");
        row("KiB", Quantity::Bytes, 4096, 2048, 1024, "2\u00a0KiB");
        row("a plain count", Quantity::Count, 20, 5, 5, "5");
        row("seconds", Quantity::Seconds, 30, 10, 5, "10\u00a0s");
    }
    void axisLabelsShareAUnitAndHaveNoDigitsTheyDoNotNeed() {
        QFETCH(int, quantity);
        QFETCH(double, largest);
        QFETCH(double, value);
        QFETCH(double, step);
        QFETCH(QString, text);
        QCOMPARE(axisText(axisUnit(static_cast<Quantity>(quantity), largest), value, step), text);
    }

    void everyFurtherNineIsWrittenAndNoneIsInvented() {
        QCOMPARE(ninesText(0.5), QString("50\u00a0%"));
        QCOMPARE(ninesText(0.9), QString("90\u00a0%"));
        QCOMPARE(ninesText(0.99), QString("99\u00a0%"));
        QCOMPARE(ninesText(0.999), QString("99.9\u00a0%"));
        QCOMPARE(ninesText(1 - 1e-5), QString("99.999\u00a0%"));
    }

    void anAxisSettlesAtRoundNumbers() {
        QCOMPARE(roundUp(1), 1.0);
        QCOMPARE(roundUp(1.01), 1.5);
        QCOMPARE(roundUp(2400), 3000.0);
        QCOMPARE(roundUp(0.0076), 0.01);
        QCOMPARE(roundUp(0), 1.0);
    }

    void logarithmicTicksFollowTheRoom() {
        QCOMPARE(logTicks(90, 110000, 6), (QVector<double>{100, 1000, 10000, 100000}));
        QCOMPARE(logTicks(100, 1000, 7), (QVector<double>{100, 200, 500, 1000}));
        QVERIFY(logTicks(900, 1100, 6).size() >=
                3);  // Less than a decade: round steps, not one lonely label.
        QVERIFY(logTicks(0, 10, 6).isEmpty());
    }
};

QTEST_GUILESS_MAIN(QuantityTest)
#include "quantity_test.moc"
