#include "core/coding/stream_coder.h"

#include <QtTest>

using namespace hone;
using namespace hone::coding;
using Until = StreamCoder::Until;

namespace {

std::string line(int i) { return R"({"id":)" + std::to_string(i) + R"(,"name":"somebody"})" + "\n"; }

void addCodings() {
    QTest::addColumn<int>("coding");
    QTest::newRow("gzip") << int(Coding::Gzip);
    QTest::newRow("br") << int(Coding::Brotli);
    QTest::newRow("zstd") << int(Coding::Zstd);
}

}  // namespace

class StreamCoderTest : public QObject {
    Q_OBJECT
private slots:
    void manyPiecesAreOneContent_data() { addCodings(); }
    void manyPiecesAreOneContent();
    void flushedPartsAreSmallerThanWhatCameIn_data() { addCodings(); }
    void flushedPartsAreSmallerThanWhatCameIn();
    void nothingAtAllIsStillAContent_data() { addCodings(); }
    void nothingAtAllIsStillAContent();
    void identityHasNoCoder();
};

void StreamCoderTest::manyPiecesAreOneContent() {
    QFETCH(int, coding);
    const auto coder = StreamCoder::create(Coding(coding), {});
    std::string whole, coded;
    for (int i = 0; i < 20'000; ++i) {
        whole += line(i);
        QVERIFY(coder->write(line(i), i % 1000 == 0 ? Until::Flush : Until::More, coded));
    }
    QVERIFY(coder->write("", Until::End, coded));
    QVERIFY(coded.size() * 3 < whole.size());
    const auto back = decodeContent(codingName(Coding(coding)), coded);
    QVERIFY2(back, back ? "" : back.error().what.c_str());
    QVERIFY(*back == whole);
}

void StreamCoderTest::flushedPartsAreSmallerThanWhatCameIn() {
    QFETCH(int, coding);
    const auto coder = StreamCoder::create(Coding(coding), {});
    std::string coded;
    QVERIFY(coder->write(std::string(100'000, 'a'), Until::Flush, coded));
    QVERIFY(!coded.empty());
    const std::size_t first = coded.size();
    QVERIFY(first < 1000);
    QVERIFY(coder->write("b", Until::Flush, coded));
    QVERIFY(coded.size() > first);  // it did not stay inside
}

void StreamCoderTest::nothingAtAllIsStillAContent() {
    QFETCH(int, coding);
    std::string coded;
    QVERIFY(StreamCoder::create(Coding(coding), {})->write("", Until::End, coded));
    const auto back = decodeContent(codingName(Coding(coding)), coded);
    QVERIFY2(back, back ? "" : back.error().what.c_str());
    QVERIFY(back->empty());
}

void StreamCoderTest::identityHasNoCoder() { QVERIFY(!StreamCoder::create(Coding::Identity, {})); }

QTEST_GUILESS_MAIN(StreamCoderTest)
#include "stream_coder_test.moc"
