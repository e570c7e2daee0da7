#include "ui/forms/param_form.h"

#include "ui/format/format.h"
#include "ui/forms/unit_spin_box.h"
#include "ui/theme/theme.h"
#include "ui/widgets/widgets.h"

#include <QComboBox>
#include <QLineEdit>
#include <QSignalSpy>
#include <QTest>

using namespace hone;
using namespace hone::ui;

namespace {

constexpr Choice kModes[] = {{"offset", "Offset"}, {"cursor", "Cursor"}};
constexpr std::string_view kCursor = "cursor";

std::span<const Param> params() {
    static const Param kParams[] = {
        {.id = "mode",
         .label = "Mode",
         .help = "How pages are cut.",
         .initial = std::string("offset"),
         .choices = kModes},
        {.id = "size",
         .label = "Page size",
         .help = "Rows a page.",
         .unit = Unit::Count,
         .initial = std::int64_t{20},
         .min = 1,
         .max = 500},
        {.id = "budget",
         .label = "Budget",
         .help = "Bytes kept.",
         .unit = Unit::Bytes,
         .initial = std::int64_t{65536},
         .min = 1024,
         .max = 1e9},
        {.id = "ttl",
         .label = "Lifetime",
         .help = "How long.",
         .unit = Unit::Milliseconds,
         .initial = std::int64_t{250},
         .min = 1,
         .max = 1e6},
        {.id = "signed",
         .label = "Signed",
         .help = "Cursors carry a signature.",
         .initial = false,
         .onlyWhenParam = "mode",
         .onlyWhenValue = kCursor},
        {.id = "salt", .label = "Salt", .help = "Text.", .initial = std::string("a"), .advanced = true},
    };
    return kParams;
}

}  // namespace

class ParamFormTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() { Theme::instance().apply(Theme::Mode::Dark); }
    void showsEveryParameterWithItsValue();
    void tellsAnAcceptedEditWithItsUnit();
    void refusesAValueOutOfRangeUnderItsField();
    void aFixedFieldLosesItsError();
    void arrowsStepThroughRoundValues();
    void aChoiceShowsWhatDependsOnIt();
    void advancedFieldsAreFolded();
    void setValuesIsSilent();
    void theWheelPassesOverAFieldWithoutFocus();
};

void ParamFormTest::showsEveryParameterWithItsValue() {
    ParamForm form{ParamSet(params())};
    for (const Param& param : params())
        QVERIFY2(form.findChild<QWidget*>(text(param.id)), param.id.data());
    QCOMPARE(form.findChild<QWidget*>("budget")->findChild<QLineEdit*>()->text(), QString("64KiB"));
    QCOMPARE(form.findChild<QWidget*>("ttl")->findChild<QLineEdit*>()->text(), QString("250ms"));
    QCOMPARE(form.findChild<QWidget*>("mode")->findChild<QComboBox*>()->currentText(), QString("Offset"));
}

void ParamFormTest::tellsAnAcceptedEditWithItsUnit() {
    ParamForm form{ParamSet(params())};
    QSignalSpy changed(&form, &ParamForm::changed);
    auto* line = form.findChild<QWidget*>("ttl")->findChild<QLineEdit*>();
    line->setText("2s");
    QTest::keyClick(line, Qt::Key_Return);
    QCOMPARE(changed.count(), 1);
    QCOMPARE(changed.at(0).at(0).toString(), QString("ttl"));
    const auto read = parseValue(params()[3], changed.at(0).at(1).toString().toStdString());
    QVERIFY(read.has_value());
    QCOMPARE(std::get<std::int64_t>(*read), 2000);
}

