#include "core/toggles/advanced/answer_samples.h"

#include "core/data/rows.h"

#include <algorithm>

namespace hone::toggles::advanced {
namespace {

constexpr std::int64_t kReach = 20'000;
constexpr std::int64_t kListRows = 10, kItems = 3, kMostLists = 300;

void addAnswers(const data::RowSet& rows, Style style, std::vector<std::string>& samples) {
    const auto json = style == Style::Pretty ? data::JsonStyle::Pretty : data::JsonStyle::Minified;
    data::writeJsonArray(rows, json, samples.emplace_back());
    const auto items = std::min<std::size_t>(rows.rowCount(), kItems);
    for (std::size_t i = 0; i < items; ++i)
        data::writeJsonObject(rows, i * rows.rowCount() / items, json, samples.emplace_back());
}

}  // namespace

std::string_view styleName(Style style) { return style == Style::Pretty ? "pretty" : "minified"; }

Style styleOf(std::string_view json) {
    return json.size() > 1 && json[1] == '\n' ? Style::Pretty : Style::Minified;
}

Result<std::vector<std::string>> sampleAnswers(data::Dataset& dataset, const data::Table& table, Style style,
                                               std::size_t bytes, std::stop_token stop) {
    auto session = dataset.session({.pooledConnection = false, .cachedStatements = true});
    if (!session)
        return fail(std::move(session.error()));
    const auto reach = std::min(table.rowCount, kReach);
    const auto lists = std::clamp<std::int64_t>(reach / kListRows, 1, kMostLists);
    std::vector<std::string> samples;
    std::size_t size = 0;
    for (std::int64_t i = 0; i < lists && size < bytes; ++i) {
        if (stop.stop_requested())
            return fail(Error::Cancelled, "sampling {} was stopped", table.name);
        const auto rows =
            (*session)->select({.table = table.name, .limit = kListRows, .offset = i * reach / lists});
        if (!rows)
            return fail(rows.error());
        if (rows->rowCount() == 0)
            break;
        const auto from = samples.size();
        addAnswers(*rows, style, samples);
        for (auto at = from; at < samples.size(); ++at)
            size += samples[at].size();
    }
    dataset.release(std::move(*session));
    return samples;
}

}  // namespace hone::toggles::advanced
