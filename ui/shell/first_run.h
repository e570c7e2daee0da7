#pragma once

#include <QWidget>

class QLineEdit;

namespace hone::ui {

class InlineMessage;

/// What a new workspace shows: three starts and nothing else – sample data, my file, my API's URL.
class FirstRun : public QWidget {
    Q_OBJECT
public:
    explicit FirstRun(QWidget* parent = nullptr);

signals:
    void sampleChosen();
    void fileRequested();
    void urlChosen(const QString& url);

private:
    void takeUrl();

    QLineEdit* m_url;
    InlineMessage* m_refusal;
};

}  // namespace hone::ui
