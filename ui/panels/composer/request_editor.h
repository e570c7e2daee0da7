#pragma once

#include "core/compose/request.h"

#include <QWidget>

class QComboBox;
class QLineEdit;
class QPushButton;
class QSpinBox;
class QCheckBox;
class QStackedWidget;

namespace hone::ui {
class CodeView;
class Segmented;
}  // namespace hone::ui

namespace hone::ui::composer {

class RowTable;

/// Edits one request: method, URL, version, Send; below, params, headers, body, settings.
class RequestEditor : public QWidget {
    Q_OBJECT
public:
    explicit RequestEditor(QWidget* parent = nullptr);
    void setRequest(const compose::Request& request);
    [[nodiscard]] compose::Request request() const;
    void setBusy(bool busy);
    void focusUrl();

signals:
    void edited();
    void send();
    void cancel();
    void save();
    void copyAsCurl();

private:
    [[nodiscard]] QWidget* makeBodyPage();
    [[nodiscard]] QWidget* makeSettingsPage();

    compose::Request m_original;  ///< Name and unknown members.
    QComboBox* m_method;
    QLineEdit* m_url;
    QComboBox* m_version;
    QPushButton* m_send;
    Segmented* m_tabs;
    QStackedWidget* m_pages;
    RowTable* m_params;
    RowTable* m_headers;
    Segmented* m_bodyType = nullptr;
    CodeView* m_body = nullptr;
    QSpinBox* m_timeout = nullptr;
    QCheckBox* m_redirects = nullptr;
    bool m_busy = false;
    bool m_loading = false;
};

}  // namespace hone::ui::composer
