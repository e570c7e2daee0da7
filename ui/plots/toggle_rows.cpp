#include "ui/plots/toggle_rows.h"

#include "ui/format/format.h"

#include <algorithm>

namespace hone::ui::plots {

namespace {

constexpr std::size_t kNamed = 5;  ///< As many as there are colours; more rows would be too thin to read.
constexpr Role kRoles[kNamed] = {Role::Series1, Role::Series2, Role::Series3, Role::Series4, Role::Series5};

struct Share {
    QString name;
    double us = 0;
    int toggles = 1;
};

/// The costliest first; from the sixth on, all in one.
std::vector<Share> sharesOf(const std::map<std::string, double>& times) {
    std::vector<Share> shares;
    for (const auto& [id, us] : times)
        if (us > 0)
            shares.push_back({text(id), us});
    std::ranges::stable_sort(shares, std::greater(), &Share::us);
    if (shares.size() <= kNamed + 1)
        return shares;
    Share rest{{}, 0, static_cast<int>(shares.size() - kNamed)};
    for (std::size_t i = kNamed; i < shares.size(); ++i)
        rest.us += shares[i].us;
    rest.name = QObject::tr("%1 others").arg(rest.toggles);
    shares.resize(kNamed);
    shares.push_back(rest);
    return shares;
}

}  // namespace

std::vector<BarRow> toggleRows(const model::RunResult& run) {
    const std::vector<Share> shares = sharesOf(run.toggleUsPerRequest);
    if (shares.empty())
        return {};
    double sum = 0;
    for (const Share& share : shares)
        sum += share.us;
    BarRow all{QObject::tr("All toggles"), micros(sum),
               QObject::tr("Mean time a request spends in the stages of all toggles that are on"), 0, sum};
    std::vector<BarRow> rows;
    double at = 0;
    for (std::size_t i = 0; i < shares.size(); ++i) {
        const Share& share = shares[i];
        const Role role = i < kNamed ? kRoles[i] : Role::Muted;
        rows.push_back({share.name, QStringLiteral("%1 · %2").arg(micros(share.us), percent(share.us / sum)),
                        QObject::tr("Mean time of a request in these stages, and its share of all toggles"),
                        at, at + share.us, role});
        all.pieces.push_back({at, at + share.us, role});
        at += share.us;
    }
    if (rows.size() > 1)
        rows.insert(rows.begin(), all);
    return rows;
}

}  // namespace hone::ui::plots
