#include "core/experiment/answer_check_schemas.h"

#include "core/engine/engine.h"
#include "core/toggles/catalogue.h"

#include <QTemporaryDir>
#include <QtTest>

#include <fstream>

using namespace hone;
using namespace hone::experiment;

namespace {

load::LoadPlan planOn(const engine::Engine& engine, const char* arm, const char* accept) {
    load::LoadPlan plan;
    plan.workload.requests = {
        {.url = "/api/things", .headers = {{"Accept", accept}, {"Accept-Encoding", "gzip"}}},
        {.url = "/api/things/2", .headers = {{"Accept", accept}}}};
    plan.baseUrl = engine.url();
    plan.extraHeaders = {{"Hone-Arm", arm}};
    return plan;
}

}  // namespace

class AnswerCheckSchemasTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void armsOfAnyFormatSayTheSame_data();
    void armsOfAnyFormatSayTheSame();
    void callsNobodyElse();

private:
    QTemporaryDir m_folder;
    std::unique_ptr<engine::Engine> m_engine;
};

void AnswerCheckSchemasTest::initTestCase() {
    const std::filesystem::path folder = m_folder.path().toStdString();
    {
        std::ofstream file(folder / "things.csv");
        file << "id,name,price\n";
        for (int i = 1; i <= 100; ++i)
            file << i << ",thing " << i << ',' << (i % 3 == 0 ? "" : std::to_string(i) + ".5") << '\n';
    }
    QVERIFY(data::importFile(folder / "things.csv", folder / "things.db"));
    engine::EngineOptions options;
    options.server.threads = 1;
    options.datasets = {data::Dataset::open(folder / "things.db").value()};
    options.catalogue = toggles::catalogue();
    auto made = engine::Engine::create(std::move(options));
    QVERIFY2(made, made ? "" : made.error().line().c_str());
    m_engine = std::move(*made);
    model::Profile profile;
    profile.toggles["encoding"].on = true;
    QVERIFY(m_engine->apply(engine::Arm::B, profile));
}

void AnswerCheckSchemasTest::armsOfAnyFormatSayTheSame_data() {
    QTest::addColumn<QByteArray>("accept");
    for (const char* type : {"application/json", "application/msgpack", "application/cbor",
                             "application/x-protobuf", "avro/binary"})
        QTest::newRow(type) << QByteArray(type);
}

void AnswerCheckSchemasTest::armsOfAnyFormatSayTheSame() {
    QFETCH(QByteArray, accept);
    const auto planA = planOn(*m_engine, "A", accept.constData());
    const auto planB = planOn(*m_engine, "B", accept.constData());
    const auto a = load::sampleAnswers(planA, 1, {}), b = load::sampleAnswers(planB, 1, {});
    QVERIFY(a && b);
    const auto check = compareAnswers(*a, *b, planA.workload, {}, {}, schemasFrom({planA, planB}));
    QCOMPARE(check.compared, 2);
    QVERIFY2(check.differences.empty(), check.differences.empty()
                                            ? ""
                                            : (check.differences[0].explanation + "\n" +
                                               check.differences[0].a + "\n" + check.differences[0].b)
                                                  .c_str());
}

void AnswerCheckSchemasTest::callsNobodyElse() {
    const auto schemas = schemasFrom({planOn(*m_engine, "B", "*/*")});
    QVERIFY(schemas("/schema/things.proto").contains("message ThingsList"));
    QCOMPARE(schemas("http://127.0.0.1:1/x"), std::string());
    QCOMPARE(schemas("//127.0.0.1:1/x"), std::string());
    QCOMPARE(schemas("/schema/none.proto"), std::string());
}

QTEST_GUILESS_MAIN(AnswerCheckSchemasTest)
#include "answer_check_schemas_test.moc"
