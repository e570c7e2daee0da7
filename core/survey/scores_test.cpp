#include "core/survey/scores.h"

#include <QFile>
#include <QtTest>

#include <cmath>

using namespace hone;

class ScoresTest : public QObject {
    Q_OBJECT
private slots:
    void netPromoterCountsEveryAnswerInTheDenominator() {
        // 5 promoters, 3 passives, 2 detractors: NPS 30; SE = sqrt((0.5 + 0.2 − 0.09)/10)
        const std::vector<int> answers{9, 10, 9, 9, 10, 7, 8, 7, 3, 6};
        const auto score = survey::netPromoter(answers);
        QCOMPARE(score.n, 10);
        QVERIFY(!score.few);
        QVERIFY(std::abs(score.value - 30) < 1e-9);
        const double radius = 1.959963985 * std::sqrt(0.61 / 10) * 100;
        QVERIFY(std::abs(score.lo - (30 - radius)) < 1e-6);
        QVERIFY(std::abs(score.hi - (30 + radius)) < 1e-6);
    }

    void theIntervalNeverLeavesTheScale() {
        const std::vector<int> answers{10, 10, 1};
        const auto score = survey::netPromoter(answers);
        QVERIFY(score.hi <= 100 && score.lo >= -100);
        QVERIFY(score.few);
    }

    void satisfactionTakesTheTopOfItsScale_data() {
        QTest::addColumn<int>("scale");
        QTest::addColumn<double>("expected");
        QTest::newRow("top 1 of 3") << 3 << 0.25;
        QTest::newRow("top 2 of 5") << 5 << 0.5;
        QTest::newRow("top 3 of 10") << 10 << 0.75;
    }
    void satisfactionTakesTheTopOfItsScale() {
        QFETCH(int, scale);
        QFETCH(double, expected);
        const std::vector<int> answers = scale == 3   ? std::vector<int>{1, 2, 2, 3}
                                         : scale == 5 ? std::vector<int>{3, 4, 5, 1}
                                                      : std::vector<int>{7, 8, 9, 10};
        const auto score = survey::satisfaction(answers, scale);
        QCOMPARE(score.value, expected);
        QVERIFY(score.lo < score.value && score.value < score.hi);
        QVERIFY(score.lo >= 0 && score.hi <= 1);
    }

    void noAnswersGiveNoScore() {
        QCOMPARE(survey::netPromoter({}).n, 0);
        QCOMPARE(survey::satisfaction({}, 5).n, 0);
        QVERIFY(survey::meanRating({}).few);
    }

    void ratingsSkipAnswersWithoutTheQuestion() {
        std::vector<model::SurveyAnswer> answers(3);
        answers[0].values = {{"stars", 4}};
        answers[1].values = {{"comment", "no stars"}};
        answers[2].values = {{"stars", 2}};
        QCOMPARE(survey::ratings(answers, "stars"), (std::vector<int>{4, 2}));
        QCOMPARE(survey::meanRating(survey::ratings(answers, "stars")).value, 3.0);
    }

    void theSurveyAfterARunIsTheOneInResources() {
        QFile file(QString(HONE_SOURCE_DIR) + "/resources/surveys/after_run.json");
        QVERIFY(file.open(QIODevice::ReadOnly));
        const auto json = nlohmann::json::parse(file.readAll().toStdString());
        const auto fromFile = model::Survey::fromJson("after-run", json);
        QVERIFY(fromFile.has_value());
        QVERIFY(survey::afterRunSurvey().source == fromFile->source);
        QCOMPARE(survey::afterRunSurvey().questions.size(), std::size_t{3});
        QVERIFY(survey::afterRunSurvey().questions.front().required);
    }
};

QTEST_GUILESS_MAIN(ScoresTest)
#include "scores_test.moc"
