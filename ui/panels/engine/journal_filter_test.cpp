#include "ui/panels/engine/journal_filter.h"

#include <QTest>

using namespace hone;
using namespace hone::ui::engine;

namespace {

engine::JournalEntry sample() {
    engine::JournalEntry entry;
    entry.method = "GET";
    entry.target = "/api/cities?limit=20";
    entry.endpoint = "cities";
    entry.status = 404;
    entry.duration = std::chrono::milliseconds(12);
    entry.steps = {{"cache", Nanos(100), "miss"}, {"sql", Nanos(500), ""}};
    entry.why = "no route: nearest is GET /api/cities";
    return entry;
}

}  // namespace

class JournalFilterTest : public QObject {
    Q_OBJECT
private slots:
    void aWordHoldsWhenItsPartDoes_data();
    void aWordHoldsWhenItsPartDoes();
    void whatDoesNotReadIsNamedAndLeftOut();
};

void JournalFilterTest::aWordHoldsWhenItsPartDoes_data() {
    QTest::addColumn<QString>("filter");
    QTest::addColumn<bool>("matches");
    const std::pair<const char*, bool> cases[] = {
        {"", true},
        {"cities", true},
        {"CITIES nearest", true},
        {"cities orders", false},
        {"-orders", true},
        {"status:404", true},
        {"status:4xx", true},
        {"status:5XX", false},
        {"-status:4xx", false},
        {"method:get", true},
        {"method:POST", false},
        {"toggle:cache", true},
        {"toggle:encoding", false},
        {"slower:10ms", true},
        {"slower:12ms", false},
        {"status:404 toggle:cache slower:1ms /api", true},
        {"http://cities", false},
    };
    for (const auto& [filter, matches] : cases)
        QTest::newRow(*filter ? filter : "nothing typed") << QString(filter) << matches;
}

void JournalFilterTest::aWordHoldsWhenItsPartDoes() {
    QFETCH(QString, filter);
    QTEST(JournalFilter::parse(filter).matches(sample()), "matches");
}

void JournalFilterTest::whatDoesNotReadIsNamedAndLeftOut() {
    const auto filter = JournalFilter::parse("status:abc slower:soon toggle: cities");
    QCOMPARE(filter.problems(), QStringList({"status:abc", "slower:soon", "toggle:"}));
    QVERIFY(filter.matches(sample()));
}

QTEST_GUILESS_MAIN(JournalFilterTest)
#include "journal_filter_test.moc"
