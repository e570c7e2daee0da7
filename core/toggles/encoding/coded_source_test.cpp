#include "core/toggles/encoding/coded_source.h"

#include <QtTest>

#include <deque>

using namespace hone;
using namespace hone::toggles::encoding;
using coding::Coding;
using State = http::BodySource::State;

namespace {

/// Says what a test wrote down, piece by piece.
class Script final : public http::BodySource {
public:
    struct Piece {
        std::string bytes;
        State state = State::More;
    };
    explicit Script(std::deque<Piece> pieces) : pieces(std::move(pieces)) {}
    State read(std::string& out, std::size_t) override {
        const Piece piece = pieces.empty() ? Piece{"", State::Later} : pieces.front();
        if (!pieces.empty())
            pieces.pop_front();
        out += piece.bytes;
        return piece.state;
    }
    std::deque<Piece> pieces;
};

struct Rig {
    explicit Rig(std::deque<Script::Piece> pieces, Coding coding = Coding::Gzip)
        : inner(std::make_shared<Script>(std::move(pieces))),
          source(std::make_unique<CodedSource>(inner, coding::StreamCoder::create(coding, {}),
                                               [this](std::uint64_t in, std::uint64_t out) {
                                                   bytesIn = in;
                                                   bytesOut = out;
                                               })) {}
    /// Reads until something else than More is said.
    State drain() {
        State state = State::More;
        while (state == State::More)
            state = source->read(got, 16 * 1024);
        return state;
    }
    std::uint64_t bytesIn = 0, bytesOut = 0;
    std::string got;
    std::shared_ptr<Script> inner;
    std::unique_ptr<CodedSource> source;
};

}  // namespace

class CodedSourceTest : public QObject {
    Q_OBJECT
private slots:
    void codesWhatPasses_data();
    void codesWhatPasses();
    void pushesOutWhatItHasBeforeItWaits();
    void passesFailuresOn();
    void asksAgainWhileTheEncoderKeepsEverything();
    void countsBytesOnceItIsOver();
    void tellsTheConnectionWhenThereIsMore();
};

void CodedSourceTest::codesWhatPasses_data() {
    QTest::addColumn<int>("coding");
    QTest::newRow("gzip") << int(Coding::Gzip);
    QTest::newRow("br") << int(Coding::Brotli);
    QTest::newRow("zstd") << int(Coding::Zstd);
}

void CodedSourceTest::codesWhatPasses() {
    QFETCH(int, coding);
    const std::string part(10'000, 'a');
    Rig rig({{part}, {part}, {"", State::Later}, {part}, {"end", State::End}}, Coding(coding));
    QCOMPARE(rig.drain(), State::End);  // a pause that pushed something out is no pause for who reads
    const auto text = coding::decodeContent(coding::codingName(Coding(coding)), rig.got);
    QVERIFY2(text, text ? "" : text.error().what.c_str());
    QVERIFY(*text == part + part + part + "end");
    QVERIFY(rig.got.size() < 1000);
}

void CodedSourceTest::pushesOutWhatItHasBeforeItWaits() {
    const Script::Piece pause{"", State::Later};
    Rig rig({{"data: one\n\n"}, pause, pause, pause, {"data: two\n\n", State::Later}});
    QCOMPARE(rig.drain(), State::Later);
    const std::size_t first = rig.got.size();
    QVERIFY(first > 10);
    QCOMPARE(rig.source->read(rig.got, 1024), State::Later);
    QCOMPARE(rig.got.size(), first);  // nothing new, so nothing is flushed again
    QCOMPARE(rig.source->read(rig.got, 1024), State::More);
    QVERIFY(rig.got.size() > first);
}

void CodedSourceTest::passesFailuresOn() {
    Rig rig({{"some"}, {"", State::Failed}});
    QCOMPARE(rig.drain(), State::Failed);
}

void CodedSourceTest::asksAgainWhileTheEncoderKeepsEverything() {
    std::deque<Script::Piece> pieces(200, {"tiny", State::More});
    pieces.push_back({"", State::End});
    Rig rig(pieces, Coding::Zstd);
    QCOMPARE(rig.source->read(rig.got, 1024), State::End);
    QCOMPARE(coding::decodeContent("zstd", rig.got)->size(), std::size_t(800));
}

void CodedSourceTest::countsBytesOnceItIsOver() {
    Rig rig({{std::string(5000, 'x')}, {"", State::End}});
    (void)rig.drain();
    QCOMPARE(rig.bytesIn, std::uint64_t(0));
    rig.source.reset();
    QCOMPARE(rig.bytesIn, std::uint64_t(5000));
    QCOMPARE(rig.bytesOut, std::uint64_t(rig.got.size()));
}

void CodedSourceTest::tellsTheConnectionWhenThereIsMore() {
    Rig rig({{"", State::Later}});
    int called = 0;
    rig.source->onReady = [&called] { ++called; };
    QCOMPARE(rig.drain(), State::Later);
    rig.inner->onReady();
    QCOMPARE(called, 1);
    rig.source.reset();
    QVERIFY(!rig.inner->onReady);  // it may outlive us
}

QTEST_GUILESS_MAIN(CodedSourceTest)
#include "coded_source_test.moc"
