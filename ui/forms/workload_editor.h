#pragma once

#include "core/model/workload.h"

#include <QDialog>

#include <functional>
#include <optional>

class QLineEdit;
class QPlainTextEdit;
class QStackedWidget;
class QTableWidget;

namespace hone::ui {

class InlineMessage;
class Segmented;

/// Edits who asks for what: a table of requests (method, URL, weight), or the whole workload as JSON. Both
/// are the same workload; switching checks and carries over. Accepting saves by `save`; what it refuses stays
/// on screen with the reason.
class WorkloadEditor : public QDialog {
    Q_OBJECT
public:
    using Save = std::function<Result<>(const model::Workload&)>;
    WorkloadEditor(model::Workload workload, Save save, QWidget* parent = nullptr);
    [[nodiscard]] const model::Workload& workload() const { return m_workload; }

    void accept() override;

private:
    QWidget* makeTablePage();
    void fillTable();
    void addRow(const model::WorkloadRequest& request, int source);
    void showPage(int page);
    /// Reads the page on screen into m_workload, or shows why not.
    bool take(int page);
    [[nodiscard]] Result<model::Workload> fromTable() const;

    model::Workload m_workload;
    Save m_save;
    QLineEdit* m_name;
    Segmented* m_pages;
    QStackedWidget* m_stack;
    QTableWidget* m_table;
    QPlainTextEdit* m_json;
    InlineMessage* m_message;
    int m_page = 0;
};

}  // namespace hone::ui
