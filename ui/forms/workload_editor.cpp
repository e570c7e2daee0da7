#include "ui/forms/workload_editor.h"

#include "ui/format/format.h"
#include "ui/forms/fields.h"
#include "ui/widgets/widgets.h"

#include <QComboBox>
#include <QDialogButtonBox>
#include <QHeaderView>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QStackedWidget>
#include <QStyledItemDelegate>
#include <QTableWidget>
#include <QVBoxLayout>

namespace hone::ui {

namespace {

constexpr int kMethod = 0, kUrl = 1, kWeight = 2, kSourceRole = Qt::UserRole;

class MethodDelegate : public QStyledItemDelegate {
public:
    using QStyledItemDelegate::QStyledItemDelegate;
    QWidget* createEditor(QWidget* parent, const QStyleOptionViewItem&, const QModelIndex&) const override {
        auto* box = new QComboBox(parent);
        box->addItems({QStringLiteral("GET"), QStringLiteral("POST"), QStringLiteral("PUT"),
                       QStringLiteral("PATCH"), QStringLiteral("DELETE"), QStringLiteral("HEAD")});
        return box;
    }
    void setEditorData(QWidget* editor, const QModelIndex& index) const override {
        static_cast<QComboBox*>(editor)->setCurrentText(index.data().toString());
    }
    void setModelData(QWidget* editor, QAbstractItemModel* model, const QModelIndex& index) const override {
        model->setData(index, static_cast<QComboBox*>(editor)->currentText());
    }
};

}  // namespace

WorkloadEditor::WorkloadEditor(model::Workload workload, Save save, QWidget* parent)
    : QDialog(parent),
      m_workload(std::move(workload)),
      m_save(std::move(save)),
      m_name(new QLineEdit(this)),
      m_pages(new Segmented({tr("Requests"), tr("JSON")}, this)),
      m_stack(new QStackedWidget(this)),
      m_table(new QTableWidget),
      m_json(new QPlainTextEdit),
      m_message(new InlineMessage(this)) {
    setWindowTitle(tr("Workload"));
    resize(760, 520);
    m_name->setText(text(m_workload.name));
    m_name->setAccessibleName(tr("Name of the workload"));
    m_name->setToolTip(tr("Saved under this name in the workspace; another name makes a copy"));
    m_json->setFont(ui::font(FontRole::Mono));
    m_json->setAccessibleName(tr("Workload as JSON"));
    m_json->setToolTip(
        tr("Everything a workload can say: variables, files of values, values taken from answers, "
           "stages, replays, client caches; see Workloads in the help"));
    m_stack->addWidget(makeTablePage());
    m_stack->addWidget(m_json);
    auto* buttons = new QDialogButtonBox(this);
    auto* saveButton = primaryButton(tr("Save workload"), {}, this);
    buttons->addButton(saveButton, QDialogButtonBox::AcceptRole);
    buttons->addButton(plainButton(tr("Cancel"), {}, this), QDialogButtonBox::RejectRole);
    connect(buttons, &QDialogButtonBox::accepted, this, &WorkloadEditor::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(m_pages, &Segmented::currentChanged, this, &WorkloadEditor::showPage);

    auto* top = new QHBoxLayout;
    top->addWidget(sectionLabel(tr("Name"), this));
    top->addWidget(m_name, 1);
    top->addWidget(m_pages);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(space::kPadding, space::kPadding, space::kPadding, space::kPadding);
    column->setSpacing(space::kGap);
    column->addLayout(top);
    column->addWidget(m_message);
    column->addWidget(m_stack, 1);
    column->addWidget(buttons);
    fillTable();
}

QWidget* WorkloadEditor::makeTablePage() {
    m_table->setColumnCount(3);
    m_table->setHorizontalHeaderLabels({tr("Method"), tr("URL"), tr("Weight")});
    m_table->horizontalHeader()->setSectionResizeMode(kUrl, QHeaderView::Stretch);
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setDefaultSectionSize(space::kRowTall);
    m_table->setShowGrid(false);
    m_table->setItemDelegateForColumn(kMethod, new MethodDelegate(m_table));
    m_table->setEditTriggers(QAbstractItemView::AllEditTriggers);
    m_table->setAccessibleName(tr("Requests"));
    m_table->setToolTip(
        tr("A URL beginning with / goes to the target; {{name}} is a variable, defined under JSON"));
    auto* add = plainButton(tr("Add request"), QStringLiteral("list-add"));
    auto* removeButton = plainButton(tr("Remove"), QStringLiteral("list-remove"));
    connect(add, &QPushButton::clicked, this, [this] {
        addRow({.method = "GET", .url = "/api/"}, -1);
        m_table->editItem(m_table->item(m_table->rowCount() - 1, kUrl));
    });
    connect(removeButton, &QPushButton::clicked, this, [this] { m_table->removeRow(m_table->currentRow()); });
    auto* row = new QHBoxLayout;
    row->addWidget(add);
    row->addWidget(removeButton);
    row->addStretch();
    auto* page = new QWidget;
    auto* column = new QVBoxLayout(page);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(m_table, 1);
    column->addLayout(row);
    return page;
}

void WorkloadEditor::fillTable() {
    m_table->setRowCount(0);
    for (std::size_t i = 0; i < m_workload.requests.size(); ++i)
        addRow(m_workload.requests[i], static_cast<int>(i));
}

void WorkloadEditor::addRow(const model::WorkloadRequest& request, int source) {
    const int row = m_table->rowCount();
    m_table->insertRow(row);
    auto* method = new QTableWidgetItem(text(request.method));
    method->setData(kSourceRole, source);
    m_table->setItem(row, kMethod, method);
    m_table->setItem(row, kUrl, new QTableWidgetItem(text(request.url)));
    m_table->setItem(row, kWeight, new QTableWidgetItem(QString::number(request.weight)));
}

Result<model::Workload> WorkloadEditor::fromTable() const {
    model::Workload made = m_workload;
    made.name = utf8(m_name->text().trimmed());
    made.requests.clear();
    for (int row = 0; row < m_table->rowCount(); ++row) {
        const int source = m_table->item(row, kMethod)->data(kSourceRole).toInt();
        // Headers and body have no column here; they stay with their request.
        model::WorkloadRequest request =
            source >= 0 ? m_workload.requests[static_cast<std::size_t>(source)] : model::WorkloadRequest{};
        request.method = utf8(m_table->item(row, kMethod)->text());
        request.url = utf8(m_table->item(row, kUrl)->text().trimmed());
        bool isNumber = false;
        request.weight = m_table->item(row, kWeight)->text().toDouble(&isNumber);
        if (!isNumber)
            return fail(Error::InvalidArgument, "the weight of request {} is not a number: \"{}\"", row + 1,
                        utf8(m_table->item(row, kWeight)->text()))
                .hint("A request of weight 3 is sent three times as often as one of weight 1.");
        made.requests.push_back(std::move(request));
    }
    return model::Workload::fromJson(made.toJson());
}

bool WorkloadEditor::take(int page) {
    Result<model::Workload> read = fromTable();
    if (page == 1) {
        const auto json = nlohmann::json::parse(utf8(m_json->toPlainText()), nullptr, false);
        if (json.is_discarded())
            read = fail(Error::Malformed, "this is not JSON")
                       .hint("Look for a missing comma, quote or bracket.");
        else
            read = model::Workload::fromJson(json);
    }
    if (!read) {
        m_message->show(InlineMessage::Kind::Error, sentence(read.error().what), text(read.error().hint));
        return false;
    }
    m_message->clear();
    read->folder = m_workload.folder;  // Files it names lie where they lay; JSON does not tell.
    m_workload = std::move(*read);
    return true;
}

void WorkloadEditor::showPage(int page) {
    if (page == m_page)
        return;
    if (!take(m_page)) {
        m_pages->setCurrent(m_page);
        return;
    }
    m_page = page;
    m_name->setEnabled(page == 0);
    m_name->setText(text(m_workload.name));
    if (page == 0)
        fillTable();
    else
        m_json->setPlainText(text(m_workload.toJson().dump(2)));
    m_stack->setCurrentIndex(page);
}

void WorkloadEditor::accept() {
    if (!take(m_page))
        return;
    if (auto saved = m_save(m_workload); !saved) {
        m_message->show(InlineMessage::Kind::Error, sentence(saved.error().what), text(saved.error().hint));
        return;
    }
    QDialog::accept();
}

}  // namespace hone::ui
