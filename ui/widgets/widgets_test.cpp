#include "ui/widgets/widgets.h"

#include "ui/format/format.h"
#include "ui/widgets/markdown_view.h"
#include "ui/widgets/sparkline.h"

#include <QFontDatabase>
#include <QLabel>
#include <QSignalSpy>
#include <QTest>
#include <QTextBlock>
#include <QTextFragment>

using namespace hone::ui;

namespace {

double luminance(const QColor& c) {
    const auto channel = [](double v) {
        return v <= 0.03928 ? v / 12.92 : std::pow((v + 0.055) / 1.055, 2.4);
    };
    return 0.2126 * channel(c.redF()) + 0.7152 * channel(c.greenF()) + 0.0722 * channel(c.blueF());
}

double contrast(Role a, Role b) {
    const double la = luminance(color(a)), lb = luminance(color(b));
    return (std::max(la, lb) + 0.05) / (std::min(la, lb) + 0.05);
}

}  // namespace

class WidgetsTest : public QObject {
    Q_OBJECT
private slots:
    void init() { Theme::instance().apply(Theme::Mode::Dark); }
    void aSwitchTogglesWithSpace();
    void aFigureSplitsValueAndUnit();
    void segmentsTellTheNewIndexOnce();
    void starsTakeKeysAndClicks();
    void aMessageIsHiddenUntilItIsShown();
    void textHasContrastAaInBothThemes_data();
    void textHasContrastAaInBothThemes();
    void switchingTheThemeIsToldOnceAndRepaintsIcons();
    void figuresAreTabular();
    void everyIconNameInTheResourcesDraws();
    void aSparklineKeepsItsNewestValues();
    void markdownHeadingsHaveOurSizes();
    void numbersAreWrittenForPeople();
};

void WidgetsTest::aSwitchTogglesWithSpace() {
    Switch box;
    QSignalSpy toggled(&box, &Switch::toggled);
    QTest::keyClick(&box, Qt::Key_Space);
    QVERIFY(box.isChecked());
    QCOMPARE(toggled.count(), 1);
}

void WidgetsTest::aFigureSplitsValueAndUnit() {
    Figure figure("P95");
    figure.setValue(micros(1843), exactMicros(1843));
    QStringList texts;
    for (auto* label : figure.findChildren<QLabel*>())
        texts << label->text();
    QVERIFY2(texts.contains("1.84") && texts.contains("ms"), qUtf8Printable(texts.join('|')));
    figure.setValue({});
    QVERIFY(figure.findChildren<QLabel*>().at(1)->text() == QStringLiteral("–"));
}

void WidgetsTest::segmentsTellTheNewIndexOnce() {
    Segmented choice({"Closed", "Open"});
    QSignalSpy changed(&choice, &Segmented::currentChanged);
    choice.setCurrent(1);
    QCOMPARE(choice.current(), 1);
    QCOMPARE(changed.count(), 1);
    QCOMPARE(changed.at(0).at(0).toInt(), 1);
}

void WidgetsTest::starsTakeKeysAndClicks() {
    Stars stars;
    stars.resize(stars.sizeHint());
    QSignalSpy changed(&stars, &Stars::valueChanged);
    QTest::keyClick(&stars, Qt::Key_4);
    QCOMPARE(stars.value(), 4);
    QTest::keyClick(&stars, Qt::Key_Right);
    QTest::keyClick(&stars, Qt::Key_Right);
    QCOMPARE(stars.value(), 5);
    QTest::mouseClick(&stars, Qt::LeftButton, {}, {10, 12});
    QCOMPARE(stars.value(), 1);
    QCOMPARE(changed.count(), 3);
}

void WidgetsTest::aMessageIsHiddenUntilItIsShown() {
    QWidget parent;
    auto* message = new InlineMessage(&parent);
    QVERIFY(!message->isVisibleTo(&parent));
    message->show(InlineMessage::Kind::Error, "rate must be above 0, got -5", "Use 100.");
    QVERIFY(message->isVisibleTo(&parent));
    QVERIFY(message->accessibleName().contains("-5"));
    message->clear();
    QVERIFY(!message->isVisibleTo(&parent));
}

