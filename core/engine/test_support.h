#pragma once

// For the tests of this folder: toggles whose hooks a test writes, a table in memory, a loop a test turns by
// hand.

#include "core/engine/worker.h"

#include <condition_variable>
#include <deque>

namespace hone::engine::test {

/// What the hooks of one fake toggle do, besides being written to the log. Unset: nothing.
struct Behaviour {
    std::function<void(Exchange&)> admit, plan, encode, store, finish;
    std::function<Lookup(Exchange&, Resume&)> lookup;
    std::function<bool(Exchange&)> represent;
    std::optional<Error> makeError;
};

inline constexpr int kFakes = 3;  ///< "one", "two", "three".
inline constexpr std::string_view kFakeIds[kFakes] = {"one", "two", "three"};

/// What happened, in order; and the behaviours. Reset by fresh().
struct Script {
    std::mutex mutex;
    std::vector<std::string> calls;  ///< Guarded by mutex: "one.admit".
    std::array<Behaviour, kFakes> behaviour;
    std::array<int, kFakes> made{}, reset{};
    std::vector<std::string> purges;  ///< "one /api/things* tag".
    std::string trouble;              ///< Of "one".

    void log(int fake, std::string_view what) {
        const std::lock_guard lock(mutex);
        calls.push_back(fmt::format("{}.{}", kFakeIds[fake], what));
    }
    std::vector<std::string> taken() {
        const std::lock_guard lock(mutex);
        return std::exchange(calls, {});
    }
};
inline Script& script() {
    static Script kScript;
    return kScript;
}
inline void fresh() {
    auto& s = script();
    s.calls.clear();
    s.behaviour = {};
    s.made = {};
    s.reset = {};
    s.purges.clear();
    s.trouble.clear();
}

class FakeStage final : public Stage {
public:
    explicit FakeStage(int fake) : m_fake(fake) {}
    void admit(Exchange& x) override { act("admit", x, mine().admit); }
    Lookup lookup(Exchange& x, Resume& resume) override {
        script().log(m_fake, "lookup");
        return mine().lookup ? mine().lookup(x, resume) : Lookup::Continue;
    }
    void plan(Exchange& x) override { act("plan", x, mine().plan); }
    bool represent(Exchange& x) override {
        script().log(m_fake, "represent");
        return mine().represent && mine().represent(x);
    }
    void encode(Exchange& x) override { act("encode", x, mine().encode); }
    void store(Exchange& x) override { act("store", x, mine().store); }
    void finish(Exchange& x) override { act("finish", x, mine().finish); }

private:
    [[nodiscard]] Behaviour& mine() const { return script().behaviour[static_cast<std::size_t>(m_fake)]; }
    void act(std::string_view what, Exchange& x, const std::function<void(Exchange&)>& hook) const {
        script().log(m_fake, what);
        if (hook)
            hook(x);
    }
    const int m_fake;
};

/// Answers "at PATH" on the loop.
class FakePath final : public Endpoint {
public:
    [[nodiscard]] std::string_view name() const override { return "fake path"; }
    [[nodiscard]] bool blocks() const override { return false; }
    void handle(Exchange& exchange) const override {
        exchange.response.body = fmt::format("at {}", exchange.request.path);
    }
};

class FakeState final : public State {
public:
    FakeState(int fake, std::int64_t size) : m_fake(fake), m_size(size) {}
    std::unique_ptr<Stage> makeStage() override { return std::make_unique<FakeStage>(m_fake); }
    void readCounters(std::span<double> out) const override { out[0] = static_cast<double>(m_size); }
    void reset() override { ++script().reset[static_cast<std::size_t>(m_fake)]; }
    std::uint64_t purge(const Purge& what) override {
        script().purges.push_back(fmt::format("{} {} {}", kFakeIds[m_fake], what.url, what.tag));
        return 2;
    }
    [[nodiscard]] const Endpoint* endpoint(std::string_view path) const override {
        return path.ends_with("/nothing") ? nullptr : &m_path;
    }
    [[nodiscard]] std::string trouble() const override {
        return m_fake == 0 ? script().trouble : std::string();
    }

private:
    const int m_fake;
    const std::int64_t m_size;
    const FakePath m_path;
};

template <int Fake>
Result<std::shared_ptr<State>> makeFake(const ToggleContext& context) {
    if (const auto& error = script().behaviour[Fake].makeError)
        return fail(*error);
    ++script().made[Fake];
    return std::make_shared<FakeState>(Fake, context.params.integer("size"));
}

inline const Param kFakeParams[] = {
    {.id = "size", .label = "Size", .help = "How much.", .initial = 10, .min = 1, .max = 100}};
inline const Counter kFakeCounters[] = {{.id = "size", .label = "Size", .kind = Counter::Level}};
inline constexpr std::uint16_t kAllPhases = 0xFF;
inline constexpr std::string_view kFakePaths[] = {"/two", "/twos/"};

/// The catalogue of the three.
inline Catalogue fakes() {
    static const ToggleDef kDefs[] = {{.id = "one",
                                       .number = 1,
                                       .title = "One",
                                       .phases = kAllPhases,
                                       .params = kFakeParams,
                                       .counters = kFakeCounters,
                                       .make = makeFake<0>},
                                      {.id = "two",
                                       .number = 2,
                                       .title = "Two",
                                       .phases = kAllPhases,
                                       .params = kFakeParams,
                                       .counters = kFakeCounters,
                                       .paths = kFakePaths,
                                       .make = makeFake<1>},
                                      {.id = "three",
                                       .number = 3,
                                       .title = "Three",
                                       .phases = phaseBits({Phase::Plan}),
                                       .params = kFakeParams,
                                       .counters = kFakeCounters,
                                       .make = makeFake<2>}};
    static const ToggleDef* const kList[] = {&kDefs[0], &kDefs[1], &kDefs[2]};
    return kList;
}

inline model::Profile profileOf(std::initializer_list<std::string_view> on, std::int64_t size = 10) {
    model::Profile profile;
    for (const auto id : on)
        profile.toggles.emplace(std::string(id),
                                model::ToggleSetting{.on = true, .params = {{"size", size}}});
    return profile;
}

/// One table "things" with id and name; key 1 is "first". Only reading works.
class FakeDataset final : public data::Dataset {
public:
    explicit FakeDataset(std::string name = "fake", std::string table = "things") : m_name(std::move(name)) {
        m_schema.tables.push_back({.name = std::move(table),
                                   .columns = {{"id", data::ColumnType::Integer, false}, {"name"}},
                                   .key = "id",
                                   .rowCount = 1});
    }
    [[nodiscard]] const std::string& name() const override { return m_name; }
    [[nodiscard]] const data::Schema& schema() const override { return m_schema; }
    Result<std::unique_ptr<data::Session>> session(const data::Access& access) override {
        lastAccess = access;
        return std::make_unique<FakeSession>(m_schema.tables[0]);
    }
    void release(std::unique_ptr<data::Session>) override { ++released; }
    [[nodiscard]] std::uint64_t writeGeneration() const override { return 0; }

