#include "core/store/result_repository.h"

#include <nlohmann/json.hpp>

namespace hone::store {
namespace {

constexpr char kColumns[] =
    "id, kind, started_at, name, note, tags, profile, profile_b, workload, source, target, dataset, p50_us, "
    "p95_us, p99_us, "
    "rps, error_rate, seconds, bytes_per_request, requests, verdict, sentence, partial, sparkline";

std::int64_t millis(std::chrono::system_clock::time_point time) {
    return std::chrono::duration_cast<std::chrono::milliseconds>(time.time_since_epoch()).count();
}

template <class T>
std::vector<T> listFrom(std::string_view json) {
    const auto parsed = nlohmann::json::parse(json, nullptr, false);
    return parsed.is_array() ? parsed.get<std::vector<T>>() : std::vector<T>{};
}

RunSummary rowOf(const sqlite::Statement& row) {
    const auto text = [&](int column) { return std::string(row.text(column)); };
    const auto real = [&](int column) { return sqlite3_column_double(row.get(), column); };
    RunSummary s;
    s.id = text(0);
    s.kind = text(1);
    s.startedAt = std::chrono::system_clock::time_point(std::chrono::milliseconds(row.integer(2)));
    s.name = text(3);
    s.note = text(4);
    s.tags = listFrom<std::string>(row.text(5));
    s.profile = text(6);
    s.profileB = text(7);
    s.workload = text(8);
    s.source = text(9);
    s.target = text(10);
    s.dataset = text(11);
    s.p50Us = real(12);
    s.p95Us = real(13);
    s.p99Us = real(14);
    s.rps = real(15);
    s.errorRate = real(16);
    s.seconds = real(17);
    s.bytesPerRequest = real(18);
    s.requests = static_cast<std::uint64_t>(row.integer(19));
    s.verdict = text(20);
    s.sentence = text(21);
    s.partial = row.integer(22) != 0;
    s.sparkline = listFrom<double>(row.text(23));
    return s;
}

std::string likePattern(std::string_view search) {
    std::string pattern = "%";
    for (const char c : search) {
        if (c == '%' || c == '_' || c == '\\')
            pattern += '\\';
        pattern += c;
    }
    return pattern + "%";
}

}  // namespace

RunSummary summarise(const model::RunResult& run) {
    RunSummary s{
        .id = run.id, .kind = "run", .name = run.name, .note = run.note, .profile = run.profile.name};
    s.workload = run.workload.name;
    s.source = run.source;
    s.target = run.target;
    s.dataset = run.dataset;
    s.tags = run.tags;
    s.startedAt = run.startedAt;
    s.p50Us = static_cast<double>(run.latency.quantile(0.5));
    s.p95Us = static_cast<double>(run.latency.quantile(0.95));
    s.p99Us = static_cast<double>(run.latency.quantile(0.99));
    s.rps = run.rps();
    s.errorRate = run.errorRate();
    s.seconds = run.measuredS;
    s.bytesPerRequest = run.bytesPerRequest();
    s.requests = run.requests;
    s.partial = run.partial;
    for (const auto& interval : run.series)
        if (!interval.warmup)
            s.sparkline.push_back(interval.p95Us);
    return s;
}

RunSummary summarise(const model::Comparison& comparison) {
    RunSummary s = summarise(comparison.b);
    s.id = comparison.id;
    s.kind = "comparison";
    s.name = comparison.name;
    s.note = comparison.note;
    s.tags = comparison.tags;
    s.profile = comparison.a.profile.name;
    s.profileB = comparison.b.profile.name;
    s.startedAt = comparison.startedAt;
    s.seconds = comparison.a.measuredS + comparison.b.measuredS;
    s.requests = comparison.a.requests + comparison.b.requests;
    s.verdict = stats::verdictId(comparison.verdict);
    s.sentence = comparison.sentence;
    s.partial = comparison.partial;
    s.sparkline.clear();
    for (const auto& block : comparison.blocks)
        if (const auto p95 = block.metrics.find("p95"); block.arm == 1 && p95 != block.metrics.end())
            s.sparkline.push_back(p95->second);
    return s;
}

RunSummary summarise(const model::Attribution& attribution) {
    RunSummary s{.id = attribution.id,
                 .kind = "attribution",
                 .name = attribution.name,
                 .note = attribution.note,
                 .profile = attribution.base.name,
                 .profileB = attribution.recommended.name,
                 .workload = attribution.workload.name,
                 .target = attribution.target,
                 .dataset = attribution.dataset};
    s.tags = attribution.tags;
    s.startedAt = attribution.startedAt;
    s.sentence = attribution.sentence;
    s.partial = attribution.partial;
    // The numbers of the recommended profile: as confirmed by measurement, else as predicted.
    if (attribution.confirmation) {
        const RunSummary measured = summarise(attribution.confirmation->b);
        s.p50Us = measured.p50Us;
        s.p95Us = measured.p95Us;
        s.p99Us = measured.p99Us;
        s.rps = measured.rps;
        s.errorRate = measured.errorRate;
        s.bytesPerRequest = measured.bytesPerRequest;
    } else {
        const std::pair<std::string_view, double*> figures[] = {{"p50", &s.p50Us},
                                                                {"p95", &s.p95Us},
                                                                {"p99", &s.p99Us},
                                                                {"rps", &s.rps},
                                                                {"bytes", &s.bytesPerRequest}};
        for (const auto& change : attribution.predicted)
            for (const auto& [metric, into] : figures)
                if (change.metric == metric)
                    *into = change.to;
    }
    for (const auto& stage : attribution.stages)
        for (const auto& run : stage.runs) {
            s.seconds += run.seconds;
            s.requests += run.requests;
        }
    if (const auto* stage = attribution.decisive())
        for (const auto& run : stage->runs)
            if (const auto p95 = run.metrics.find("p95"); p95 != run.metrics.end())
                s.sparkline.push_back(p95->second);
    return s;
}

Result<> ResultRepository::save(const RunSummary& s, const std::string& body) {
    auto statement =
        m_db.prepare(fmt::format("INSERT OR REPLACE INTO results ({}, body) VALUES "
                                 "(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
                                 kColumns));
    if (!statement)
        return fail(std::move(statement.error()));
    const std::string tags = nlohmann::json(s.tags).dump(), sparkline = nlohmann::json(s.sparkline).dump();
    int at = 0;
    const auto text = [&](std::string_view value) { statement->bind(++at, value); };
    text(s.id);
    text(s.kind);
    statement->bind(++at, millis(s.startedAt));
    for (const std::string* value :
         {&s.name, &s.note, &tags, &s.profile, &s.profileB, &s.workload, &s.source, &s.target, &s.dataset})
        text(*value);
    for (const double value : {s.p50Us, s.p95Us, s.p99Us, s.rps, s.errorRate, s.seconds, s.bytesPerRequest})
        statement->bind(++at, value);
    statement->bind(++at, static_cast<std::int64_t>(s.requests));
    text(s.verdict);
    text(s.sentence);
    statement->bind(++at, std::int64_t{s.partial});
    text(sparkline);
    text(body);
    return statement->run();
}

Result<std::vector<RunSummary>> ResultRepository::list(std::string_view search) const {
    auto statement = m_db.prepare(fmt::format(
        "SELECT {} FROM results WHERE removed_at IS NULL AND (?1 = '' OR name LIKE ?2 ESCAPE '\\' OR note "
        "LIKE ?2 "
        "ESCAPE '\\' OR tags LIKE ?2 ESCAPE '\\' OR profile LIKE ?2 ESCAPE '\\' OR profile_b LIKE ?2 ESCAPE "
        "'\\' OR "
        "workload LIKE ?2 ESCAPE '\\' OR dataset LIKE ?2 ESCAPE '\\' OR sentence LIKE ?2 ESCAPE '\\' OR "
        "source LIKE ?2 ESCAPE '\\') ORDER BY started_at DESC, id DESC",
        kColumns));
    if (!statement)
        return fail(std::move(statement.error()));
    const std::string pattern = likePattern(search);
    statement->bind(1, search);
    statement->bind(2, std::string_view(pattern));
    std::vector<RunSummary> all;
    while (true) {
        auto row = statement->step();
        if (!row)
            return fail(std::move(row.error()));
        if (!*row)
            return all;
        all.push_back(rowOf(*statement));
    }
}

Result<RunSummary> ResultRepository::find(std::string_view id) const {
    const bool last = id == "last";
    auto statement = m_db.prepare(
        fmt::format("SELECT {} FROM results WHERE removed_at IS NULL AND (?1 OR id LIKE ?2 ESCAPE '\\') "
                    "ORDER BY id = ?3 DESC, started_at DESC, id DESC LIMIT 2",
                    kColumns));
    if (!statement)
        return fail(std::move(statement.error()));
    const std::string pattern = likePattern(id).substr(1);
    statement->bind(1, std::int64_t{last});
    statement->bind(2, std::string_view(pattern));
    statement->bind(3, id);
    auto row = statement->step();
    if (!row)
        return fail(std::move(row.error()));
    if (!*row)
        return fail(Error::NotFound, "there is no result \"{}\"", id)
            .hint("The runs panel and `hone report` list them.");
    auto found = rowOf(*statement);
    if (last || found.id == id)
        return found;
    auto second = statement->step();
    if (second && *second)
        return fail(Error::InvalidArgument, "\"{}\" begins more than one result: {}, {}, …", id, found.id,
                    rowOf(*statement).id)
            .hint("Give more characters.");
    return found;
}

Result<std::string> ResultRepository::body(std::string_view id) const {
    auto statement = m_db.prepare("SELECT body FROM results WHERE id = ? AND removed_at IS NULL");
    if (!statement)
        return fail(std::move(statement.error()));
    statement->bind(1, id);
    auto row = statement->step();
    if (!row)
        return fail(std::move(row.error()));
    if (!*row)
        return fail(Error::NotFound, "there is no result \"{}\"", id)
            .hint("The runs panel and `hone report` list them.");
    return std::string(statement->text(0));
}

Result<> ResultRepository::annotate(std::string_view id, std::string_view name, std::string_view note,
                                    const std::vector<std::string>& tags, const std::string& body) {
    auto statement = m_db.prepare("UPDATE results SET name = ?, note = ?, tags = ?, body = ? WHERE id = ?");
    if (!statement)
        return fail(std::move(statement.error()));
    const std::string tagText = nlohmann::json(tags).dump();
    statement->bind(1, name);
    statement->bind(2, note);
    statement->bind(3, std::string_view(tagText));
    statement->bind(4, std::string_view(body));
    statement->bind(5, id);
    return statement->run();
}

Result<> ResultRepository::setRemoved(std::string_view id, bool removed) {
    auto statement =
        m_db.prepare("UPDATE results SET removed_at = CASE WHEN ?1 THEN unixepoch() END WHERE id = ?2");
    if (!statement)
        return fail(std::move(statement.error()));
    statement->bind(1, std::int64_t{removed});
    statement->bind(2, id);
    if (auto done = statement->run(); !done)
        return done;
    if (sqlite3_changes(m_db.get()) == 0)
        return fail(Error::NotFound, "there is no result \"{}\"", id);
    return {};
}

Result<> ResultRepository::forgetRemoved() {
    return m_db.exec("DELETE FROM results WHERE removed_at IS NOT NULL");
}

}  // namespace hone::store
