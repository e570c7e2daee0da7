#include "core/data/relations.h"

#include <QtTest>

using namespace hone::data;

class RelationsTest : public QObject {
    Q_OBJECT
private slots:
    void leadsBothWaysAlongAForeignKey();
    void keepsNamesApart();
};

void RelationsTest::leadsBothWaysAlongAForeignKey() {
    const Schema schema{{{.name = "customers", .columns = {{"id"}}, .key = "id"},
                         {.name = "orders",
                          .columns = {{"id"}, {"customer_id"}},
                          .key = "id",
                          .foreignKeys = {{"customer_id", "customers", "id"}}}}};
    const auto up = relationsOf(schema, schema.tables[1]);
    QCOMPARE(up.size(), std::size_t(1));
    QCOMPARE(up[0].name, std::string("customer"));
    QVERIFY(!up[0].many);
    QVERIFY((up[0].hop == Hop{"customer_id", "customers", "id"}));
    const auto down = relationsOf(schema, schema.tables[0]);
    QCOMPARE(down.size(), std::size_t(1));
    QCOMPARE(down[0].name, std::string("orders"));
    QVERIFY(down[0].many);
    QVERIFY((down[0].hop == Hop{"id", "orders", "customer_id"}));
}

void RelationsTest::keepsNamesApart() {
    // A column with the relation's name, two keys to one table, and a key to the own table.
    const Schema schema{
        {{.name = "team", .columns = {{"id"}, {"matches"}}, .key = "id"},
         {.name = "matches",
          .columns = {{"id"}, {"home"}, {"guest"}, {"parent_id"}},
          .key = "id",
          .foreignKeys = {{"home", "team", "id"}, {"guest", "team", "id"}, {"parent_id", "matches", "id"}}}}};
    const auto names = [&](std::size_t table) {
        std::vector<std::string> out;
        for (const Relation& relation : relationsOf(schema, schema.tables[table]))
            out.push_back(relation.name);
        return out;
    };
    QCOMPARE(names(0), (std::vector<std::string>{"matches_by_home", "matches_by_guest"}));
    QCOMPARE(names(1), (std::vector<std::string>{"team", "team_by_guest", "parent", "matches"}));
}

QTEST_GUILESS_MAIN(RelationsTest)
#include "relations_test.moc"