    data::Access lastAccess;
    std::atomic<int> released{0};

private:
    class FakeSession final : public data::Session {
    public:
        explicit FakeSession(const data::Table& table) : m_table(table) {}
        Result<data::RowSet> select(const data::Query&) override { return row(); }
        Result<std::int64_t> count(const data::Query&) override { return 1; }
        Result<std::optional<data::RowSet>> byKey(const data::Table&, std::string_view key) override {
            return key == "1" ? std::optional(row()) : std::nullopt;
        }
        Result<data::RowSet> columnStats(const data::Table&) override { return row(); }
        Result<data::RowSet> groupCounts(const data::Table&, std::string_view, int) override { return row(); }
        Result<data::RowSet> insert(const data::Table&, const nlohmann::json&) override { return readOnly(); }
        Result<std::optional<data::RowSet>> update(const data::Table&, std::string_view,
                                                   const nlohmann::json&, bool) override {
            return readOnly();
        }
        Result<bool> remove(const data::Table&, std::string_view) override { return readOnly(); }
        [[nodiscard]] data::SqlStats stats() const override { return {}; }

    private:
        static Failure readOnly() { return fail(Error::Unsupported, "the fake table is read-only"); }
        [[nodiscard]] data::RowSet row() const {
            data::RowSet rows{.columns = m_table.columns, .arena = "first"};
            rows.cells.push_back({.kind = data::Cell::Integer, .integer = 1});
            data::Cell text{.kind = data::Cell::Text, .length = 5};
            text.offset = 0;
            rows.cells.push_back(text);
            return rows;
        }
        const data::Table& m_table;
    };

