// What every toggle promises, checked for each one the catalogue has.

#include "core/toggles/catalogue.h"

#include <QtTest>

#include <filesystem>
#include <set>

using namespace hone;
using namespace hone::engine;

namespace {

constexpr std::string_view kHeadings[] = {"What it does", "When it helps", "What it costs",
                                          "How we measure it", "Sources"};

std::vector<std::string> headingsOf(std::string_view doc) {
    std::vector<std::string> headings;
    while (!doc.empty()) {
        const auto end = doc.find('\n');
        const auto line = doc.substr(0, end);
        if (line.starts_with("## "))
            headings.emplace_back(line.substr(3));
        doc.remove_prefix(end == doc.npos ? doc.size() : end + 1);
    }
    return headings;
}

bool isId(std::string_view id) {
    return !id.empty() &&
           std::ranges::all_of(id, [](char c) { return std::isalnum(static_cast<unsigned char>(c)); });
}

/// A value just outside what the parameter allows, if there is one.
std::optional<ParamValue> outside(const Param& param) {
    if (!param.choices.empty())
        return std::string("no-such-choice");
    if (std::holds_alternative<std::int64_t>(param.initial) && param.max < 9e18)
        return static_cast<std::int64_t>(param.max) + 1;
    if (std::holds_alternative<double>(param.initial) && param.max < 1e300)
        return param.max * 2 + 1;
    return std::nullopt;
}

Result<std::shared_ptr<State>> make(const ToggleDef& def, const ParamSet& params) {
    static const FakeClock kClock;
    return def.make({.clock = kClock, .params = params, .datasets = {}});
}

std::vector<double> countersOf(const ToggleDef& def, const State& state) {
    std::vector<double> values(def.counters.size(), -1);
    state.readCounters(values);
    return values;
}

}  // namespace

class ToggleContractTest : public QObject {
    Q_OBJECT
private slots:
    void hasIdsThatAreFoldersAndNumbersOfTheirOwn();
    void describesItself_data() { everyToggle(); }
    void describesItself();
    void documentsItselfUnderTheFiveHeadings_data() { everyToggle(); }
    void documentsItselfUnderTheFiveHeadings();
    void hasParametersWhoseInitialValuesAreValid_data() { everyToggle(); }
    void hasParametersWhoseInitialValuesAreValid();
    void refusesValuesOutOfRangeByName_data() { everyToggle(); }
    void refusesValuesOutOfRangeByName();
    void publishesCountersThatItsFigureCanUse_data() { everyToggle(); }
    void publishesCountersThatItsFigureCanUse();
    void isMadeWithInitialParametersAndCountsFromZero_data() { everyToggle(); }
    void isMadeWithInitialParametersAndCountsFromZero();
    void isMadeWithEveryChoiceAndFlag_data() { everyToggle(); }
    void isMadeWithEveryChoiceAndFlag();
    void isMadeAtBothEndsOfItsRanges_data() { everyToggle(); }
    void isMadeAtBothEndsOfItsRanges();
    void givesEachWorkerAStageThatOutlivesTheState_data() { everyToggle(); }
    void givesEachWorkerAStageThatOutlivesTheState();

private:
    void everyToggle() {
        QTest::addColumn<QString>("id");
        for (const ToggleDef* def : toggles::catalogue())
            QTest::addRow("%s", std::string(def->id).c_str())
                << QString::fromUtf8(def->id.data(), qsizetype(def->id.size()));
    }
    static const ToggleDef& current() {
        QFETCH(QString, id);
        return *toggles::find(id.toStdString());
    }
};

void ToggleContractTest::hasIdsThatAreFoldersAndNumbersOfTheirOwn() {
    QVERIFY(!toggles::catalogue().empty());
    std::set<std::string_view> ids;
    int previous = 0;
    for (const ToggleDef* def : toggles::catalogue()) {
        QVERIFY2(ids.insert(def->id).second, std::string(def->id).c_str());
        QVERIFY(def->number > previous && def->number <= 18);  // ordered, so unique
        previous = def->number;
        const auto folder = std::filesystem::path(HONE_SOURCE_DIR) / "core/toggles" / def->id;
        QVERIFY2(std::filesystem::exists(folder / "toggle.cpp"), folder.c_str());
        QVERIFY(toggles::find(def->id) == def);
    }
    QVERIFY(!toggles::find("no-such-toggle"));
    QVERIFY(!toggles::find(""));
}

void ToggleContractTest::describesItself() {
    const auto& def = current();
    QVERIFY(isId(def.id));
    for (const std::string_view text : {def.title, def.summary, def.off, def.why, def.moves, def.costs}) {
        QVERIFY(!text.empty());
        QVERIFY2(text.find('\n') == text.npos, std::string(text).c_str());
    }
    QVERIFY(!groupName(def.group).empty());
    QVERIFY(def.phases != 0 || def.governsConnections || !def.paths.empty());
    QVERIFY(def.make != nullptr);
}

void ToggleContractTest::documentsItselfUnderTheFiveHeadings() {
    const auto& def = current();
    const auto headings = headingsOf(def.doc);
    QVERIFY2(std::ranges::equal(headings, kHeadings), std::string(def.doc.substr(0, 200)).c_str());
    for (const std::string_view heading : kHeadings) {
        auto rest = def.doc.substr(def.doc.find(heading) + heading.size());
        rest = rest.substr(0, rest.find("\n## "));
        QVERIFY2(rest.size() > 40, std::string(heading).c_str());
    }
}

