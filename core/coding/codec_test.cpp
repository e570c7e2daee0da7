#include "core/coding/codec.h"

#include "core/base/random.h"

#include <QtTest>

using namespace hone;
using namespace hone::coding;

namespace {

std::string table(int rows) {
    std::string out = "[";
    for (int i = 0; i < rows; ++i)
        out += R"({"id":)" + std::to_string(i) + R"(,"name":"Ünïcode ✓","price":)" + std::to_string(i % 97) +
               "},";
    out.back() = ']';
    return out;
}

std::string noise(std::size_t bytes) {
    SplitMix64 random(42);
    std::string out(bytes, '\0');
    for (char& c : out)
        c = static_cast<char>(random.next());
    return out;
}

std::string encoded(Coding coding, const std::string& text) {
    Compressor compressor({});
    std::string out;
    return compressor.compress(coding, text, out) ? out : std::string();
}

void addCodings() {
    QTest::addColumn<int>("coding");
    QTest::addRow("gzip") << int(Coding::Gzip);
    QTest::addRow("br") << int(Coding::Brotli);
    QTest::addRow("zstd") << int(Coding::Zstd);
}

}  // namespace

class CodecTest : public QObject {
    Q_OBJECT
private slots:
    void decodesWhatItEncoded_data() { addCodings(); }
    void decodesWhatItEncoded();
    void shrinksTablesManyTimes_data() { addCodings(); }
    void shrinksTablesManyTimes();
    void leavesNoiseAlone_data() { addCodings(); }
    void leavesNoiseAlone();
    void stopsABombAtTheLimit_data() { addCodings(); }
    void stopsABombAtTheLimit();
    void refusesCutAndDamagedBytes_data() { addCodings(); }
    void refusesCutAndDamagedBytes();
    void decodesTwoMembersAsOneText();
    void undoesSeveralCodingsLastFirst();
    void leavesIdentityAsItIs();
    void namesKnownCodingsForAnUnknownOne();
    void reusesItsContextsForManyBodies();
};

void CodecTest::decodesWhatItEncoded() {
    QFETCH(int, coding);
    for (const int rows : {3, 40, 5000}) {
        const std::string text = table(rows);
        const std::string bytes = encoded(Coding(coding), text);
        QVERIFY(!bytes.empty());
        const auto back = decodeContent(codingName(Coding(coding)), bytes);
        QVERIFY2(back, back ? "" : back.error().what.c_str());
        QCOMPARE(*back, text);
    }
}

void CodecTest::shrinksTablesManyTimes() {
    QFETCH(int, coding);
    const std::string text = table(5000);
    QVERIFY(encoded(Coding(coding), text).size() * 5 < text.size());
}

void CodecTest::leavesNoiseAlone() {
    QFETCH(int, coding);
    Compressor compressor({});
    std::string out;
    QVERIFY(!compressor.compress(Coding(coding), noise(4096), out));
    QVERIFY(!compressor.compress(Coding(coding), "", out));
    QVERIFY(!compressor.compress(Coding::Identity, table(100), out));
}

void CodecTest::stopsABombAtTheLimit() {
    QFETCH(int, coding);
    const std::string zeros(4 * 1024 * 1024, '0');
    const std::string bomb = encoded(Coding(coding), zeros);
    QVERIFY(bomb.size() < 40'000);
    const auto refused = decodeContent(codingName(Coding(coding)), bomb, 1024 * 1024);
    QVERIFY(!refused);
    QCOMPARE(refused.error().code, Error::ResourceExhausted);
    const auto exact = decodeContent(codingName(Coding(coding)), bomb, zeros.size());
    QVERIFY(exact);
    QCOMPARE(exact->size(), zeros.size());
}

void CodecTest::refusesCutAndDamagedBytes() {
    QFETCH(int, coding);
    const auto name = codingName(Coding(coding));
    const std::string bytes = encoded(Coding(coding), table(500));
    for (const std::size_t keep : {std::size_t(0), std::size_t(1), bytes.size() / 2, bytes.size() - 1}) {
        const auto cut = decodeContent(name, std::string_view(bytes).substr(0, keep));
        QVERIFY2(!cut, qPrintable(QString("%1 of %2 bytes").arg(keep).arg(bytes.size())));
        QCOMPARE(cut.error().code, Error::Malformed);
    }
    QVERIFY(!decodeContent(name, noise(200)));
    QVERIFY(!decodeContent(name, bytes + "trailing garbage"));
}

void CodecTest::decodesTwoMembersAsOneText() {
    for (const Coding coding : {Coding::Gzip, Coding::Zstd}) {
        const auto back =
            decodeContent(codingName(coding), encoded(coding, table(100)) + encoded(coding, table(7)));
        QVERIFY(back);
        QCOMPARE(*back, table(100) + table(7));
    }
}

void CodecTest::undoesSeveralCodingsLastFirst() {
    const std::string text(100'000, 'a');
    const std::string inner = encoded(Coding::Gzip, text);
    const std::string outer = encoded(Coding::Zstd, inner);
    QVERIFY(!outer.empty());
    const auto back = decodeContent("gzip, zstd", outer);
    QVERIFY(back);
    QCOMPARE(*back, text);
    QVERIFY(!decodeContent("zstd, gzip", outer));
}

void CodecTest::leavesIdentityAsItIs() {
    QCOMPARE(*decodeContent("", "plain"), std::string("plain"));
    QCOMPARE(*decodeContent("identity", "plain"), std::string("plain"));
    QVERIFY(!decodeContent("", "plain", 4));
}

void CodecTest::namesKnownCodingsForAnUnknownOne() {
    const auto refused = decodeContent("compress", "x");
    QVERIFY(!refused);
    QCOMPARE(refused.error().code, Error::Unsupported);
    QVERIFY(refused.error().what.find("compress") != std::string::npos);
    QVERIFY(refused.error().hint.find("gzip, br, zstd") != std::string::npos);
    QVERIFY(!decodeContent("gzip,gzip,gzip,gzip,gzip", "x"));
}

void CodecTest::reusesItsContextsForManyBodies() {
    Compressor compressor({.gzip = 1, .brotli = 0, .zstd = 1});
    std::string out;
    for (int i = 10; i < 60; ++i)
        for (const Coding coding : {Coding::Gzip, Coding::Brotli, Coding::Zstd}) {
            QVERIFY(compressor.compress(coding, table(i), out));
            QCOMPARE(*decodeContent(codingName(coding), out), table(i));
        }
}

QTEST_GUILESS_MAIN(CodecTest)
#include "codec_test.moc"
