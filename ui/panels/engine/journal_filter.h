#pragma once

#include "core/engine/engine.h"

#include <QSortFilterProxyModel>
#include <QString>
#include <QStringList>

#include <vector>

namespace hone::ui::engine {

/// What the filter line of the journal says: words that must all hold. "status:404", "status:5xx",
/// "method:POST", "toggle:cache" (a stage that had a part in it), "slower:10ms"; any other word is looked for
/// in target, endpoint and the reason. A leading '-' turns a word round. A value type.
class JournalFilter {
public:
    [[nodiscard]] static JournalFilter parse(const QString& text);
    [[nodiscard]] bool matches(const hone::engine::JournalEntry& entry) const;
    [[nodiscard]] bool isEmpty() const { return m_words.empty(); }
    /// What of the text does not read ("status:abc"); such words are left out.
    [[nodiscard]] const QStringList& problems() const { return m_problems; }

private:
    struct Word {
        enum Kind { Text, Status, Method, Toggle, Slower } kind = Text;
        bool negated = false;
        QString text;
        int from = 0, to = 0;  ///< Status range.
        Nanos longerThan{0};
    };
    [[nodiscard]] static bool read(const QString& key, const QString& value, Word& word);
    [[nodiscard]] static bool holds(const Word& word, const hone::engine::JournalEntry& entry);

    std::vector<Word> m_words;
    QStringList m_problems;
};

/// The rows of a JournalModel that match.
class JournalRows : public QSortFilterProxyModel {
    Q_OBJECT
public:
    using QSortFilterProxyModel::QSortFilterProxyModel;
    void setFilter(JournalFilter filter) {
        m_filter = std::move(filter);
        invalidateFilter();
    }

protected:
    [[nodiscard]] bool filterAcceptsRow(int row, const QModelIndex& parent) const override;

private:
    JournalFilter m_filter;
};

}  // namespace hone::ui::engine
