#include "core/params/param.h"

#include <QtTest>

using namespace hone;

namespace {

const Choice kAlgorithms[] = {{"gzip", "gzip"}, {"br", "Brotli"}, {"zstd", "Zstandard"}};

const Param kBurst{.id = "burst", .label = "Burst", .help = "", .initial = 20, .min = 1, .max = 1'000'000};
const Param kAnyInteger{.id = "seed", .label = "Seed", .help = "", .initial = 0};
const Param kRatio{.id = "ratio", .label = "Ratio", .help = "", .initial = 0.5, .min = 0, .max = 1};
const Param kAnyReal{.id = "offset", .label = "Offset", .help = "", .initial = 0.0};
const Param kRate{.id = "rate",
                  .label = "Rate",
                  .help = "",
                  .unit = Unit::PerSecond,
                  .initial = 100,
                  .min = 1,
                  .max = 1'000'000};
const Param kRealRate{
    .id = "pace", .label = "Pace", .help = "", .unit = Unit::PerSecond, .initial = 1.0, .min = 0};
const Param kLifetime{.id = "ttl",
                      .label = "Lifetime",
                      .help = "",
                      .unit = Unit::Milliseconds,
                      .initial = 250,
                      .min = 0,
                      .max = 60'000};
const Param kRealMs{
    .id = "delay", .label = "Delay", .help = "", .unit = Unit::Milliseconds, .initial = 1.5, .min = 0};
const Param kWindow{.id = "window",
                    .label = "Window",
                    .help = "",
                    .unit = Unit::Seconds,
                    .initial = 10,
                    .min = 1,
                    .max = 3600};
const Param kSize{
    .id = "size", .label = "Size", .help = "", .unit = Unit::Bytes, .initial = 65'536, .min = 0};
const Param kKeys{.id = "keys", .label = "Keys", .help = "", .unit = Unit::Count, .initial = 1000, .min = 1};
const Param kShare{.id = "share",
                   .label = "Share",
                   .help = "",
                   .unit = Unit::Percent,
                   .initial = 50.0,
                   .min = 0,
                   .max = 100};
const Param kFlag{.id = "vary", .label = "Vary", .help = "", .initial = true};
const Param kAlgorithm{
    .id = "algorithm", .label = "Algorithm", .help = "", .initial = "gzip", .choices = kAlgorithms};
const Param kHeader{.id = "header", .label = "Header", .help = "", .initial = "X-Key"};

const Param* const kAll[] = {&kBurst,    &kAnyInteger, &kRatio,  &kAnyReal,   &kRate,
                             &kRealRate, &kLifetime,   &kRealMs, &kWindow,    &kSize,
                             &kKeys,     &kShare,      &kFlag,   &kAlgorithm, &kHeader};

void reads(const Param& param, std::string_view text, const ParamValue& expected) {
    const auto value = parseValue(param, text);
    QVERIFY2(value, value ? "" : value.error().line().c_str());
    QVERIFY2(*value == expected, valueText(param, *value).c_str());
}

/// The error names the parameter, its range and the text, and shows something to write.
void refuses(const Param& param, std::string_view text) {
    const auto value = parseValue(param, text);
    QVERIFY2(!value, std::string(text).c_str());
    const Error& error = value.error();
    QCOMPARE(error.code, Error::InvalidArgument);
    for (const std::string& part : {std::string(param.id), describeRange(param), std::string(text)})
        QVERIFY2(error.what.contains(part), error.line().c_str());
    QVERIFY(!error.hint.empty());
}

}  // namespace

class ParamTest : public QObject {
    Q_OBJECT
private slots:
    void describesTheRangeOfEveryKind();
    void readsIntegersExactly();
    void readsRealsAndIntegersForReals();
    void readsABareNumberInTheUnitOfTheParameter();
    void readsAnyUnitOfTheSameKind();
    void readsFlagsInTheUsualWords();
    void readsChoicesAndText();
    void refusesValuesOutsideTheBounds();
    void refusesWhatDoesNotParse();
    void refusesFractionsOfAnIntegerParameter();
    void refusesInfinityAndNotANumber();
    void refusesAnotherType();
    void acceptsAnIntegerWhereARealIsExpected();
    void writesValuesWithTheirUnit();
    void readsBackEveryTextItWrites();
    void describesAnInitialValueOutsideItsOwnBounds();
};

void ParamTest::describesTheRangeOfEveryKind() {
    const std::pair<const Param*, const char*> cases[] = {
        {&kRate, "integer 1 … 1\u202F000\u202F000 (requests/s)"},
        {&kBurst, "integer 1 … 1\u202F000\u202F000"},
        {&kAnyInteger, "integer"},
        {&kRatio, "number 0 … 1"},
        {&kSize, "integer ≥ 0 (bytes)"},
        {&kShare, "number 0 … 100 (%)"},
        {&kFlag, "true or false"},
        {&kAlgorithm, "one of gzip, br, zstd"},
        {&kHeader, "text"},
    };
    for (const auto& [param, text] : cases)
        QCOMPARE(QString::fromStdString(describeRange(*param)), QString(text));
    QCOMPARE(describeRange({.id = "x", .label = "", .help = "", .initial = 0, .max = 5}),
             std::string("integer ≤ 5"));
    QCOMPARE(describeRange({.id = "x", .label = "", .help = "", .initial = 0.0, .min = -2, .max = 0.25}),
             std::string("number \u22122 … 0.25"));
}

void ParamTest::readsIntegersExactly() {
    reads(kBurst, "1", std::int64_t{1});
    reads(kBurst, "1000000", std::int64_t{1'000'000});
    reads(kAnyInteger, "-5", std::int64_t{-5});
    reads(kAnyInteger, "9007199254740993", std::int64_t{9'007'199'254'740'993});  // 2^53 + 1
    reads(kSize, "9007199254740993B", std::int64_t{9'007'199'254'740'993});
}

void ParamTest::readsRealsAndIntegersForReals() {
    reads(kRatio, "0.25", 0.25);
    reads(kRatio, "1", 1.0);
    reads(kAnyReal, "-1e-3", -0.001);
}

void ParamTest::readsABareNumberInTheUnitOfTheParameter() {
    reads(kLifetime, "250", std::int64_t{250});
    reads(kWindow, "30", std::int64_t{30});
    reads(kRate, "500", std::int64_t{500});
    reads(kSize, "4096", std::int64_t{4096});
    reads(kShare, "12.5", 12.5);
}

void ParamTest::readsAnyUnitOfTheSameKind() {
    reads(kLifetime, "2s", std::int64_t{2000});
    reads(kLifetime, "1m", std::int64_t{60'000});
    reads(kRealMs, "250us", 0.25);
    reads(kWindow, "2m", std::int64_t{120});
    reads(kRate, "600/m", std::int64_t{10});
    reads(kRate, "10k/s", std::int64_t{10'000});
    reads(kRealRate, "30/m", 0.5);
    reads(kSize, "1.5MiB", std::int64_t{1'572'864});
    reads(kKeys, "10k", std::int64_t{10'000});
    reads(kShare, "12.5%", 12.5);
    reads(kShare, "12.5 %", 12.5);
}

void ParamTest::readsFlagsInTheUsualWords() {
    for (const char* yes : {"true", "on", "yes", "1"})
        reads(kFlag, yes, true);
    for (const char* no : {"false", "off", "no", "0"})
        reads(kFlag, no, false);
    refuses(kFlag, "maybe");
}

void ParamTest::readsChoicesAndText() {
    reads(kAlgorithm, "zstd", "zstd");
    reads(kHeader, "Authorization", "Authorization");
    reads(kHeader, "", "");
    refuses(kAlgorithm, "lz4");
    refuses(kAlgorithm, "");
}

void ParamTest::refusesValuesOutsideTheBounds() {
    for (const char* text : {"0", "-1", "1000001", "9223372036854775808", "99999999999999999999999"})
        refuses(kBurst, text);
    refuses(kRatio, "1.0001");
    refuses(kRatio, "-0.1");
    refuses(kLifetime, "2m");
    refuses(kShare, "101%");
}

void ParamTest::refusesWhatDoesNotParse() {
    for (const Param* param : {&kBurst, &kRatio, &kRate, &kLifetime, &kWindow, &kSize, &kKeys, &kShare})
        for (const char* text : {"", " ", "many", "12x", "0x10", "1,5", "--1", "+1"})
            refuses(*param, text);
    refuses(kLifetime, "64KiB");
    refuses(kSize, "250ms");
    refuses(kLifetime, "-5ms");
}

void ParamTest::refusesFractionsOfAnIntegerParameter() {
    for (const Param* param : {&kBurst, &kRate, &kLifetime, &kWindow, &kSize, &kKeys})
        refuses(*param, "1.5");
    refuses(kLifetime, "1500us");
    refuses(kRate, "30/m");
}

void ParamTest::refusesInfinityAndNotANumber() {
    for (const Param* param : {&kBurst, &kRatio, &kAnyReal, &kRealRate, &kRealMs, &kShare})
        for (const char* text : {"nan", "inf", "-inf", "1e999"})
            refuses(*param, text);
}

void ParamTest::refusesAnotherType() {
    QVERIFY(!checkValue(kBurst, 1.0));
    QVERIFY(!checkValue(kBurst, "1"));
    QVERIFY(!checkValue(kBurst, true));
    QVERIFY(!checkValue(kFlag, std::int64_t{1}));
    QVERIFY(!checkValue(kHeader, std::int64_t{1}));
}

void ParamTest::acceptsAnIntegerWhereARealIsExpected() {
    const auto value = checkValue(kRatio, std::int64_t{1});
    QVERIFY(value);
    QVERIFY(*value == ParamValue(1.0));
    QVERIFY(!checkValue(kRatio, std::int64_t{2}));
}

void ParamTest::writesValuesWithTheirUnit() {
    QCOMPARE(valueText(kSize, std::int64_t{65'536}), std::string("64KiB"));
    QCOMPARE(valueText(kLifetime, std::int64_t{250}), std::string("250ms"));
    QCOMPARE(valueText(kLifetime, std::int64_t{2000}), std::string("2s"));
    QCOMPARE(valueText(kWindow, std::int64_t{90}), std::string("90s"));
    QCOMPARE(valueText(kRealMs, 1.5), std::string("1.5ms"));
    QCOMPARE(valueText(kRate, std::int64_t{500}), std::string("500/s"));
    QCOMPARE(valueText(kShare, 12.5), std::string("12.5%"));
    QCOMPARE(valueText(kKeys, std::int64_t{150'000}), std::string("150000"));
    QCOMPARE(valueText(kRatio, 0.5), std::string("0.5"));
    QCOMPARE(valueText(kFlag, true), std::string("true"));
    QCOMPARE(valueText(kAlgorithm, "br"), std::string("br"));
}

void ParamTest::readsBackEveryTextItWrites() {
    for (const Param* param : kAll)
        reads(*param, valueText(*param, param->initial), param->initial);
    for (const double value : {0.0, 0.1, 1.0 / 3, 1e-9, 12345.678901234567, 1e15, 1e22})
        for (const Param* param : {&kAnyReal, &kRealRate, &kRealMs})
            reads(*param, valueText(*param, value), value);
    for (const std::int64_t value :
         {0LL, 1LL, 1000LL, 1536LL, 9'007'199'254'740'993LL, 9'223'372'036'854'775'807LL})
        for (const Param* param : {&kAnyInteger, &kSize})
            reads(*param, valueText(*param, value), value);
}

void ParamTest::describesAnInitialValueOutsideItsOwnBounds() {
    // A catalogue mistake must come out as an error, not as an endless search for a valid example.
    const Param wrong{.id = "wrong", .label = "", .help = "", .initial = 5, .min = 10};
    const auto value = checkValue(wrong, wrong.initial);
    QVERIFY(!value);
    QCOMPARE(value.error().hint, std::string("For example wrong=5."));
}

QTEST_GUILESS_MAIN(ParamTest)
#include "param_test.moc"
