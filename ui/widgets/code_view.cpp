#include "ui/widgets/code_view.h"

#include "ui/theme/theme.h"

#include <Qsci/qscilexerjson.h>

#include <QStringDecoder>

namespace hone::ui {
namespace {

constexpr qsizetype kHexLimit = 64 * 1024;  // a dump longer than that is read with other tools

QString hexDump(const QByteArray& bytes) {
    QString out;
    for (qsizetype at = 0; at < std::min(bytes.size(), kHexLimit); at += 16) {
        const auto row = bytes.mid(at, 16);
        QString text;
        for (const char c : row)
            text += c >= 0x20 && c < 0x7f ? QChar(c) : QChar('.');
        out += QString("%1  %2  %3\n")
                   .arg(at, 8, 16, QChar('0'))
                   .arg(QString::fromLatin1(row.toHex(' ')), -47)
                   .arg(text);
    }
    if (bytes.size() > kHexLimit)
        out += QObject::tr("… %1 more bytes").arg(bytes.size() - kHexLimit);
    return out;
}

}  // namespace

CodeView::CodeView(QWidget* parent) : QsciScintilla(parent) {
    setUtf8(true);
    setEolMode(EolUnix);
    setFrameShape(QFrame::NoFrame);
    setIndentationsUseTabs(false);
    setTabWidth(2);
    setAutoIndent(true);
    setBraceMatching(SloppyBraceMatch);
    setFolding(PlainFoldStyle, 2);
    setMarginType(0, NumberMargin);
    setMarginLineNumbers(0, true);
    setMarginWidth(1, 0);
    SendScintilla(SCI_SETSCROLLWIDTHTRACKING, 1);
    SendScintilla(SCI_SETSCROLLWIDTH, 1);
    m_json = new QsciLexerJSON(this);
    restyle();
    connect(&Theme::instance(), &Theme::changed, this, &CodeView::restyle);
}

void CodeView::setLanguage(Language language) {
    m_language = language;
    restyle();
}

void CodeView::setBytes(const QByteArray& bytes) {
    QStringDecoder decoder(QStringDecoder::Utf8);
    const QString text = decoder.decode(bytes);
    const bool isText = !decoder.hasError() && !bytes.contains('\0');
    const bool wasReadOnly = isReadOnly();
    setReadOnly(false);
    setText(isText ? text : hexDump(bytes));
    setReadOnly(wasReadOnly);
    setMarginWidth(0, QString::number(std::max(100, lines())) + "0");
}

bool CodeView::find(const QString& text, bool forward) {
    if (text.isEmpty())
        return false;
    int line = 0, column = 0;
    getCursorPosition(&line, &column);
    if (!forward && hasSelectedText()) {
        int toLine = 0, toColumn = 0;
        getSelection(&line, &column, &toLine, &toColumn);
    }
    return findFirst(text, false, false, false, true, forward, line, column);
}

void CodeView::restyle() {
    const QFont mono = ui::font(FontRole::Mono);
    const QColor paper = ui::color(Role::Surface), text = ui::color(Role::Text),
                 muted = ui::color(Role::Muted);
    m_json->setDefaultFont(mono);
    m_json->setFont(mono, -1);
    m_json->setPaper(paper, -1);
    m_json->setColor(text, -1);
    m_json->setColor(ui::color(Role::Accent), QsciLexerJSON::Property);
    m_json->setColor(ui::color(Role::Good), QsciLexerJSON::String);
    m_json->setColor(ui::color(Role::Warn), QsciLexerJSON::Number);
    m_json->setColor(ui::color(Role::Series4), QsciLexerJSON::Keyword);
    m_json->setColor(muted, QsciLexerJSON::Operator);
    setLexer(m_language == Language::Json ? m_json : nullptr);
    setFont(mono);
    setPaper(paper);
    setColor(text);
    setCaretForegroundColor(text);
    setSelectionBackgroundColor(ui::color(Role::Selection));
    setSelectionForegroundColor(text);
    setMarginsFont(mono);
    setMarginsBackgroundColor(paper);
    setMarginsForegroundColor(muted);
    setFoldMarginColors(paper, paper);
    setMatchedBraceBackgroundColor(ui::color(Role::Selection));
    setMatchedBraceForegroundColor(text);
    setUnmatchedBraceForegroundColor(ui::color(Role::Bad));
    setUnmatchedBraceBackgroundColor(paper);
}

}  // namespace hone::ui
