#include "core/http/ranges.h"

#include <QtTest>

using namespace hone::http;

namespace {

constexpr std::size_t kLength = 10'000;

/// "0-4,10-19", "whole" or "unsatisfiable".
QString textOf(const RangeChoice& choice) {
    if (choice.kind == RangeChoice::Whole)
        return "whole";
    if (choice.kind == RangeChoice::Unsatisfiable)
        return "unsatisfiable";
    QStringList parts;
    for (const auto& part : choice.parts)
        parts << QString("%1-%2").arg(part.first).arg(part.last);
    return parts.join(',');
}

Response tenThousand() {
    Response response;
    response.fields.add("Content-Type", "text/plain");
    response.fields.add("ETag", "\"t\"");
    response.fields.add("Cache-Control", "max-age=60");
    for (std::size_t i = 0; i < kLength; ++i)
        response.body += static_cast<char>('a' + i % 26);
    return response;
}

}  // namespace

class RangesTest : public QObject {
    Q_OBJECT
private slots:
    void rangesAreChosenFromTheField_data() {
        QTest::addColumn<QString>("field");
        QTest::addColumn<QString>("chosen");
        QTest::newRow("first bytes") << "bytes=0-499" << "0-499";
        QTest::newRow("unit in capitals") << "Bytes=0-0" << "0-0";
        QTest::newRow("open end") << "bytes=9500-" << "9500-9999";
        QTest::newRow("end beyond the content") << "bytes=9990-20000" << "9990-9999";
        QTest::newRow("suffix") << "bytes=-500" << "9500-9999";
        QTest::newRow("suffix longer than the content") << "bytes=-99999" << "0-9999";
        QTest::newRow("empty suffix") << "bytes=-0" << "unsatisfiable";
        QTest::newRow("from beyond the content") << "bytes=10000-" << "unsatisfiable";
        QTest::newRow("one of two beyond it") << "bytes=20000-20001, 5-9" << "5-9";
        QTest::newRow("a number no content reaches") << "bytes=5-99999999999999999999999" << "5-9999";
        QTest::newRow("two in the order asked for") << "bytes=5000-5099,0-99" << "5000-5099,0-99";
        QTest::newRow("overlapping ones become one") << "bytes=0-99,50-149" << "0-149";
        QTest::newRow("near ones become one") << "bytes=0-99,150-199" << "0-199";
        QTest::newRow("the same again and again") << "bytes=0-9,0-9,0-9" << "0-9";
        QTest::newRow("parts as dear as the whole") << "bytes=0-4900,5100-9999" << "whole";
        QTest::newRow("another unit") << "items=0-4" << "whole";
        QTest::newRow("no unit") << "0-4" << "whole";
        QTest::newRow("backwards") << "bytes=5-4" << "whole";
        QTest::newRow("no numbers") << "bytes=-" << "whole";
        QTest::newRow("no list") << "bytes=" << "whole";
        QTest::newRow("letters") << "bytes=a-b" << "whole";
        QTest::newRow("signs") << "bytes=+1-2" << "whole";
        QTest::newRow("one bad among good ones") << "bytes=0-1,x" << "whole";
        QString many = "bytes=0-0";
        for (std::size_t i = 1; i <= kMaxRanges; ++i)
            many += QString(",%1-%1").arg(i * 200);
        QTest::newRow("more than there may be") << many << "whole";
    }
    void rangesAreChosenFromTheField() {
        QFETCH(QString, field);
        QFETCH(QString, chosen);
        QCOMPARE(textOf(chooseRanges(field.toStdString(), kLength)), chosen);
    }

    void noContentHasNoRanges() { QCOMPARE(textOf(chooseRanges("bytes=0-", 0)), QString("whole")); }

    void onePartIsTheContentCut() {
        auto response = tenThousand();
        const std::string whole = response.body;
        cutToRanges(response, chooseRanges("bytes=26-51", kLength));
        QCOMPARE(response.status, 206);
        QCOMPARE(response.body, whole.substr(26, 26));
        QCOMPARE(response.fields.get("Content-Range"), std::string_view("bytes 26-51/10000"));
        QCOMPARE(response.fields.get("Content-Type"), std::string_view("text/plain"));
        QCOMPARE(response.fields.get("ETag"), std::string_view("\"t\""));
    }

    void severalPartsAreMultipart() {
        auto response = tenThousand();
        const std::string whole = response.body;
        cutToRanges(response, chooseRanges("bytes=0-9,-10", kLength));
        QCOMPARE(response.status, 206);
        QVERIFY(!response.fields.has("Content-Range"));
        const std::string type(*response.fields.get("Content-Type"));
        const std::string start = "multipart/byteranges; boundary=";
        QVERIFY(type.starts_with(start));
        const std::string line = "--" + type.substr(start.size());
        const std::string head = line + "\r\nContent-Type: text/plain\r\nContent-Range: bytes ";
        QCOMPARE(response.body, head + "0-9/10000\r\n\r\n" + whole.substr(0, 10) + "\r\n" + head +
                                    "9990-9999/10000\r\n\r\n" + whole.substr(9990) + "\r\n" + line +
                                    "--\r\n");
    }

    void sharedContentIsCutWithoutChangingIt() {
        auto made = tenThousand();
        const auto shared = prepare(200, made.fields, made.body);
        Response response;
        response.prepared = shared;
        response.fields.add("Age", "3");
        cutToRanges(response, chooseRanges("bytes=0-4", kLength));
        QCOMPARE(response.finalStatus(), 206);
        QCOMPARE(response.content(), std::string_view("abcde"));
        QCOMPARE(response.fields.get("Age"), std::string_view("3"));
        QCOMPARE(response.fields.get("ETag"), std::string_view("\"t\""));
        QCOMPARE(shared->body.size(), kLength);
    }

    void whatCannotBeSatisfiedSaysHowMuchThereIs() {
        auto response = tenThousand();
        cutToRanges(response, chooseRanges("bytes=10000-", kLength));
        QCOMPARE(response.status, 416);
        QCOMPARE(response.fields.get("Content-Range"), std::string_view("bytes */10000"));
        QCOMPARE(response.fields.get("Content-Type"), std::string_view("application/problem+json"));
        QCOMPARE(response.fields.get("Cache-Control"), std::string_view("no-store"));
    }
};

QTEST_GUILESS_MAIN(RangesTest)
#include "ranges_test.moc"