void WidgetsTest::textHasContrastAaInBothThemes_data() {
    QTest::addColumn<int>("mode");
    QTest::newRow("dark") << static_cast<int>(Theme::Mode::Dark);
    QTest::newRow("light") << static_cast<int>(Theme::Mode::Light);
}

void WidgetsTest::textHasContrastAaInBothThemes() {
    QFETCH(int, mode);
    Theme::instance().apply(static_cast<Theme::Mode>(mode));
    for (const Role text : {Role::Text, Role::Muted, Role::Good, Role::Bad, Role::Warn})
        for (const Role under : {Role::Canvas, Role::Surface})
            QVERIFY2(contrast(text, under) >= 4.5, qPrintable(QString::number(static_cast<int>(text))));
    QVERIFY(contrast(Role::OnAccent, Role::Accent) >= 4.5);
    // Lines and marks need 3 : 1 (WCAG 1.4.11).
    for (const Role line : {Role::ArmA, Role::ArmB, Role::P50, Role::P95, Role::P99, Role::Series1,
                            Role::Series2, Role::Series3, Role::Series4, Role::Series5, Role::Series6})
        QVERIFY2(contrast(line, Role::Surface) >= 3.0, qPrintable(QString::number(static_cast<int>(line))));
}

void WidgetsTest::switchingTheThemeIsToldOnceAndRepaintsIcons() {
    QSignalSpy changed(&Theme::instance(), &Theme::changed);
    const QIcon picture = icon("speedometer");
    const QImage before = picture.pixmap(16, 16).toImage();
    Theme::instance().apply(Theme::Mode::Light);
    Theme::instance().apply(Theme::Mode::Light);
    QCOMPARE(changed.count(), 1);
    QVERIFY(picture.pixmap(16, 16).toImage() != before);
}

void WidgetsTest::figuresAreTabular() {
    QVERIFY(QFontDatabase::families().contains("Hone Inter"));
    for (const FontRole role : {FontRole::Body, FontRole::Headline, FontRole::Mono, FontRole::Label}) {
        const QFontMetricsF metrics(hone::ui::font(role));
        for (int digit = 0; digit < 10; ++digit)
            QVERIFY(std::abs(metrics.horizontalAdvance(QString::number(digit)) -
                             metrics.horizontalAdvance("0")) < 0.1);
    }
}

void WidgetsTest::everyIconNameInTheResourcesDraws() {
    const QStringList files = QDir(":/icons").entryList({"*.svg"});
    QVERIFY(files.size() >= 40);
    for (const QString& file : files) {
        const QImage image = icon(file.chopped(4)).pixmap(16, 16).toImage();
        bool drawn = false;
        for (int y = 0; y < image.height() && !drawn; ++y)
            for (int x = 0; x < image.width() && !drawn; ++x)
                drawn = image.pixelColor(x, y).alpha() > 0;
        QVERIFY2(drawn, qPrintable(file));
    }
}

void WidgetsTest::aSparklineKeepsItsNewestValues() {
    Sparkline line(3);
    for (const double value : {1.0, 2.0, 3.0, 4.0})
        line.append(value);
    QCOMPARE(line.values(), (std::vector<double>{2, 3, 4}));
    line.setValues({5, 6, 7, 8, 9});
    QCOMPARE(line.values(), (std::vector<double>{7, 8, 9}));
}

void WidgetsTest::markdownHeadingsHaveOurSizes() {
    MarkdownView view;
    view.showMarkdown("# Title\n\nSome `code` here.\n\n## Part\n\n```sh\nhone serve\n```\n");
    const QTextBlock title = view.document()->begin();
    QCOMPARE(title.begin().fragment().charFormat().font().pixelSize(), 20);
    const QTextBlock paragraph = title.next();
    QCOMPARE(paragraph.begin().fragment().charFormat().font().pixelSize(), 13);
}

void WidgetsTest::numbersAreWrittenForPeople() {
    QCOMPARE(exactMicros(1843.25), QStringLiteral("1\u202F843.250 µs"));
    QCOMPARE(exactMicros(7), QStringLiteral("7.000 µs"));
    QCOMPARE(clockTime(65), QStringLiteral("1:05"));
    QCOMPARE(clockTime(3661.2), QStringLiteral("1:01:02"));
    QVERIFY(when(std::chrono::system_clock::now()).startsWith("today "));
}

QTEST_MAIN(WidgetsTest)
#include "widgets_test.moc"
