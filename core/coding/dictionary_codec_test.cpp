#include "core/coding/dictionary_codec.h"
#include "core/coding/dictionary_training.h"

#include <QCryptographicHash>
#include <QProcess>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QtTest>

#include <fstream>

using namespace hone;
using namespace hone::coding;

namespace {

std::string record(int i) {
    return R"({"id":)" + std::to_string(i) + R"(,"customer":"Customer )" + std::to_string(i * 7919 % 1000) +
           R"(","country":"Norway","status":")" + (i % 3 == 0 ? "shipped" : "waiting for payment") +
           R"(","total":)" + std::to_string(i * 31 % 500) + ".25}";
}

std::string page(int from, int count) {
    std::string out = "[";
    for (int i = 0; i < count; ++i)
        out += (i > 0 ? "," : "") + record(from + i);
    return out + "]";
}

Dictionary dictionaryOf(std::string bytes) {
    Dictionary made{.hash = {}, .bytes = std::move(bytes)};
    const auto hash = QCryptographicHash::hash(
        QByteArray::fromRawData(made.bytes.data(), qsizetype(made.bytes.size())), QCryptographicHash::Sha256);
    std::copy(hash.begin(), hash.end(), made.hash.begin());
    return made;
}

std::string trained(std::size_t size = 4096, bool thorough = false) {
    std::vector<std::string> samples;
    for (int i = 0; i < 400; ++i)
        samples.push_back(record(i));
    const auto made = trainDictionary(samples, {.size = size, .thorough = thorough});
    return made ? *made : std::string();
}

FindDictionary only(const Dictionary& dictionary) {
    return [&dictionary](const DictionaryHash& hash) {
        return hash == dictionary.hash ? std::optional<std::string_view>(dictionary.bytes) : std::nullopt;
    };
}

std::string codedOnce(const Dictionary& dictionary, const std::string& body, int level = 3) {
    std::string out;
    return DictionaryCompressor(level).compressOnce(dictionary, body, out) ? out : std::string();
}

}  // namespace

class DictionaryCodecTest : public QObject {
    Q_OBJECT
private slots:
    void trainsTheSameRawBytesFromTheSameSamples();
    void refusesToTrainFromTooLittle();
    void comesBackTheSameAtEveryLevel();
    void beatsPlainZstdOnSmallAnswers();
    void sendsOnlyWhatChangedSinceTheAnswerBefore();
    void reachesBackOverALongDictionary();
    void keepsWhatWouldNotShrink();
    void refusesZstdsOwnDictionaryFormat();
    void saysWhatIsWrongWithDamagedContent();
    void stopsAtTheLimit();
    void isReadByTheZstdProgram();
};

void DictionaryCodecTest::trainsTheSameRawBytesFromTheSameSamples() {
    for (const bool thorough : {false, true}) {
        const auto one = trained(4096, thorough);
        QVERIFY(one.size() > 256 && one.size() <= 4096);
        QVERIFY(isRawDictionary(one));
        QVERIFY(one.find("waiting for payment") != one.npos);
        QCOMPARE(trained(4096, thorough), one);
    }
}

void DictionaryCodecTest::refusesToTrainFromTooLittle() {
    const std::vector<std::string> few(7, record(1));
    const auto made = trainDictionary(few, {});
    QVERIFY(!made);
    QCOMPARE(made.error().code, Error::InvalidArgument);
    QVERIFY(!trainDictionary(std::vector<std::string>(20, "a"), {}));
}

void DictionaryCodecTest::comesBackTheSameAtEveryLevel() {
    const auto dictionary = dictionaryOf(trained());
    for (const int level : {1, 3, 9, 19}) {
        const auto prepared = PreparedDictionary::create(dictionary, level);
        QVERIFY(prepared);
        DictionaryCompressor compressor(level);
        for (const auto& body : {record(900), page(500, 40), page(0, 3000)}) {
            std::string out;
            QVERIFY(compressor.compress(**prepared, body, out));
            QCOMPARE(decodeDcz(out, only(dictionary)).value(), body);
            QVERIFY(compressor.compressOnce(dictionary, body, out));
            QCOMPARE(decodeDcz(out, only(dictionary)).value(), body);
            QVERIFY(dictionaryHashOf(out) == dictionary.hash);
        }
    }
}

void DictionaryCodecTest::beatsPlainZstdOnSmallAnswers() {
    const auto dictionary = dictionaryOf(trained());
    const auto prepared = PreparedDictionary::create(dictionary, 3);
    const auto body = page(5000, 5);
    std::string with, without;
    QVERIFY(DictionaryCompressor(3).compress(**prepared, body, with));
    QVERIFY(Compressor({}).compress(Coding::Zstd, body, without));
    QVERIFY2(with.size() * 10 < without.size() * 9,
             qPrintable(QString("%1 against %2").arg(with.size()).arg(without.size())));
}

