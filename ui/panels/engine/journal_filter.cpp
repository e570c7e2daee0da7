#include "ui/panels/engine/journal_filter.h"

#include "core/base/units.h"
#include "ui/format/format.h"
#include "ui/panels/engine/journal_model.h"

#include <algorithm>

namespace hone::ui::engine {

namespace {

/// "404" or "4xx".
bool readStatus(const QString& value, int& from, int& to) {
    if (value.size() != 3 || !value[0].isDigit())
        return false;
    if (value.mid(1).compare(QLatin1String("xx"), Qt::CaseInsensitive) == 0) {
        from = value[0].digitValue() * 100;
        to = from + 99;
        return true;
    }
    bool isNumber = false;
    from = to = value.toInt(&isNumber);
    return isNumber;
}

bool contains(const std::string& text, const QString& word) {
    return ui::text(text).contains(word, Qt::CaseInsensitive);
}

}  // namespace

bool JournalFilter::read(const QString& key, const QString& value, Word& word) {
    if (key == QLatin1String("status")) {
        word.kind = Word::Status;
        return readStatus(value, word.from, word.to);
    }
    if (key == QLatin1String("slower")) {
        word.kind = Word::Slower;
        const auto duration = parseDuration(utf8(value));
        if (duration)
            word.longerThan = *duration;
        return duration.has_value();
    }
    word.kind = key == QLatin1String("method") ? Word::Method : Word::Toggle;
    word.text = value;
    return !value.isEmpty();
}

JournalFilter JournalFilter::parse(const QString& text) {
    static const QStringList kKeys{"status", "method", "toggle", "slower"};
    JournalFilter filter;
    for (QString part : text.split(QLatin1Char(' '), Qt::SkipEmptyParts)) {
        Word word;
        if (part.size() > 1 && part.startsWith(QLatin1Char('-'))) {
            word.negated = true;
            part.remove(0, 1);
        }
        const qsizetype colon = part.indexOf(QLatin1Char(':'));
        const QString key = part.left(colon).toLower();
        if (colon > 0 && kKeys.contains(key)) {
            if (!read(key, part.mid(colon + 1), word)) {
                filter.m_problems << part;
                continue;
            }
        } else {
            word.text = part;
        }
        filter.m_words.push_back(std::move(word));
    }
    return filter;
}

bool JournalFilter::holds(const Word& word, const hone::engine::JournalEntry& entry) {
    switch (word.kind) {
        case Word::Status: return entry.status >= word.from && entry.status <= word.to;
        case Word::Method: return text(entry.method).compare(word.text, Qt::CaseInsensitive) == 0;
        case Word::Slower: return entry.duration > word.longerThan;
        case Word::Toggle:
            return std::ranges::any_of(entry.steps, [&](const hone::engine::JournalStep& step) {
                return text(step.name).startsWith(word.text, Qt::CaseInsensitive);
            });
        case Word::Text: break;
    }
    return contains(entry.target, word.text) || contains(entry.endpoint, word.text) ||
           contains(entry.why, word.text);
}

bool JournalFilter::matches(const hone::engine::JournalEntry& entry) const {
    return std::ranges::all_of(m_words, [&](const Word& word) { return holds(word, entry) != word.negated; });
}

bool JournalRows::filterAcceptsRow(int row, const QModelIndex&) const {
    const auto* model = static_cast<const JournalModel*>(sourceModel());
    return m_filter.isEmpty() || m_filter.matches(model->at(row));
}

}  // namespace hone::ui::engine
