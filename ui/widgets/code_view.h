#pragma once

#include <Qsci/qsciscintilla.h>

class QsciLexer;

namespace hone::ui {

/// A text editor for bodies and files in theme roles: folding, line numbers, search (Ctrl+F is its owner's),
/// large files. Highlights JSON; other text is plain. Thread: GUI.
class CodeView : public QsciScintilla {
    Q_OBJECT
public:
    explicit CodeView(QWidget* parent = nullptr);
    enum class Language { Plain, Json };
    void setLanguage(Language language);
    /// Shows UTF-8 bytes; what is not UTF-8 is shown as a hex dump.
    void setBytes(const QByteArray& bytes);
    /// Finds from the cursor on, wrapping; false when there is none.
    bool find(const QString& text, bool forward = true);

private:
    void restyle();
    QsciLexer* m_json = nullptr;
    Language m_language = Language::Plain;
};

}  // namespace hone::ui
