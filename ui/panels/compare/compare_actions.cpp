// What can be done with a finished comparison, and what others ask of the Compare panel.

#include "ui/format/format.h"
#include "ui/panels/compare/compare_controls.h"
#include "ui/panels/compare/compare_panel.h"
#include "ui/panels/compare/explore_page.h"
#include "ui/panels/compare/matrix_page.h"
#include "ui/report/comparison_view.h"
#include "ui/widgets/widgets.h"

#include <QFileDialog>
#include <QSettings>
#include <QStackedWidget>

#include <algorithm>

namespace hone::ui::compare {

void ComparePanel::keepB() {
    const model::Profile& b = m_comparison->b.profile;
    const auto saved = std::ranges::find(m_workspace.profiles(), b.name, &model::Profile::name);
    if (saved != m_workspace.profiles().end() && saved->sameSettings(b)) {
        m_workspace.selectProfile(text(b.name));
    } else if (auto changed = m_workspace.change(b); !changed) {
        m_controls->showError(changed.error());
        return;
    }
    emit said(tr("The engine now runs %1").arg(text(b.name)));
}

QString ComparePanel::baseline() const {
    const QString promoted = QSettings().value("compare/baseline").toString();
    const auto known = std::ranges::find(m_workspace.profiles(), utf8(promoted), &model::Profile::name);
    return known != m_workspace.profiles().end() ? promoted : QStringLiteral("baseline");
}

void ComparePanel::promoteB() {
    const QString name = text(m_comparison->b.profile.name);
    QSettings().setValue("compare/baseline", name);
    m_controls->choose(name, {});
    emit said(tr("Profiles are now measured against %1").arg(name));
}

void ComparePanel::exportB() {
    model::Profile profile = m_comparison->b.profile;
    if (profile.name.ends_with('*'))
        profile.name.pop_back();  // The mark of unsaved changes is not part of the name.
    const QString ending = QStringLiteral(".profile.json");
    QString file =
        QFileDialog::getSaveFileName(this, tr("Export B's configuration"),
                                     text(profile.name).replace(QLatin1Char('/'), QLatin1Char('-')) + ending,
                                     QStringLiteral("*%1").arg(ending));
    if (file.isEmpty())
        return;
    if (!file.endsWith(QLatin1String(".json")))
        file += ending;
    if (auto written = profile.save(file.toStdString()); !written)
        m_controls->showError(written.error());
    else
        emit said(tr("Wrote %1").arg(file));
}

void ComparePanel::open(const QString& argument) {
    if (argument.isEmpty() || m_job != 0)
        return;
    showQuestion(0);
    const auto known = std::ranges::find(m_workspace.profiles(), utf8(argument), &model::Profile::name);
    if (known != m_workspace.profiles().end()) {
        // A profile against itself would answer nothing: baseline is measured against the next best question
        // instead.
        m_controls->choose(baseline(), argument == baseline() ? QString() : argument);
        m_stack->setCurrentIndex(m_comparison ? m_stack->indexOf(m_result) : 0);
        return;
    }
    store::Store& store = m_workspace.store();
    m_workspace.jobs().start(
        tr("Opening comparison"), this,
        [&store, id = utf8(argument)](std::stop_token, JobReporter&) { return store.comparison(id); },
        [this](Result<model::Comparison> comparison) {
            if (!comparison)
                m_controls->showError(comparison.error());
            else
                showComparison(std::make_shared<const model::Comparison>(std::move(*comparison)));
        });
}

bool ComparePanel::demonstrate(const QString& state) {
    if (m_job != 0 && state != QLatin1String("full"))
        stop();
    if (state == QLatin1String("empty")) {
        showQuestion(0);
        m_comparison.reset();
        m_foot->hide();
        m_stack->setCurrentIndex(0);
        return true;
    }
    if (state == QLatin1String("full")) {
        showQuestion(0);
        m_controls->choose(QStringLiteral("baseline"), {});
        m_controls->selectWorkload(QStringLiteral("Single city lookups"));
        m_controls->setCare(QStringLiteral("6"), QStringLiteral("250ms"), QStringLiteral("2 %"));
        run();
        return true;
    }
    if (state == QLatin1String("explore")) {
        showQuestion(1);
        m_explore->demonstrate();
        return true;
    }
    if (state == QLatin1String("matrix")) {
        showQuestion(2);
        m_matrix->demonstrate();
        return true;
    }
    if (state == QLatin1String("error")) {
        showQuestion(0);
        m_controls->setCare(QStringLiteral("3"), QStringLiteral("1s"),
                            QStringLiteral("2 %"));  // Too few pairs for any answer.
        run();
        return true;
    }
    return false;
}

}  // namespace hone::ui::compare
