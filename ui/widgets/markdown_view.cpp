#include "ui/widgets/markdown_view.h"

#include "ui/theme/theme.h"

#include <QScrollBar>
#include <QTextBlock>
#include <QTextDocument>
#include <QTextFragment>
#include <QTextTable>

#include <algorithm>
#include <vector>

namespace hone::ui {

namespace {

bool isCodeBlock(const QTextBlock& block) {
    return block.isValid() && (block.blockFormat().hasProperty(QTextFormat::BlockCodeLanguage) ||
                               block.blockFormat().hasProperty(QTextFormat::BlockCodeFence));
}

/// Gives every run of letters of a block the format `change` makes of its present one.
template <class Change>
void forEachFragment(QTextDocument& document, const QTextBlock& block, Change change) {
    struct Run {
        int from, to;
        QTextCharFormat format;
    };
    std::vector<Run> runs;  // Collected first: changing a format may join fragments under the iterator.
    for (auto it = block.begin(); !it.atEnd(); ++it)
        runs.push_back({it.fragment().position(), it.fragment().position() + it.fragment().length(),
                        change(it.fragment().charFormat())});
    for (const Run& run : runs) {
        QTextCursor cursor(&document);
        cursor.setPosition(run.from);
        cursor.setPosition(run.to, QTextCursor::KeepAnchor);
        cursor.setCharFormat(run.format);
    }
}

void setHeading(QTextDocument& document, const QTextBlock& block, int level) {
    const int sizes[] = {20, 15, 13};
    QFont heading = ui::font(FontRole::Body);
    heading.setPixelSize(sizes[std::clamp(level, 1, 3) - 1]);
    heading.setWeight(QFont::DemiBold);
    forEachFragment(document, block, [&heading](QTextCharFormat format) {
        format.clearProperty(QTextFormat::FontSizeAdjustment);  // Qt's reader enlarges headings by itself.
        format.setFont(heading);
        return format;
    });
    QTextBlockFormat format;
    format.setTopMargin(level == 1 ? 0 : 16);
    format.setBottomMargin(6);
    QTextCursor(block).mergeBlockFormat(format);
}

/// Code in the mono font (Qt's reader marks it as fixed pitch only), and bold in the heaviest weight our font
/// has.
void setLetters(QTextDocument& document, const QTextBlock& block) {
    const bool fenced = isCodeBlock(block);
    forEachFragment(document, block, [fenced](QTextCharFormat format) {
        const bool inlineCode = format.fontFixedPitch() && !fenced;
        if (fenced || inlineCode)
            format.setFont(ui::font(FontRole::Mono));
        if (inlineCode)
            format.setBackground(color(Role::Pressed));
        if (format.fontWeight() > QFont::DemiBold)
            format.setFontWeight(QFont::DemiBold);
        return format;
    });
}

void setParagraph(const QTextBlock& block) {
    const bool code = isCodeBlock(block);
    QTextCursor cursor(block);
    QTextBlockFormat format;
    format.setLineHeight(code ? 100 : 130, QTextBlockFormat::ProportionalHeight);
    format.setTopMargin(0);
    if (!cursor.currentTable())
        format.setBottomMargin(code && isCodeBlock(block.next()) ? 0 : block.textList() ? 3 : 8);
    if (code)
        format.setBackground(color(Role::Hover));
    cursor.mergeBlockFormat(format);
}

void setTables(QTextFrame* frame) {
    for (QTextFrame* child : frame->childFrames()) {
        if (auto* table = qobject_cast<QTextTable*>(child)) {
            QTextTableFormat format = table->format();
            format.setBorder(0);
            format.setCellPadding(5);
            format.setCellSpacing(0);
            format.setBorderCollapse(true);
            format.setBorder(1);
            format.setBorderBrush(color(Role::Line));
            format.setBorderStyle(QTextFrameFormat::BorderStyle_Solid);
            format.setTopMargin(6);
            format.setBottomMargin(10);
            table->setFormat(format);
        }
        setTables(child);
    }
}

}  // namespace

MarkdownView::MarkdownView(QWidget* parent) : QTextBrowser(parent) {
    setFrameShape(QFrame::NoFrame);
    setOpenLinks(false);
    setSearchPaths({":/docs"});
    document()->setDocumentMargin(0);
    document()->setIndentWidth(20);
    connect(&Theme::instance(), &Theme::changed, this, [this] { showMarkdown(m_markdown); });
}

void MarkdownView::showMarkdown(const QString& markdown) {
    const bool same = markdown == m_markdown;
    const int at = verticalScrollBar()->value();
    m_markdown = markdown;
    document()->setDefaultFont(ui::font(FontRole::Body));
    setMarkdown(markdown);
    restyle();
    verticalScrollBar()->setValue(same ? at : 0);
}

void MarkdownView::restyle() {
    QTextDocument& doc = *document();
    setTables(doc.rootFrame());
    for (QTextBlock block = doc.begin(); block.isValid(); block = block.next()) {
        if (const int level = block.blockFormat().headingLevel(); level > 0) {
            setHeading(doc, block, level);
        } else {
            setLetters(doc, block);
            setParagraph(block);
        }
    }
}

}  // namespace hone::ui