void DictionaryCodecTest::sendsOnlyWhatChangedSinceTheAnswerBefore() {
    const auto before = page(0, 500);
    auto now = before;
    now.insert(1, record(9999) + ",");
    const auto coded = codedOnce(dictionaryOf(before), now);
    QVERIFY(!coded.empty());
    QVERIFY2(coded.size() < 400, qPrintable(QString::number(coded.size())));
    QCOMPARE(decodeDcz(coded, only(dictionaryOf(before))).value(), now);
}

void DictionaryCodecTest::reachesBackOverALongDictionary() {
    std::string noise(3'000'000, '\0');
    std::uint64_t state = 88172645463325252ULL;
    for (char& c : noise) {
        state ^= state << 13, state ^= state >> 7, state ^= state << 17;
        c = static_cast<char>(state);
    }
    const auto dictionary = dictionaryOf(noise);
    const auto coded = codedOnce(dictionary, noise, 9);
    QVERIFY2(!coded.empty() && coded.size() < noise.size() / 10, qPrintable(QString::number(coded.size())));
    QCOMPARE(decodeDcz(coded, only(dictionary)).value(), noise);
}

void DictionaryCodecTest::keepsWhatWouldNotShrink() {
    const auto dictionary = dictionaryOf(trained());
    QCOMPARE(codedOnce(dictionary, "tiny"), std::string());
    QCOMPARE(codedOnce(dictionary, ""), std::string());
}

void DictionaryCodecTest::refusesZstdsOwnDictionaryFormat() {
    const auto dictionary = dictionaryOf(std::string("\x37\xa4\x30\xec", 4) + page(0, 50));
    const auto made = PreparedDictionary::create(dictionary, 3);
    QVERIFY(!made);
    QCOMPARE(made.error().code, Error::InvalidArgument);
    QCOMPARE(codedOnce(dictionary, page(0, 50)), std::string());
}

void DictionaryCodecTest::saysWhatIsWrongWithDamagedContent() {
    const auto dictionary = dictionaryOf(trained());
    const auto body = page(0, 300);
    const auto coded = codedOnce(dictionary, body);
    QCOMPARE(decodeDcz(page(0, 9), only(dictionary)).error().code, Error::Malformed);
    QCOMPARE(decodeDcz("", only(dictionary)).error().code, Error::Malformed);
    const auto other = dictionaryOf("another");
    QCOMPARE(decodeDcz(coded, only(other)).error().code, Error::NotFound);
    for (const std::size_t cut : {40U, 41U, 60U, unsigned(coded.size() - 1)})
        QCOMPARE(decodeDcz(std::string_view(coded).substr(0, cut), only(dictionary)).error().code,
                 Error::Malformed);
    for (std::size_t at = 40; at < coded.size(); at += 7) {  // wrong or refused, never a crash
        auto bad = coded;
        bad[at] = static_cast<char>(bad[at] ^ 0x55);
        const auto text = decodeDcz(bad, only(dictionary), body.size() * 2);
        QVERIFY(!text || text->size() <= body.size() * 2);
    }
}

void DictionaryCodecTest::stopsAtTheLimit() {
    const auto dictionary = dictionaryOf(trained());
    const auto coded = codedOnce(dictionary, page(0, 300));
    QCOMPARE(decodeDcz(coded, only(dictionary), 1000).error().code, Error::ResourceExhausted);
}

void DictionaryCodecTest::isReadByTheZstdProgram() {
    const auto zstd = QStandardPaths::findExecutable("zstd");
    if (zstd.isEmpty()) {
        QVERIFY2(qEnvironmentVariableIsEmpty("CI"), "the zstd program is missing");
        QSKIP("the zstd program is missing (Debian package zstd)");
    }
    const QTemporaryDir folder;
    const auto path = [&](const char* name) { return folder.filePath(name).toStdString(); };
    const auto dictionary = dictionaryOf(trained());
    const auto body = page(100, 50);
    std::ofstream(path("d")) << dictionary.bytes;
    std::ofstream(path("body.dcz")) << codedOnce(dictionary, body);
    QProcess process;
    process.start(zstd, {"-d", "-c", "-D", folder.filePath("d"), folder.filePath("body.dcz")});
    QVERIFY(process.waitForFinished(30'000));
    QCOMPARE(process.readAllStandardOutput().toStdString(), body);
    QCOMPARE(process.exitCode(), 0);
}

QTEST_GUILESS_MAIN(DictionaryCodecTest)
#include "dictionary_codec_test.moc"