void ToggleContractTest::hasParametersWhoseInitialValuesAreValid() {
    std::set<std::string_view> ids;
    for (const Param& param : current().params) {
        const std::string name(param.id);
        QVERIFY2(isId(param.id) && ids.insert(param.id).second, name.c_str());
        QVERIFY2(!param.label.empty() && !param.help.empty(), name.c_str());
        QVERIFY2(checkValue(param, param.initial), name.c_str());
        const auto readBack = parseValue(param, valueText(param, param.initial));
        QVERIFY2(readBack && *readBack == param.initial, name.c_str());
        if (std::holds_alternative<std::int64_t>(param.initial) ||
            std::holds_alternative<double>(param.initial))
            QVERIFY2(param.min > -1e300 && param.max < 1e300, (name + " has no bounds").c_str());
        for (const Choice& choice : param.choices)
            QVERIFY2(!choice.id.empty() && !choice.label.empty(), name.c_str());
    }
    for (const Param& param : current().params)
        QVERIFY(param.onlyWhenParam.empty() || ids.contains(param.onlyWhenParam));
}

void ToggleContractTest::refusesValuesOutOfRangeByName() {
    for (const Param& param : current().params) {
        ParamSet params(current().params);
        const auto value = outside(param);
        if (!value)
            continue;
        const auto refused = params.set(param.id, *value);
        QVERIFY(!refused);
        QVERIFY2(refused.error().what.starts_with(param.id), refused.error().what.c_str());
        QVERIFY(params.isInitial(param.id));
    }
    ParamSet params(current().params);
    QVERIFY(!params.setText("no-such-parameter", "1"));
}

void ToggleContractTest::publishesCountersThatItsFigureCanUse() {
    const auto& def = current();
    std::set<std::string_view> ids;
    for (const Counter& counter : def.counters) {
        QVERIFY2(isId(counter.id) && ids.insert(counter.id).second, std::string(counter.id).c_str());
        QVERIFY(!counter.label.empty());
    }
    QVERIFY(!def.counters.empty());
    QVERIFY2(ids.contains(def.figure.part), std::string(def.figure.part).c_str());
    QCOMPARE(def.figure.kind == Figure::Share, !def.figure.rest.empty());
    QVERIFY(def.figure.rest.empty() || ids.contains(def.figure.rest));
    QVERIFY(!def.figure.label.empty());
}

void ToggleContractTest::isMadeWithInitialParametersAndCountsFromZero() {
    const auto& def = current();
    const ParamSet params(def.params);
    const auto state = make(def, params);
    QVERIFY2(state, state ? "" : state.error().line().c_str());
    for (const double value : countersOf(def, **state))
        QCOMPARE(value, 0.0);
    (*state)->reset();
    for (const double value : countersOf(def, **state))
        QCOMPARE(value, 0.0);
}

void ToggleContractTest::isMadeWithEveryChoiceAndFlag() {
    const auto& def = current();
    for (const Param& param : def.params) {
        std::vector<ParamValue> values;
        for (const Choice& choice : param.choices)
            values.emplace_back(std::string(choice.id));
        if (const bool* flag = std::get_if<bool>(&param.initial))
            values.emplace_back(!*flag);
        for (const ParamValue& value : values) {
            ParamSet params(def.params);
            QVERIFY(params.set(param.id, value));
            const auto state = make(def, params);
            QVERIFY2(state, state ? "" : state.error().line().c_str());
        }
    }
}

/// Some combinations contradict each other; then the refusal says which parameter of the toggle is meant.
void ToggleContractTest::isMadeAtBothEndsOfItsRanges() {
    const auto& def = current();
    for (const Param& param : def.params)
        for (const double end : {param.min, param.max}) {
            const bool isInteger = std::holds_alternative<std::int64_t>(param.initial);
            if (!isInteger && !std::holds_alternative<double>(param.initial))
                continue;
            ParamSet params(def.params);
            QVERIFY(isInteger ? params.set(param.id, static_cast<std::int64_t>(end))
                              : params.set(param.id, end));
            const auto state = make(def, params);
            if (!state)
                QVERIFY2(
                    state.error().what.starts_with(std::string(def.id) + ".") && !state.error().hint.empty(),
                    state.error().line().c_str());
            else
                QVERIFY((*state)->makeStage() != nullptr);
        }
}

void ToggleContractTest::givesEachWorkerAStageThatOutlivesTheState() {
    const auto& def = current();
    const ParamSet params(def.params);
    auto state = *make(def, params);
    auto first = state->makeStage();
    const auto second = state->makeStage();
    QVERIFY(first && second && first != second);
    std::weak_ptr<State> watched = state;
    state.reset();
    first.reset();
    // The other worker's stage still works.
    const http::Request request;
    Exchange exchange(request);
    exchange.response.body = "{}";
    second->slot = def.number - 1;
    if (def.phases & phaseBits({Phase::Finish}))
        second->finish(exchange);
    if (def.phases & phaseBits({Phase::Encode}))
        second->encode(exchange);
    QCOMPARE(exchange.response.finalStatus(), 200);
    // Without a part in a request a stage needs nothing.
    QVERIFY(def.phases == 0 || !watched.expired());
}

QTEST_GUILESS_MAIN(ToggleContractTest)
#include "toggle_contract_test.moc"
