#pragma once

#include "core/store/store.h"

#include <QDialog>

class QLineEdit;
class QPlainTextEdit;

namespace hone::ui::runs {

/// Name, tags and note of a kept run.
class AnnotateDialog : public QDialog {
    Q_OBJECT
public:
    explicit AnnotateDialog(const store::RunSummary& run, QWidget* parent = nullptr);
    [[nodiscard]] std::string name() const;
    [[nodiscard]] std::string note() const;
    [[nodiscard]] std::vector<std::string> tags() const;  ///< Without '#', no doubles, in the order typed.

private:
    QLineEdit *m_name, *m_tags;
    QPlainTextEdit* m_note;
};

}  // namespace hone::ui::runs
