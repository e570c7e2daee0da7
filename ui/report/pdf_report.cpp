#include "ui/report/pdf_report.h"

#include "ui/report/pdf_page.h"

#include <QBuffer>
#include <QFontDatabase>
#include <QPdfWriter>
#include <QRegularExpression>
#include <QTextDocumentFragment>

#include <algorithm>
#include <map>

namespace hone {
void linkResources();  // The fonts; without the call a linker drops them.
}

namespace hone::ui::report {
namespace {

using hone::report::Outline;
using hone::report::Section;
using hone::report::Table;

const QColor kText(0x1a, 0x1d, 0x23), kMuted(0x5b, 0x64, 0x72), kAccent(0x1f, 0x6f, 0xeb);

// The classes of core/report/svg_chart for paper. Qt's SVG reads a style element, not the page's.
constexpr char kChartStyle[] =
    "<style>.grid{stroke:#dfe3ea}"
    ".axis{stroke:#5b6472}.shade{fill:#5b6472;fill-opacity:.12}.line{fill:none;stroke-width:1.6;stroke:#"
    "5b6472}"
    ".a{stroke:#1f6feb}.b{stroke:#c2620e;stroke-dasharray:7 4}.p50{stroke:#7fa9f3;stroke-width:1}"
    ".p95{stroke:#1f6feb}.p99{stroke:#0b4aa8;stroke-width:2.4}.bad{stroke:#c93c37}.good{stroke:#1a7f4b}"
    ".dot{stroke:none;fill:#5b6472}circle.a,rect.a{fill:#1f6feb;stroke:none}circle.b,rect.b{fill:#c2620e;"
    "stroke:none}circle.good,rect.good{fill:#1a7f4b;stroke:none}circle.bad,rect.bad{fill:#c93c37;stroke:none}"
    "rect.muted{fill:#9aa3b2;stroke:none}</style>";

QString text(const std::string& words) { return QString::fromStdString(words); }

/// Qt 6.4 shrinks anchored text when it is drawn through a scaled painter: the place is worked out here.
QString withoutAnchors(const QString& svg) {
    static const QRegularExpression kText(
        QStringLiteral("<text(?: class=\"\\w+\")? x=\"([-0-9.]+)\" y=\"([-0-9.]+)\""
                       "(?: text-anchor=\"(\\w+)\")?>([^<]*)</text>"));
    QFont font = PdfPage::font(11);
    font.setPixelSize(11);
    const QFontMetricsF metrics(font);
    QString out;
    qsizetype from = 0;
    for (auto all = kText.globalMatch(svg); all.hasNext();) {
        const auto match = all.next();
        const QString words = match.captured(4), anchor = match.captured(3);
        const double wide = metrics.horizontalAdvance(QTextDocumentFragment::fromHtml(words).toPlainText());
        const double back = anchor == QLatin1String("end") ? wide : anchor.isEmpty() ? 0 : wide / 2;
        out += QStringView(svg).mid(from, match.capturedStart() - from);
        out += QStringLiteral(
                   "<text x=\"%1\" y=\"%2\" font-family=\"%3\" font-size=\"11\" "
                   "font-weight=\"400\" fill=\"#5b6472\">%4</text>")
                   .arg(match.captured(1).toDouble() - back, 0, 'f', 1)
                   .arg(match.captured(2), font.families().constFirst(), words);
        from = match.capturedEnd();
    }
    out += QStringView(svg).mid(from);
    return out;
}

QByteArray standalone(const std::string& svg) {
    QByteArray picture = withoutAnchors(text(svg)).toUtf8();
    picture.replace("<svg class=\"chart\"", "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"chart\"");
    picture.insert(picture.indexOf('>') + 1, kChartStyle);
    return picture;
}

/// Columns get room by their longest cell, tempered so that one long text does not squeeze the numbers.
std::vector<double> sharesOf(const Table& table) {
    std::vector<double> shares;
    double sum = 0;
    for (std::size_t column = 0; column < table.columns.size(); ++column) {
        std::size_t longest = table.columns[column].title.size();
        for (const auto& row : table.rows)
            if (column < row.size())
                longest = std::max(longest, row[column].size());
        shares.push_back(static_cast<double>(std::clamp<std::size_t>(longest, 6, 48)) + 2);
        sum += shares.back();
    }
    for (double& share : shares)
        share /= sum;
    return shares;
}

void write(PdfPage& page, const Table& table) {
    const auto shares = sharesOf(table);
    const QFont headFont = PdfPage::font(8, QFont::DemiBold), cellFont = PdfPage::font(9);
    std::vector<PdfPage::Cell> head;
    for (const auto& column : table.columns)
        head.push_back({text(column.title), column.right});
    page.space(6);
    page.need(70);  // Title, head and two rows stay together.
    if (!table.title.empty())
        page.text(text(table.title), PdfPage::font(10, QFont::DemiBold), kText);
    page.row(head, shares, headFont, kMuted, true);
    for (const auto& row : table.rows) {
        std::vector<PdfPage::Cell> cells;
        for (std::size_t i = 0; i < table.columns.size(); ++i)
            cells.push_back({i < row.size() ? text(row[i]) : QString(), table.columns[i].right});
        if (page.isFull(page.rowHeight(cells, shares, cellFont))) {
            page.turn();
            page.row(head, shares, headFont, kMuted, true);
        }
        page.row(cells, shares, cellFont, kText, true);
    }
    if (!table.note.empty()) {
        page.space(3);
        page.text(text(table.note), PdfPage::font(8), kMuted);
    }
    page.space(6);
}

/// Returns the page its heading stands on.
int write(PdfPage& page, const Section& section) {
    page.space(14);
    page.need(section.pictures.empty() ? 110 : 260);  // No heading alone at the foot of a page.
    const int number = page.number();
    page.text(text(section.title), PdfPage::font(15, QFont::DemiBold), kText);
    page.space(2);
    for (const auto& paragraph : section.paragraphs)
        page.text(QStringLiteral("•  ") + text(paragraph), PdfPage::font(10), kText);
    for (const auto& picture : section.pictures)
        page.picture(standalone(picture));
    for (const auto& table : section.tables)
        write(page, table);
    for (const auto& fact : section.facts)
        page.row({{text(fact.label), false}, {text(fact.value), false}}, {0.28, 0.72}, PdfPage::font(9),
                 kText, true);
    return number;
}

using Pages = std::map<std::string, int>;

/// A data: URI that core/report checked. What Qt cannot read is left out: the report is worth more than the
/// logo.
void writeLogo(PdfPage& page, const Outline& outline) {
    const auto comma = outline.logo.find(',');
    if (comma == std::string::npos)
        return;
    const auto bytes = QByteArray::fromBase64(QByteArray::fromStdString(outline.logo.substr(comma + 1)));
    constexpr double kHeight = 40;
    if (outline.logo.starts_with("data:image/svg"))
        page.logo(bytes, kHeight);
    else if (const QImage image = QImage::fromData(bytes); !image.isNull())
        page.logo(image, kHeight);
    page.space(16);
}

void writeFront(PdfPage& page, const Outline& outline, const Pages& pages) {
    page.space(40);
    writeLogo(page, outline);
    page.text(text(outline.title), PdfPage::font(24, QFont::DemiBold), kText);
    page.text(text(outline.company.empty() ? outline.subtitle : outline.company + " · " + outline.subtitle),
              PdfPage::font(10), kMuted);
    page.space(16);
    page.text(QStringLiteral("Summary"), PdfPage::font(15, QFont::DemiBold), kText);
    if (!outline.verdict.empty())
        page.text(text(outline.verdict), PdfPage::font(11, QFont::DemiBold), kAccent);
    for (const auto& sentence : outline.summary) {
        page.text(text(sentence), PdfPage::font(11), kText);
        page.space(3);
    }
    page.space(16);
    page.text(QStringLiteral("Contents"), PdfPage::font(15, QFont::DemiBold), kText);
    for (const auto& section : outline.sections) {
        const auto found = pages.find(section.id);
        page.contentsLine(text(section.title), found == pages.end() ? 0 : found->second, PdfPage::font(10));
    }
    page.turn();
}

/// One pass: where each section began, and how many pages there are (under "").
Pages typeset(QIODevice& device, const Outline& outline, const Pages& known) {
    QPdfWriter writer(&device);
    writer.setPageSize(QPageSize(QPageSize::A4));
    writer.setPageMargins(QMarginsF(0, 0, 0, 0));
    writer.setResolution(720);
    writer.setTitle(text(outline.title));
    writer.setCreator(QStringLiteral("Hone"));
    const auto count = known.find(std::string());
    PdfPage page(writer, text(outline.title), count == known.end() ? 0 : count->second);
    writeFront(page, outline, known);
    Pages pages;
    for (const auto& section : outline.sections) {
        pages[section.id] = write(page, section);
    }
    pages[{}] = page.number();
    return pages;
}

void loadFonts() {
    static const bool kOnce = [] {
        linkResources();
        for (const char* file : {"HoneInter-Regular.otf", "HoneInter-Medium.otf", "HoneInter-SemiBold.otf"})
            QFontDatabase::addApplicationFont(QStringLiteral(":/fonts/%1").arg(QLatin1String(file)));
        return true;
    }();
    static_cast<void>(kOnce);
}

}  // namespace

Result<QByteArray> pdfOf(const Outline& outline) {
    loadFonts();
    // The contents need the page of every section: the first pass finds them, the second prints them.
    QByteArray draft, document;
    QBuffer first(&draft), second(&document);
    if (!first.open(QIODevice::WriteOnly) || !second.open(QIODevice::WriteOnly))
        return fail(Error::Io, "the PDF of \"{}\" cannot be made", outline.title).hint("Try HTML instead.");
    const Pages pages = typeset(first, outline, {});
    typeset(second, outline, pages);
    return document;
}

Result<QByteArray> pdfOfJson(std::string_view json) {
    const auto document = nlohmann::json::parse(json, nullptr, false);
    if (!document.is_object())
        return fail(Error::Malformed, "the result is no JSON object, so no PDF can be made of it");
    const auto typeset = [](const auto& result) {
        return result ? pdfOf(hone::report::outlineOf(*result)) : fail(Error(result.error()));
    };
    const auto kind = document.find("kind");
    if (kind != document.end() && *kind == "comparison")
        return typeset(model::Comparison::fromJson(document));
    if (kind != document.end() && *kind == "attribution")
        return typeset(model::Attribution::fromJson(document));
    return typeset(model::RunResult::fromJson(document));
}

}  // namespace hone::ui::report
