#include "ui/panels/composer/request_editor.h"

#include "ui/panels/composer/row_table.h"
#include "ui/widgets/code_view.h"
#include "ui/widgets/widgets.h"

#include <QCheckBox>
#include <QComboBox>
#include <QFormLayout>
#include <QLineEdit>
#include <QShortcut>
#include <QSpinBox>
#include <QStackedWidget>
#include <QToolButton>
#include <QVBoxLayout>

namespace hone::ui::composer {
namespace {

const QStringList kBodyTypes{"none", "json", "text", "form"};

}  // namespace

RequestEditor::RequestEditor(QWidget* parent)
    : QWidget(parent),
      m_method(new QComboBox(this)),
      m_url(new QLineEdit(this)),
      m_version(new QComboBox(this)),
      m_send(primaryButton(tr("Send"), {}, this)),
      m_tabs(new Segmented({tr("Params"), tr("Headers"), tr("Body"), tr("Settings")}, this)),
      m_pages(new QStackedWidget(this)),
      m_params(new RowTable(tr("Query parameters"), this)),
      m_headers(new RowTable(tr("Request headers"), this)) {
    m_method->setEditable(true);  // PURGE, QUERY and whatever comes next are typed
    m_method->addItems({"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"});
    m_method->setAccessibleName(tr("Method"));
    m_method->setFixedWidth(104);
    m_url->setPlaceholderText(tr("{{engine}}/api/cities, or any URL"));
    m_url->setAccessibleName(tr("URL"));
    m_url->setFont(ui::font(FontRole::Mono));
    m_version->addItems({tr("Auto"), "HTTP/1.1", "HTTP/2"});
    m_version->setToolTip(tr("HTTP version. HTTP/2 is negotiated in the TLS handshake."));
    m_send->setToolTip(tr("Send (Ctrl+Enter)"));
    auto* curl = plainButton(tr("Copy as cURL"), "edit-copy", this);
    auto* saveButton = plainButton(tr("Save"), "document-save", this);
    saveButton->setToolTip(tr("Save in the collection (Ctrl+S)"));

    auto* line = new QHBoxLayout;
    line->setSpacing(space::kGap);
    for (auto* widget : std::initializer_list<QWidget*>{m_method, m_url, m_version, m_send})
        line->addWidget(widget, widget == m_url ? 1 : 0);
    auto* tabLine = new QHBoxLayout;
    tabLine->setSpacing(space::kGap);
    tabLine->addWidget(m_tabs);
    tabLine->addStretch();
    tabLine->addWidget(curl);
    tabLine->addWidget(saveButton);
    for (auto* page : {static_cast<QWidget*>(m_params), static_cast<QWidget*>(m_headers), makeBodyPage(),
                       makeSettingsPage()})
        m_pages->addWidget(page);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(space::kPadding, space::kGap, space::kPadding, space::kGap);
    layout->setSpacing(space::kGap);
    layout->addLayout(line);
    layout->addLayout(tabLine);
    layout->addWidget(m_pages, 1);

    connect(m_tabs, &Segmented::currentChanged, m_pages, &QStackedWidget::setCurrentIndex);
    connect(m_send, &QPushButton::clicked, this, [this] { m_busy ? emit cancel() : emit send(); });
    connect(m_url, &QLineEdit::returnPressed, this, &RequestEditor::send);
    for (const auto* keys : {"Ctrl+Return", "Ctrl+Enter"})
        connect(new QShortcut(QKeySequence(keys), this), &QShortcut::activated, this, &RequestEditor::send);
    connect(new QShortcut(QKeySequence::Save, this), &QShortcut::activated, this, &RequestEditor::save);
    connect(saveButton, &QPushButton::clicked, this, &RequestEditor::save);
    connect(curl, &QPushButton::clicked, this, &RequestEditor::copyAsCurl);
    const auto changed = [this] {
        if (!m_loading)
            emit edited();
    };
    connect(m_url, &QLineEdit::textChanged, this, changed);
    connect(m_method, &QComboBox::currentTextChanged, this, changed);
    connect(&m_params->rowModel(), &RowModel::edited, this, changed);
    connect(&m_headers->rowModel(), &RowModel::edited, this, changed);
    connect(m_body, &QsciScintilla::textChanged, this, changed);
}

QWidget* RequestEditor::makeBodyPage() {
    auto* page = new QWidget(this);
    m_bodyType = new Segmented({tr("None"), tr("JSON"), tr("Text"), tr("Form")}, page);
    m_body = new CodeView(page);
    m_body->setAccessibleName(tr("Request body"));
    auto* layout = new QVBoxLayout(page);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(space::kGap);
    layout->addWidget(m_bodyType, 0, Qt::AlignLeft);
    layout->addWidget(m_body, 1);
    const auto adapt = [this](int index) {
        m_body->setEnabled(index > 0);
        m_body->setLanguage(index == 1 ? CodeView::Language::Json : CodeView::Language::Plain);
        if (!m_loading)
            emit edited();
    };
    connect(m_bodyType, &Segmented::currentChanged, this, adapt);
    m_loading = true;
    adapt(0);
    m_loading = false;
    return page;
}

QWidget* RequestEditor::makeSettingsPage() {
    auto* page = new QWidget(this);
    m_timeout = new QSpinBox(page);
    m_timeout->setRange(1, 3'600'000);
    m_timeout->setSuffix(tr(" ms"));
    m_timeout->setValue(30'000);
    m_timeout->setFixedWidth(140);
    m_redirects = new QCheckBox(tr("Follow redirects"), page);
    m_redirects->setChecked(true);
    auto* layout = new QFormLayout(page);
    layout->setContentsMargins(0, space::kGap, 0, 0);
    layout->addRow(tr("Time limit"), m_timeout);
    layout->addRow(QString(), m_redirects);
    connect(m_timeout, &QSpinBox::valueChanged, this, [this] {
        if (!m_loading)
            emit edited();
    });
    connect(m_redirects, &QCheckBox::toggled, this, [this] {
        if (!m_loading)
            emit edited();
    });
    return page;
}

void RequestEditor::setRequest(const compose::Request& request) {
    m_loading = true;
    m_original = request;
    m_method->setCurrentText(request.method);
    m_url->setText(request.url);
    m_version->setCurrentIndex(static_cast<int>(request.version));
    m_params->rowModel().setRows(request.params);
    m_headers->rowModel().setRows(request.headers);
    m_bodyType->setCurrent(std::max(0, static_cast<int>(kBodyTypes.indexOf(request.bodyType))));
    m_body->setEnabled(request.bodyType != "none");
    m_body->setLanguage(request.bodyType == "json" ? CodeView::Language::Json : CodeView::Language::Plain);
    m_body->setBytes(request.body);
    m_timeout->setValue(request.timeoutMs);
    m_redirects->setChecked(request.followRedirects);
    m_loading = false;
}

compose::Request RequestEditor::request() const {
    compose::Request request = m_original;
    request.method = m_method->currentText().trimmed().toUpper();
    request.url = m_url->text().trimmed();
    request.version = static_cast<compose::HttpVersion>(m_version->currentIndex());
    request.params = m_params->rowModel().rows();
    request.headers = m_headers->rowModel().rows();
    request.bodyType = kBodyTypes[m_bodyType->current()];
    request.body = m_body->text().toUtf8();
    request.timeoutMs = m_timeout->value();
    request.followRedirects = m_redirects->isChecked();
    return request;
}

void RequestEditor::setBusy(bool busy) {
    m_busy = busy;
    m_send->setText(busy ? tr("Cancel") : tr("Send"));
}

void RequestEditor::focusUrl() {
    m_url->setFocus();
    m_url->selectAll();
}

}  // namespace hone::ui::composer
