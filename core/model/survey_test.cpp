#include "core/model/survey.h"

#include <QtTest>

using namespace hone;
using namespace hone::model;
using nlohmann::json;

class SurveyTest : public QObject {
    Q_OBJECT
private slots:
    void readsElementsAndPages();
    void readsTranslatedTextsAndChoiceObjects();
    void keepsTheSource();
    void namesTheQuestionOfAMistake_data();
    void namesTheQuestionOfAMistake();
    void keepsAnAnswerThroughJson();
};

void SurveyTest::readsElementsAndPages() {
    const auto survey = Survey::fromJson("s", json::parse(R"({"title": "T", "pages": [
        {"elements": [{"type": "rating", "name": "nps", "title": "How likely", "rateMin": 0, "rateMax": 10,
                       "minRateDescription": "no", "maxRateDescription": "yes", "isRequired": true}]},
        {"elements": [{"type": "boolean", "name": "again"}]}]})"));
    QVERIFY2(survey, survey ? "" : survey.error().what.c_str());
    QCOMPARE(survey->id, std::string("s"));
    QCOMPARE(survey->questions.size(), std::size_t(2));
    QCOMPARE(survey->questions[0].rateMin, 0);
    QCOMPARE(survey->questions[0].rateMax, 10);
    QCOMPARE(survey->questions[0].maxLabel, std::string("yes"));
    QVERIFY(survey->questions[0].required);
    QCOMPARE(survey->questions[1].title, std::string("again"));
}

void SurveyTest::readsTranslatedTextsAndChoiceObjects() {
    const auto survey =
        Survey::fromJson("s", json::parse(R"({"elements": [{"type": "radiogroup", "name": "who",
        "title": {"default": "Who are you", "de": "Wer"}, "choices": ["dev", {"value": 2, "text": "Two"}]}]})"));
    QVERIFY(survey);
    QCOMPARE(survey->questions[0].title, std::string("Who are you"));
    QCOMPARE(survey->questions[0].choices, (std::vector<std::string>{"dev", "2"}));
}

void SurveyTest::keepsTheSource() {
    const json document = {{"theme", "x"}, {"elements", {{{"type", "comment"}, {"name", "c"}, {"rows", 3}}}}};
    QCOMPARE(Survey::fromJson("s", document)->source, document);
}

void SurveyTest::namesTheQuestionOfAMistake_data() {
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("named");
    QTest::newRow("none") << R"({"title": "x"})" << "survey \"s\" has no questions";
    QTest::newRow("no name") << R"({"elements": [{"type": "comment"}]})" << "elements[0] has no \"name\"";
    QTest::newRow("unknown type") << R"({"elements": [{"type": "matrix", "name": "m"}]})"
                                  << "type \"matrix\"";
    QTest::newRow("scale") << R"({"elements": [{"type": "rating", "name": "r", "rateMin": 5, "rateMax": 5}]})"
                           << "rates from 5 to 5";
    QTest::newRow("twice")
        << R"({"elements": [{"type": "comment", "name": "c"}, {"type": "comment", "name": "c"}]})"
        << "the name \"c\"";
    QTest::newRow("no choices") << R"({"pages": [{"elements": [{"type": "radiogroup", "name": "c"}]}]})"
                                << "pages[0].elements[0] is a radiogroup without";
    QTest::newRow("pages") << R"({"pages": {}})" << "pages must be a list";
    QTest::newRow("no object") << "5" << "must be an object";
}

void SurveyTest::namesTheQuestionOfAMistake() {
    QFETCH(QString, text);
    QFETCH(QString, named);
    const auto survey = Survey::fromJson("s", json::parse(text.toStdString()));
    QVERIFY(!survey);
    QVERIFY2(survey.error().what.contains(named.toStdString()), survey.error().what.c_str());
}

void SurveyTest::keepsAnAnswerThroughJson() {
    SurveyAnswer answer;
    answer.id = "1";
    answer.surveyId = "after_run";
    answer.at = std::chrono::system_clock::time_point(std::chrono::milliseconds(1'767'225'600'250));
    answer.runId = "01J";
    answer.profile = "cached";
    answer.p95Us = 1840.5;
    answer.values = {{"stars", 4}, {"comment", "fine"}};
    const auto back = SurveyAnswer::fromJson(json::parse(answer.toJson().dump()));
    QVERIFY(back);
    QCOMPARE(back->toJson(), answer.toJson());
    QCOMPARE(back->at, answer.at);
    QCOMPARE(back->surveyId, answer.surveyId);
    QVERIFY(!SurveyAnswer::fromJson({{"values", 5}}));
}

QTEST_GUILESS_MAIN(SurveyTest)
#include "survey_test.moc"
