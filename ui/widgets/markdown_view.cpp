#include "ui/widgets/markdown_view.h"

#include "ui/theme/theme.h"

#include <QScrollBar>
#include <QTextBlock>
#include <QTextDocument>
#include <QTextFragment>
#include <QTextTable>

namespace hone::ui {

namespace {

bool isCodeBlock(const QTextBlock& block) {
    return block.isValid() && (block.blockFormat().hasProperty(QTextFormat::BlockCodeLanguage) ||
                               block.blockFormat().hasProperty(QTextFormat::BlockCodeFence));
}

void setHeading(QTextCursor& cursor, int level) {
    const int sizes[] = {20, 15, 13, 13, 13, 13};
    QTextCharFormat letters;
    QFont heading = ui::font(FontRole::Body);
    heading.setPixelSize(sizes[std::clamp(level, 1, 6) - 1]);
    heading.setWeight(QFont::DemiBold);
    letters.setFont(heading);
    letters.setProperty(QTextFormat::FontSizeAdjustment, 0);  // Qt's reader enlarges headings by itself.
    cursor.mergeCharFormat(letters);
    QTextBlockFormat block;
    block.setTopMargin(level == 1 ? 0 : 18);
    block.setBottomMargin(6);
    cursor.mergeBlockFormat(block);
}

/// Code in the mono font (Qt's reader marks it as fixed pitch only), and bold in the heaviest weight our font
/// has.
void setLetters(QTextDocument& document, const QTextBlock& block) {
    const bool fenced = isCodeBlock(block);
    for (auto it = block.begin(); !it.atEnd(); ++it) {
        const QTextFragment fragment = it.fragment();
        const bool code = fenced || fragment.charFormat().fontFixedPitch();
        const bool bold = fragment.charFormat().fontWeight() > QFont::DemiBold;
        if (!code && !bold)
            continue;
        QTextCursor cursor(&document);
        cursor.setPosition(fragment.position());
        cursor.setPosition(fragment.position() + fragment.length(), QTextCursor::KeepAnchor);
        QTextCharFormat letters;
        if (code)
            letters.setFont(ui::font(FontRole::Mono));
        if (code && !fenced)
            letters.setBackground(color(Role::Pressed));
        if (bold)
            letters.setFontWeight(QFont::DemiBold);
        cursor.mergeCharFormat(letters);
    }
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
    std::vector<int> blocks;
    for (QTextBlock block = doc.begin(); block.isValid(); block = block.next())
        blocks.push_back(block.blockNumber());
    for (const int number : blocks) {
        const QTextBlock block = doc.findBlockByNumber(number);
        QTextCursor cursor(block);
        cursor.select(QTextCursor::BlockUnderCursor);
        if (const int level = block.blockFormat().headingLevel(); level > 0) {
            setHeading(cursor, level);
        } else {
            QTextBlockFormat format;
            const bool code = isCodeBlock(block);
            format.setLineHeight(130, QTextBlockFormat::ProportionalHeight);
            format.setTopMargin(0);
            if (!cursor.currentTable())
                format.setBottomMargin(code && isCodeBlock(block.next()) ? 0 : block.textList() ? 3 : 8);
            if (code)
                format.setBackground(color(Role::Hover));
            cursor.mergeBlockFormat(format);
            setLetters(doc, block);
        }
    }
}

}  // namespace hone::ui
