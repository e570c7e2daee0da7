#include "core/toggles/cache/write_stamps.h"

#include "core/http/hash.h"
#include "core/http/semantics.h"

namespace hone::toggles::cache {
namespace {

/// The path a reference leads to when it stays on this origin (RFC 3986 section 5.2, without dot segments,
/// which no server sends here).
std::string samePlace(std::string_view reference, const http::Request& request) {
    if (reference.empty())
        return {};
    if (const auto scheme = reference.find("//"); scheme == 0 || reference.substr(0, scheme).ends_with(':')) {
        const auto url =
            http::parseUrl(scheme == 0 ? std::string(request.scheme) + ":" + std::string(reference)
                                       : std::string(reference));
        const bool isOurs = url && url->scheme == request.scheme &&
                            http::iequals(url->authority(), request.field("Host").value_or(""));
        return isOurs ? url->path : std::string();
    }
    reference = reference.substr(0, reference.find_first_of("?#"));
    if (reference.starts_with('/'))
        return std::string(reference);
    return std::string(request.path.substr(0, request.path.rfind('/') + 1)) + std::string(reference);
}

}  // namespace

WriteStamps::WriteStamps(std::span<const std::shared_ptr<data::Dataset>> datasets, Scope scope)
    : m_scope(scope) {
    for (const auto& dataset : datasets)
        for (const data::Table& table : dataset->schema().tables)
            m_tables.try_emplace(&table, 0);
}

WriteStamp WriteStamps::now(const data::Dataset* dataset, const data::Table* table) const {
    if (m_scope == Scope::None || m_scope == Scope::Url)
        return 0;
    if (m_scope == Scope::Dataset && dataset)
        return dataset->writeGeneration();
    const auto it = m_tables.find(table);
    // A sum of counts that only grow: equal sums mean equal counts.
    return it == m_tables.end() ? m_all.load() : it->second.load() + m_unknown.load();
}

WriteStamp WriteStamps::ofUpstream(std::string_view path) const {
    return ofHash(path).load() + (m_scope == Scope::Dataset ? m_all.load() : 0);
}

WriteStamp WriteStamps::ofPath(std::string_view path) const {
    return m_scope == Scope::Url ? ofHash(path).load() : 0;
}

std::atomic<WriteStamp>& WriteStamps::ofHash(std::string_view path) const {
    return (*m_paths)[http::xxHash64(path) % kPathCounters];
}

void WriteStamps::wroteTo(const http::Request& request, const http::Response& response) {
    ofHash(request.path).fetch_add(1);
    if (const auto above = request.path.rfind('/');
        (m_scope == Scope::Table || m_scope == Scope::Dataset) && above != request.path.npos && above > 0)
        ofHash(request.path.substr(0, above)).fetch_add(1);
    for (const std::string_view name : {"Location", "Content-Location"})
        if (const auto value = response.field(name))
            if (const auto path = samePlace(*value, request); !path.empty())
                ofHash(path).fetch_add(1);
}

void WriteStamps::wrote(const data::Table* table) {
    m_all.fetch_add(1);
    const auto it = m_tables.find(table);
    (it == m_tables.end() ? m_unknown : it->second).fetch_add(1);
}

}  // namespace hone::toggles::cache
