#include "core/data/dataset.h"
#include "core/data/shop_random.h"

#include "core/sqlite/sqlite.h"

#include <QtTest>

using namespace hone;
using namespace hone::data;

#define OK(result)                                                     \
    do {                                                               \
        const auto& r_ = (result);                                     \
        QVERIFY2(r_.has_value(), r_ ? "" : r_.error().line().c_str()); \
    } while (false)

class ShopGeneratorTest : public QObject {
    Q_OBJECT
private slots:
    void init() { m_dir = std::make_unique<QTemporaryDir>(); }
    void writesTheSameBytesForTheSameSeed();
    void makesExactlyTheRowsAskedFor_data();
    void makesExactlyTheRowsAskedFor();
    void tellsAStoryThatAddsUp();
    void sellsAFewThingsMostOften();
    void refusesSizesOutOfBounds();
    void stopsWhenAskedTo();
    void writesTimesAsIso8601();

private:
    std::filesystem::path path(const QString& name) const { return m_dir->filePath(name).toStdString(); }
    QByteArray bytes(const QString& name) const {
        QFile file(m_dir->filePath(name));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }
    std::unique_ptr<QTemporaryDir> m_dir;
};

void ShopGeneratorTest::writesTheSameBytesForTheSameSeed() {
    OK(generateShop(path("a.db"), 5'000, 42));
    OK(generateShop(path("b.db"), 5'000, 42));
    OK(generateShop(path("c.db"), 5'000, 43));
    QVERIFY(bytes("a.db").size() > 100'000);
    QVERIFY(bytes("a.db") == bytes("b.db"));
    QVERIFY(bytes("a.db") != bytes("c.db"));
}

void ShopGeneratorTest::makesExactlyTheRowsAskedFor_data() {
    QTest::addColumn<qlonglong>("rows");
    QTest::newRow("smallest") << 1'000LL;
    QTest::newRow("odd") << 12'347LL;
}

void ShopGeneratorTest::makesExactlyTheRowsAskedFor() {
    QFETCH(qlonglong, rows);
    OK(generateShop(path("shop.db"), rows, 1));
    const auto shop = Dataset::open(path("shop.db")).value();
    const auto count = [&](const char* table) { return shop->schema().table(table)->rowCount; };
    QCOMPARE(shop->schema().tables.size(), std::size_t(5));
    QCOMPARE(count("customers"), rows / 10);
    QCOMPARE(count("products"), rows / 20);
    QCOMPARE(count("orders"), rows / 4);
    QCOMPARE(count("order_items"), rows / 2);
    QCOMPARE(
        count("customers") + count("products") + count("orders") + count("order_items") + count("reviews"),
        rows);
}

void ShopGeneratorTest::tellsAStoryThatAddsUp() {
    OK(generateShop(path("shop.db"), 10'000, 7));
    const auto db = sqlite::Connection::open(path("shop.db"), sqlite::Mode::ReadOnly).value();
    const auto none = [&](const char* sql) {
        return db->scalar(std::string("SELECT count(*) FROM ") + sql).value();
    };
    QCOMPARE(none("pragma_foreign_key_check"), 0);
    QCOMPARE(none("orders o WHERE abs(total - (SELECT sum(quantity * unit_price) FROM order_items i WHERE "
                  "i.order_id = o.id)) > 0.005"),
             0);
    QCOMPARE(none("order_items i JOIN products p ON p.id = i.product_id WHERE i.unit_price <> p.price"), 0);
    QCOMPARE(none("orders WHERE shipped_at <= ordered_at OR (status = 'cancelled') <> (shipped_at IS NULL "
                  "AND status <> 'paid')"),
             0);
    QCOMPARE(none("orders o JOIN customers c ON c.id = o.customer_id WHERE o.ordered_at < c.created_at"), 0);
    QCOMPARE(none("reviews WHERE rating NOT BETWEEN 1 AND 5 OR length(body) < 10"), 0);
    QCOMPARE(none("products WHERE price <= 0 OR stock < 0"), 0);
    const auto shop = Dataset::open(path("shop.db")).value();
    QCOMPARE(shop->schema().table("order_items")->foreignKeys.size(), std::size_t(2));
}

void ShopGeneratorTest::sellsAFewThingsMostOften() {
    OK(generateShop(path("shop.db"), 20'000, 7));
    const auto db = sqlite::Connection::open(path("shop.db"), sqlite::Mode::ReadOnly).value();
    // 1000 products, 10 000 items: the best tenth of them sells about 60 % under 1 / (rank + 4).
    const auto top = db->scalar(
        "SELECT sum(n) FROM (SELECT count(*) AS n FROM order_items GROUP BY product_id ORDER BY n DESC "
        "LIMIT 100)");
    QVERIFY2(*top > 5'500 && *top < 6'800, std::to_string(*top).c_str());
}

void ShopGeneratorTest::refusesSizesOutOfBounds() {
    for (const std::int64_t rows :
         {std::int64_t{-1}, std::int64_t{0}, std::int64_t{999}, std::int64_t{40'000'001}}) {
        const auto done = generateShop(path("shop.db"), rows, 1);
        QVERIFY(!done);
        QCOMPARE(done.error().code, Error::InvalidArgument);
        QVERIFY(done.error().what.find(std::to_string(rows)) != std::string::npos);
    }
    QVERIFY(!std::filesystem::exists(path("shop.db")));
}

void ShopGeneratorTest::stopsWhenAskedTo() {
    std::stop_source stop;
    const auto done = generateShop(path("shop.db"), 50'000, 1, stop.get_token(), [&](Progress progress) {
        QCOMPARE(progress.total, 50'000);
        if (progress.done > 10'000)
            stop.request_stop();
    });
    QVERIFY(!done);
    QCOMPARE(done.error().code, Error::Cancelled);
    QVERIFY(QDir(m_dir->path()).isEmpty(QDir::Files | QDir::Hidden));
}

void ShopGeneratorTest::writesTimesAsIso8601() {
    QCOMPARE(shop::timeText(0), std::string("1970-01-01T00:00:00Z"));
    QCOMPARE(shop::timeText(1'709'648'591), std::string("2024-03-05T14:23:11Z"));
}

QTEST_GUILESS_MAIN(ShopGeneratorTest)
#include "shop_generator_test.moc"