    const std::string m_name;
    data::Schema m_schema;
};

/// A request with its buffers; a Responder that keeps what it was told.
class Asked final : public net::Responder::Sink {
public:
    explicit Asked(std::string target, std::vector<http::FieldView> fields = {{"Host", "localhost"}},
                   std::string_view method = "GET")
        : m_target(std::move(target)), m_fields(std::move(fields)) {
        const std::string_view whole = m_target;
        const auto mark = whole.find('?');
        m_request.method = http::methodFrom(method);
        m_request.methodText = method;
        m_request.target = whole;
        m_request.path = whole.substr(0, mark);
        m_request.query = mark == std::string_view::npos ? std::string_view() : whole.substr(mark + 1);
        m_request.fields = m_fields;
        m_request.received = monotonicNow();
    }
    Asked(const Asked&) = delete;
    Asked& operator=(const Asked&) = delete;

    [[nodiscard]] const http::Request& request() const { return m_request; }
    [[nodiscard]] net::Responder responder() { return {nullptr, this}; }
    void respond(http::Response&& response) override {
        ++answers;
        got = std::move(response);
    }

    int answers = 0;
    http::Response got;

private:
    const std::string m_target;
    const std::vector<http::FieldView> m_fields;
    http::Request m_request;
};

/// An event loop turned by hand: what other threads post waits until the test runs it.
class HandLoop {
public:
    [[nodiscard]] Worker::Post post() {
        return [this](std::function<void()> task) {
            const std::lock_guard lock(m_mutex);
            m_tasks.push_back(std::move(task));
            m_came.notify_one();
        };
    }
    /// Runs what was posted so far.
    void runPosted() {
        std::unique_lock lock(m_mutex);
        auto tasks = std::exchange(m_tasks, {});
        lock.unlock();
        for (auto& task : tasks)
            task();
    }
    /// Runs posted tasks, waiting for them, until `asked` is answered.
    void runUntilAnswered(const Asked& asked) {
        while (asked.answers == 0) {
            std::unique_lock lock(m_mutex);
            m_came.wait(lock, [this] { return !m_tasks.empty(); });
            auto task = std::move(m_tasks.front());
            m_tasks.pop_front();
            lock.unlock();
            task();
        }
    }

private:
    std::mutex m_mutex;
    std::condition_variable m_came;
    std::deque<std::function<void()>> m_tasks;  ///< Guarded by m_mutex.
};

/// A core with one loop on the fake table and the fake toggles, without sockets.
class Bench {
public:
    explicit Bench(int poolThreads = 0, Catalogue catalogue = fakes()) {
        EngineOptions options;
        options.datasets = {dataset};
        options.catalogue = catalogue;
        options.poolThreads = poolThreads;
        auto router = Router::create(options.datasets);
        core = std::make_shared<EngineCore>(std::move(options), std::move(*router), clock);
        if (poolThreads > 0)
            pool = std::make_unique<ThreadPool>("pool", poolThreads);
        core->pool = pool.get();
        worker = std::make_shared<Worker>(core, 0);
        worker->setPost(loop.post());
    }
    ~Bench() {
        pool.reset();
        core->pool = nullptr;
    }
    Bench(const Bench&) = delete;
    Bench& operator=(const Bench&) = delete;

    void ask(Asked& asked) { worker->handle(asked.request(), asked.responder()); }

    FakeClock clock;
    std::shared_ptr<FakeDataset> dataset = std::make_shared<FakeDataset>();
    std::shared_ptr<EngineCore> core;
    HandLoop loop;
    std::unique_ptr<ThreadPool> pool;
    std::shared_ptr<Worker> worker;
};

}  // namespace hone::engine::test
