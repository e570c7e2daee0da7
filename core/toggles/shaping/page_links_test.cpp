#include "core/toggles/shaping/page_links.h"

#include <QtTest>

using namespace hone::toggles::shaping;
using By = PagePosition::By;

class PageLinksTest : public QObject {
    Q_OBJECT
private slots:
    void linksTheNeighboursOfAMiddlePage();
    void hasNoPrevOnTheFirstAndNoNextOnTheLastPage();
    void speaksInPagesWhenAsked();
    void leadsBothWaysWithCursors();
    void keepsOtherParametersAsWritten();
    void endsWhereWalkingEnds_data();
    void endsWhereWalkingEnds();
    void cannotBeBrokenOutOf();
};

void PageLinksTest::linksTheNeighboursOfAMiddlePage() {
    const auto link = linkField("/api/cities", "limit=20&offset=40",
                                {.limit = 20, .offset = 40, .hasMore = true, .total = 95});
    QCOMPARE(link, std::string("</api/cities?limit=20&offset=0>; rel=\"first\", "
                               "</api/cities?limit=20&offset=20>; rel=\"prev\", "
                               "</api/cities?limit=20&offset=60>; rel=\"next\", "
                               "</api/cities?limit=20&offset=80>; rel=\"last\""));
}

void PageLinksTest::hasNoPrevOnTheFirstAndNoNextOnTheLastPage() {
    const auto first = linkField("/api/t", "", {.limit = 5, .hasMore = true});
    QCOMPARE(first, std::string(
                        "</api/t?limit=5&offset=0>; rel=\"first\", </api/t?limit=5&offset=5>; rel=\"next\""));
    const auto last = linkField("/api/t", "", {.limit = 5, .offset = 3, .hasMore = false});
    QCOMPARE(last, std::string(
                       "</api/t?limit=5&offset=0>; rel=\"first\", </api/t?limit=5&offset=0>; rel=\"prev\""));
}

void PageLinksTest::speaksInPagesWhenAsked() {
    const auto link = linkField("/api/t", "page=2&perPage=10",
                                {.by = By::Page, .limit = 10, .offset = 10, .hasMore = true, .total = 25});
    QVERIFY(link.find("</api/t?limit=10&page=3>; rel=\"next\"") != std::string::npos);
    QVERIFY(link.find("</api/t?limit=10&page=3>; rel=\"last\"") != std::string::npos);
    QVERIFY(link.find("offset") == std::string::npos);
}

void PageLinksTest::leadsBothWaysWithCursors() {
    const auto link = linkField("/api/t", "cursor=old&sort=a",
                                {.by = By::Cursor,
                                 .limit = 10,
                                 .hasMore = true,
                                 .total = 25,
                                 .nextCursor = "NEXT",
                                 .prevCursor = "PREV",
                                 .lastCursor = "LAST"});
    QCOMPARE(link, std::string("</api/t?sort=a&limit=10&cursor=>; rel=\"first\", "
                               "</api/t?sort=a&limit=10&cursor=PREV>; rel=\"prev\", "
                               "</api/t?sort=a&limit=10&cursor=NEXT>; rel=\"next\", "
                               "</api/t?sort=a&limit=10&cursor=LAST>; rel=\"last\""));
    QCOMPARE(linkField("/api/t", "", {.by = By::Cursor, .limit = 10}),
             std::string("</api/t?limit=10&cursor=>; rel=\"first\""));
}

void PageLinksTest::keepsOtherParametersAsWritten() {
    const auto link = linkField("/api/t", "q=new%20york&%6Cimit=3&&name:contains=%26", {.limit = 3});
    QCOMPARE(link, std::string("</api/t?q=new%20york&name:contains=%26&limit=3&offset=0>; rel=\"first\""));
}

void PageLinksTest::endsWhereWalkingEnds_data() {
    QTest::addColumn<int>("offset");
    QTest::addColumn<int>("total");
    QTest::addColumn<int>("last");
    QTest::addRow("whole pages") << 0 << 30 << 20;
    QTest::addRow("a rest") << 10 << 31 << 30;
    QTest::addRow("shifted") << 13 << 33 << 23;
    QTest::addRow("shifted with a rest") << 13 << 34 << 33;
    QTest::addRow("nothing") << 0 << 0 << 0;
    QTest::addRow("beyond the end") << 50 << 30 << 20;
    QTest::addRow("one row") << 0 << 1 << 0;
}

void PageLinksTest::endsWhereWalkingEnds() {
    QFETCH(int, offset);
    QFETCH(int, total);
    QFETCH(int, last);
    const auto link = linkField("/t", "", {.limit = 10, .offset = offset, .total = total});
    const std::string wanted = "</t?limit=10&offset=" + std::to_string(last) + ">; rel=\"last\"";
    QVERIFY2(link.find(wanted) != std::string::npos, link.c_str());
}

void PageLinksTest::cannotBeBrokenOutOf() {
    const auto link = linkField("/api/t>; rel=\"next\"", "q=<x>\r\nSet-Cookie: a", {.limit = 1});
    QCOMPARE(std::count(link.begin(), link.end(), '<'), 1);
    QCOMPARE(std::count(link.begin(), link.end(), '>'), 1);
    QVERIFY(link.find('\r') == std::string::npos && link.find('\n') == std::string::npos);
}

QTEST_GUILESS_MAIN(PageLinksTest)
#include "page_links_test.moc"
