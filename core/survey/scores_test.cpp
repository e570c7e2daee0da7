#include "core/survey/scores.h"

#include "core/survey/after_run.h"

#include <QtTest>

#include <cmath>
#include <fstream>

using namespace hone;
using namespace hone::survey;

namespace {

bool near(double actual, double expected) {
    const bool isNear = std::abs(actual - expected) < 1e-4;
    if (!isNear)
        qWarning("got %.8g, expected %.8g", actual, expected);
    return isNear;
}

std::vector<int> repeated(std::initializer_list<std::pair<int, int>> counts) {
    std::vector<int> answers;
    for (const auto& [answer, count] : counts)
        answers.insert(answers.end(), static_cast<std::size_t>(count), answer);
    return answers;
}

}  // namespace

class ScoresTest : public QObject {
    Q_OBJECT
private slots:
    void scoresPromotersAgainstDetractors();
    void keepsTheNetScoreWithinItsScale();
    void countsTheSatisfiedByScale_data();
    void countsTheSatisfiedByScale();
    void averagesStarsWithAnInterval();
    void warnsBelowTenAnswers();
    void showsDashesForNoAnswers();
    void collectsOneQuestionsRatings();
    void carriesTheSurveyOfTheFile();
};

void ScoresTest::scoresPromotersAgainstDetractors() {
    // 5 promoters, 3 passives, 2 detractors: net 0.3, SE = √((0.7 − 0.09)/10) = 0.246982.
    const auto score = netPromoter(repeated({{10, 3}, {9, 2}, {8, 2}, {7, 1}, {6, 1}, {0, 1}}));
    QCOMPARE(score.label, std::string("NPS"));
    QCOMPARE(score.n, 10);
    QVERIFY(near(score.value, 30));
    QVERIFY(near(score.lo, 30 - 195.99640 * 0.2469818));
    QVERIFY(near(score.hi, 30 + 195.99640 * 0.2469818));
}

void ScoresTest::keepsTheNetScoreWithinItsScale() {
    const auto all = netPromoter(repeated({{10, 12}}));
    QCOMPARE(all.value, 100.0);
    QCOMPARE(all.hi, 100.0);
    const auto most = netPromoter(repeated({{0, 11}, {10, 1}}));
    QCOMPARE(most.lo, -100.0);
}

void ScoresTest::countsTheSatisfiedByScale_data() {
    QTest::addColumn<int>("scale");
    QTest::addColumn<int>("lowestSatisfied");
    QTest::newRow("3") << 3 << 3;
    QTest::newRow("4") << 4 << 3;
    QTest::newRow("5") << 5 << 4;
    QTest::newRow("7") << 7 << 6;
    QTest::newRow("10") << 10 << 8;
}

void ScoresTest::countsTheSatisfiedByScale() {
    QFETCH(int, scale);
    QFETCH(int, lowestSatisfied);
    const auto score =
        satisfaction(repeated({{lowestSatisfied, 3}, {scale, 5}, {lowestSatisfied - 1, 2}}), scale);
    QVERIFY(near(score.value, 0.8));
    QVERIFY(near(score.lo, 0.490162));  // Wilson, 8 of 10
    QVERIFY(near(score.hi, 0.943318));
}

void ScoresTest::averagesStarsWithAnInterval() {
    const auto score = meanRating(repeated({{3, 2}, {4, 6}, {5, 2}}));
    QVERIFY(near(score.value, 4));
    QVERIFY(near(score.lo, 4 - 2.262157 * 0.6666667 / std::sqrt(10)));
    QVERIFY(near(score.hi, 4 + 2.262157 * 0.6666667 / std::sqrt(10)));
    QVERIFY(!score.few);
    const auto one = meanRating(repeated({{5, 1}}));
    QCOMPARE(one.value, 5.0);
    QCOMPARE(one.lo, 1.0);  // one answer has no spread: it may be anywhere
    QCOMPARE(one.hi, 5.0);
    QCOMPARE(meanRating(repeated({{5, 1}, {2, 1}})).hi, 5.0);
}

void ScoresTest::warnsBelowTenAnswers() {
    QVERIFY(netPromoter(repeated({{9, 9}})).few);
    QVERIFY(!netPromoter(repeated({{9, 10}})).few);
    QVERIFY(satisfaction(repeated({{5, 9}}), 5).few);
}

void ScoresTest::showsDashesForNoAnswers() {
    for (const Score& score : {netPromoter({}), satisfaction({}, 5), meanRating({})}) {
        QCOMPARE(score.n, 0);
        QVERIFY(std::isnan(score.value) && std::isnan(score.lo) && std::isnan(score.hi));
        QVERIFY(score.few);
    }
}

void ScoresTest::collectsOneQuestionsRatings() {
    std::vector<model::SurveyAnswer> answers(6);
    answers[0].values = {{"stars", 5}, {"nps", 9}};
    answers[1].values = {{"nps", 3}};
    answers[2].values = {{"stars", 4.0}};
    answers[3].values = {{"stars", "many"}};
    answers[4].values = {{"stars", 3.5}};
    answers[5].values = nullptr;
    QCOMPARE(ratings(answers, "stars"), (std::vector<int>{5, 4}));
    QCOMPARE(ratings(answers, "nps"), (std::vector<int>{9, 3}));
    QVERIFY(ratings(answers, "comment").empty());
}

void ScoresTest::carriesTheSurveyOfTheFile() {
    std::ifstream stream(HONE_SOURCE_DIR "/resources/surveys/after_run.json");
    const std::string text(std::istreambuf_iterator<char>(stream), {});
    QCOMPARE(std::string(afterRunText()), text);
    const model::Survey& survey = afterRunSurvey();
    QCOMPARE(survey.id, std::string("after_run"));
    QCOMPARE(survey.questions.size(), std::size_t(3));
    QCOMPARE(survey.questions[0].name, std::string("stars"));
    QCOMPARE(survey.questions[0].rateMax, 5);
    QCOMPARE(survey.questions[1].name, std::string("nps"));
    QCOMPARE(survey.questions[1].rateMin, 0);
    QCOMPARE(survey.questions[2].type, std::string("comment"));
}

QTEST_GUILESS_MAIN(ScoresTest)
#include "scores_test.moc"