void ParamFormTest::refusesAValueOutOfRangeUnderItsField() {
    ParamForm form{ParamSet(params())};
    QSignalSpy changed(&form, &ParamForm::changed);
    auto* field = form.findChild<QWidget*>("size");
    auto* line = field->findChild<QLineEdit*>();
    line->setText("9000");
    QTest::keyClick(line, Qt::Key_Return);
    QCOMPARE(changed.count(), 0);
    QVERIFY(field->findChild<InlineMessage*>()->isVisibleTo(field));
    QVERIFY(field->findChild<UnitSpinBox*>()->property("invalid").toBool());
}

void ParamFormTest::aFixedFieldLosesItsError() {
    ParamForm form{ParamSet(params())};
    QSignalSpy changed(&form, &ParamForm::changed);
    auto* field = form.findChild<QWidget*>("size");
    form.showError("size", "the engine refused 20");
    QVERIFY(field->findChild<InlineMessage*>()->isVisibleTo(field));
    auto* line = field->findChild<QLineEdit*>();
    line->setText("50");
    QTest::keyClick(line, Qt::Key_Return);
    QCOMPARE(changed.count(), 1);
    QVERIFY(!field->findChild<InlineMessage*>()->isVisibleTo(field));
}

void ParamFormTest::arrowsStepThroughRoundValues() {
    ParamForm form{ParamSet(params())};
    QSignalSpy changed(&form, &ParamForm::changed);
    auto* bytes = form.findChild<QWidget*>("budget")->findChild<UnitSpinBox*>();
    bytes->stepBy(1);
    QCOMPARE(std::get<std::int64_t>(bytes->value()), 131072);
    auto* time = form.findChild<QWidget*>("ttl")->findChild<UnitSpinBox*>();
    time->stepBy(1);
    QCOMPARE(std::get<std::int64_t>(time->value()), 500);
    time->stepBy(-2);
    QCOMPARE(std::get<std::int64_t>(time->value()), 100);
    auto* pages = form.findChild<QWidget*>("size")->findChild<UnitSpinBox*>();
    pages->stepBy(1);
    QCOMPARE(std::get<std::int64_t>(pages->value()), 21);
    QCOMPARE(changed.count(), 4);
}

void ParamFormTest::aChoiceShowsWhatDependsOnIt() {
    ParamForm form{ParamSet(params())};
    auto* dependent = form.findChild<QWidget*>("signed");
    QVERIFY(!dependent->isVisibleTo(&form));
    form.findChild<QComboBox*>()->setCurrentIndex(1);
    QVERIFY(dependent->isVisibleTo(&form));
}

void ParamFormTest::advancedFieldsAreFolded() {
    ParamForm form{ParamSet(params())};
    auto* advanced = form.findChild<QWidget*>("salt");
    QVERIFY(!advanced->isVisibleTo(&form));
    form.showError("salt", "too short");
    QVERIFY(advanced->isVisibleTo(&form));
}

void ParamFormTest::setValuesIsSilent() {
    ParamForm form{ParamSet(params())};
    QSignalSpy changed(&form, &ParamForm::changed);
    ParamSet values(params());
    QVERIFY(values.setText("mode", "cursor").has_value());
    QVERIFY(values.setText("signed", "true").has_value());
    QVERIFY(values.setText("size", "100").has_value());
    form.setValues(values);
    QCOMPARE(changed.count(), 0);
    QVERIFY(form.findChild<Switch*>()->isChecked());
    QCOMPARE(form.findChild<QWidget*>("size")->findChild<QLineEdit*>()->text(), QString("100"));
}

void ParamFormTest::theWheelPassesOverAFieldWithoutFocus() {
    ParamForm form{ParamSet(params())};
    auto* box = form.findChild<QWidget*>("size")->findChild<UnitSpinBox*>();
    QWheelEvent wheel({10, 10}, {10, 10}, {}, {0, 120}, Qt::NoButton, Qt::NoModifier, Qt::NoScrollPhase,
                      false);
    QCoreApplication::sendEvent(box, &wheel);
    QCOMPARE(std::get<std::int64_t>(box->value()), 20);
}

QTEST_MAIN(ParamFormTest)
#include "param_form_test.moc"
