#include "core/base/error.h"

#include <QtTest>

#include <set>

using namespace hone;

namespace {

Result<int> parseRateOf(int rate) {
    if (rate <= 0)
        return fail(Error::InvalidArgument, "rate must be above 0, got {}", rate).hint("Try --rate {}.", 100);
    return rate;
}

Result<std::string> handOn(int rate) {
    auto parsed = parseRateOf(rate);
    if (!parsed)
        return fail(std::move(parsed.error()));
    return std::to_string(*parsed);
}

}  // namespace

class ErrorTest : public QObject {
    Q_OBJECT
private slots:
    void saysWhatHappenedAndWhatToTryOnOneLine();
    void addsNoSecondFullStop();
    void survivesBeingHandedOnToAnotherResult();
    void givesEveryCodeItsOwnName();
};

void ErrorTest::saysWhatHappenedAndWhatToTryOnOneLine() {
    const auto result = parseRateOf(-3);
    QVERIFY(!result);
    QCOMPARE(result.error().line(), std::string("rate must be above 0, got -3. Try --rate 100."));
    QCOMPARE(parseRateOf(5).value(), 5);
}

void ErrorTest::addsNoSecondFullStop() {
    QCOMPARE((Error{Error::Io, "disk full.", "Free some."}.line()), std::string("disk full. Free some."));
    QCOMPARE((Error{Error::Io, "disk full", ""}.line()), std::string("disk full"));
}

void ErrorTest::survivesBeingHandedOnToAnotherResult() {
    const auto result = handOn(0);
    QVERIFY(!result);
    QCOMPARE(result.error().code, Error::InvalidArgument);
    QCOMPARE(result.error().hint, std::string("Try --rate 100."));
}

void ErrorTest::givesEveryCodeItsOwnName() {
    std::set<std::string_view> names;
    for (int code = Error::InvalidArgument; code <= Error::Internal; ++code)
        names.insert(codeName(static_cast<Error::Code>(code)));
    QCOMPARE(names.size(), std::size_t(Error::Internal) + 1);
    QCOMPARE(codeName(Error::InvalidArgument), std::string_view("invalid_argument"));
}

QTEST_GUILESS_MAIN(ErrorTest)
#include "error_test.moc"
