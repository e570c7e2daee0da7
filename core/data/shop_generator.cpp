#include "core/data/dataset.h"
#include "core/data/new_database.h"
#include "core/data/shop_random.h"
#include "core/data/shop_words.h"

#include <chrono>

namespace hone::data {
namespace shop {

std::string timeText(std::int64_t seconds) {
    using namespace std::chrono;
    const auto time = sys_seconds(std::chrono::seconds(seconds));
    const auto day = floor<days>(time);
    const year_month_day date(day);
    const hh_mm_ss clock(time - day);
    return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", int(date.year()), unsigned(date.month()),
                       unsigned(date.day()), clock.hours().count(), clock.minutes().count(),
                       clock.seconds().count());
}

namespace {

constexpr std::int64_t kMinRows = 1'000, kMaxRows = 40'000'000;
constexpr std::int64_t kOpened = 1'514'764'800;      // 2018-01-01: the first customer
constexpr std::int64_t kFirstOrder = 1'672'531'200;  // 2023-01-01
constexpr std::int64_t kLastOrder = 1'767'225'600;   // 2026-01-01
constexpr std::int64_t kDay = 86'400;

constexpr char kSchema[] = R"(
CREATE TABLE customers(id INTEGER PRIMARY KEY NOT NULL, name TEXT NOT NULL, email TEXT NOT NULL, city TEXT NOT NULL,
  country TEXT NOT NULL, phone TEXT, newsletter BOOLEAN NOT NULL, created_at TEXT NOT NULL);
CREATE TABLE products(id INTEGER PRIMARY KEY NOT NULL, name TEXT NOT NULL, category TEXT NOT NULL, price REAL NOT NULL,
  stock INTEGER NOT NULL, weight_kg REAL, available BOOLEAN NOT NULL, description TEXT NOT NULL);
CREATE TABLE orders(id INTEGER PRIMARY KEY NOT NULL, customer_id INTEGER NOT NULL REFERENCES customers(id),
  status TEXT NOT NULL, payment TEXT NOT NULL, ordered_at TEXT NOT NULL, shipped_at TEXT, total REAL NOT NULL);
CREATE TABLE order_items(id INTEGER PRIMARY KEY NOT NULL, order_id INTEGER NOT NULL REFERENCES orders(id),
  product_id INTEGER NOT NULL REFERENCES products(id), quantity INTEGER NOT NULL, unit_price REAL NOT NULL);
CREATE TABLE reviews(id INTEGER PRIMARY KEY NOT NULL, product_id INTEGER NOT NULL REFERENCES products(id),
  customer_id INTEGER NOT NULL REFERENCES customers(id), rating INTEGER NOT NULL, title TEXT NOT NULL, body TEXT NOT NULL,
  created_at TEXT NOT NULL);
)";

/// 10 % customers, 5 % products, 25 % orders, 50 % order items, the rest reviews.
struct Sizes {
    std::int64_t customers, products, orders, items, reviews;
    explicit Sizes(std::int64_t rows)
        : customers(rows / 10),
          products(rows / 20),
          orders(rows / 4),
          items(rows / 2),
          reviews(rows - customers - products - orders - items) {}
};

/// Fills one shop; every number comes from one generator in a fixed order. Money is counted in cents.
class Generator {
public:
    Generator(const sqlite::Connection& db, std::int64_t rows, std::uint64_t seed, std::stop_token stop,
              const OnProgress& onProgress)
        : m_db(db),
          m_rows(rows),
          m_sizes(rows),
          m_random(seed),
          m_stop(std::move(stop)),
          m_onProgress(onProgress) {}

    Result<> run() {
        if (const auto created = m_db.exec(kSchema); !created)
            return created;
        for (const auto part :
             {&Generator::customers, &Generator::products, &Generator::orders, &Generator::reviews})
            if (const auto done = (this->*part)(); !done)
                return done;
        return {};
    }

private:
    Result<> customers();
    Result<> products();
    Result<> orders();
    Result<> reviews();

    /// Binds what it is given in order, inserts, and answers Cancelled once asked to stop. Texts are bound in
    /// place.
    template <class... Values>
    Result<> insert(sqlite::Statement& statement, const Values&... values) {
        int index = 0;
        (bindOne(statement, ++index, values), ...);
        const auto done = statement.step();
        statement.reset();
        if (!done)
            return fail(done.error());
        if (m_stop.stop_requested())
            return fail(Error::Cancelled, "making the shop was stopped after {} rows", m_done);
        if (m_onProgress && m_done % 8192 == 0)
            m_onProgress({m_done, m_rows});
        ++m_done;
        return {};
    }
    static void bindOne(sqlite::Statement& s, int at, std::int64_t value) { s.bind(at, value); }
    static void bindOne(sqlite::Statement& s, int at, double value) { s.bind(at, value); }
    static void bindOne(sqlite::Statement& s, int at, std::string_view value) { s.bind(at, value); }
    static void bindOne(sqlite::Statement& s, int at, const std::optional<std::string>& value) {
        value ? s.bind(at, std::string_view(*value)) : s.bindNull(at);
    }
    static double money(std::int64_t cents) { return static_cast<double>(cents) / 100.0; }
    [[nodiscard]] bool chance(int percent) {
        return m_random.index(100) < static_cast<std::uint64_t>(percent);
    }
    /// How many items each order has: one each, the others fall at random.
    std::vector<std::uint16_t> itemsPerOrder();
    std::string sentences(const std::string_view* list, std::size_t size, std::size_t count);

    const sqlite::Connection& m_db;
    std::int64_t m_rows;
    Sizes m_sizes;
    SplitMix64 m_random;
    std::stop_token m_stop;
    const OnProgress& m_onProgress;
    std::int64_t m_done = 0;
    std::vector<std::int64_t> m_priceCents;  ///< By product id - 1.
};

std::string Generator::sentences(const std::string_view* list, std::size_t size, std::size_t count) {
    std::string out;
    const std::size_t first = m_random.index(size);
    for (std::size_t i = 0; i < count; ++i) {
        out += i > 0 ? " " : "";
        out += list[(first + i) % size];
    }
    return out;
}

Result<> Generator::customers() {
    auto statement = m_db.prepare("INSERT INTO customers VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
    if (!statement)
        return fail(std::move(statement.error()));
    for (std::int64_t id = 1; id <= m_sizes.customers; ++id) {
        const std::string name =
            fmt::format("{} {}", pick(m_random, kFirstNames), pick(m_random, kLastNames));
        const City& city = pickEarly(m_random, kCities);
        const std::string email =
            fmt::format("customer{}@example.{}", id, chance(60) ? "com" : "org");  // RFC 2606
        std::optional<std::string> phone;
        if (chance(70))
            phone = fmt::format("+00 555 {:07}", m_random.index(10'000'000));
        const std::int64_t newsletter = chance(35) ? 1 : 0;
        const std::int64_t span = (kFirstOrder - kOpened) / m_sizes.customers;
        const std::string created =
            timeText(kOpened + (id - 1) * span + static_cast<std::int64_t>(m_random.index(span)));
        if (const auto done = insert(*statement, id, std::string_view(name), std::string_view(email),
                                     city.name, city.country, phone, newsletter, std::string_view(created));
            !done)
            return done;
    }
    return {};
}

Result<> Generator::products() {
    auto statement = m_db.prepare("INSERT INTO products VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
    if (!statement)
        return fail(std::move(statement.error()));
    for (std::int64_t id = 1; id <= m_sizes.products; ++id) {
        const Category& category = pick(m_random, kCategories);
        const std::string name = fmt::format("{} {} {}", pick(m_random, kAdjectives),
                                             pick(m_random, kMaterials), pick(m_random, category.things));
        // Cheap things are more common: a squared uniform leans to the low end. Prices end in 5 or 9.
        const double u = m_random.uniform();
        const auto tens = static_cast<std::int64_t>(
            (category.lowPrice + (category.highPrice - category.lowPrice) * u * u) * 10);
        m_priceCents.push_back(tens * 10 + (chance(70) ? 9 : 5));
        const auto stock = static_cast<std::int64_t>(chance(8) ? 0 : m_random.index(500));
        std::optional<double> weight;
        if (chance(80))
            weight = static_cast<double>(5 + m_random.index(1500)) / 100.0;
        const std::int64_t available = stock > 0 || chance(50) ? 1 : 0;
        const std::string text = sentences(kSelling, std::size(kSelling), 2 + m_random.index(3));
        weight ? statement->bind(6, *weight) : statement->bindNull(6);
        for (auto [at, value] : {std::pair{1, id}, {5, stock}, {7, available}})
            statement->bind(at, value);
        statement->bind(2, std::string_view(name));
        statement->bind(3, category.name);
        statement->bind(4, money(m_priceCents.back()));
        statement->bind(8, std::string_view(text));
        if (const auto done = insert(*statement); !done)
            return done;
    }
    return {};
}

std::vector<std::uint16_t> Generator::itemsPerOrder() {
    std::vector<std::uint16_t> counts(static_cast<std::size_t>(m_sizes.orders), 1);
    for (std::int64_t extra = m_sizes.items - m_sizes.orders; extra > 0; --extra)
        ++counts[m_random.index(counts.size())];
    return counts;
}

Result<> Generator::orders() {
    auto order = m_db.prepare("INSERT INTO orders VALUES (?, ?, ?, ?, ?, ?, ?)");
    auto item = m_db.prepare("INSERT INTO order_items VALUES (?, ?, ?, ?, ?)");
    if (!order || !item)
        return fail(std::move(order ? item.error() : order.error()));
    const Popularity buyers(m_sizes.customers, m_random), sellers(m_sizes.products, m_random);
    const auto counts = itemsPerOrder();
    const std::int64_t span = (kLastOrder - kFirstOrder) / m_sizes.orders;
    std::int64_t itemId = 0;
    for (std::int64_t id = 1; id <= m_sizes.orders; ++id) {
        std::int64_t totalCents = 0;
        for (int i = counts[static_cast<std::size_t>(id - 1)]; i > 0; --i) {
            const std::int64_t product = sellers.draw(m_random);
            const std::int64_t quantity = chance(75) ? 1 : 2 + static_cast<std::int64_t>(m_random.index(4));
            const std::int64_t cents = m_priceCents[static_cast<std::size_t>(product - 1)];
            totalCents += quantity * cents;
            if (const auto done = insert(*item, ++itemId, id, product, quantity, money(cents)); !done)
                return done;
        }
        const std::int64_t ordered =
            kFirstOrder + (id - 1) * span + static_cast<std::int64_t>(m_random.index(span));
        const std::string_view status = pick(m_random, kStatuses);
        std::optional<std::string> shipped;
        if (status == "delivered" || status == "shipped")
            shipped = timeText(ordered + kDay / 2 + static_cast<std::int64_t>(m_random.index(4 * kDay)));
        const std::string orderedText = timeText(ordered);
        if (const auto done = insert(*order, id, buyers.draw(m_random), status, pick(m_random, kPayments),
                                     std::string_view(orderedText), shipped, money(totalCents));
            !done)
            return done;
    }
    return {};
}

Result<> Generator::reviews() {
    auto statement = m_db.prepare("INSERT INTO reviews VALUES (?, ?, ?, ?, ?, ?, ?)");
    if (!statement)
        return fail(std::move(statement.error()));
    constexpr int kRatings[] = {5, 5, 5, 5, 4, 4, 4, 3, 2, 1};  // Most who write are pleased.
    const Popularity products(m_sizes.products, m_random);
    for (std::int64_t id = 1; id <= m_sizes.reviews; ++id) {
        const std::int64_t product = products.draw(m_random);
        const auto customer =
            1 + static_cast<std::int64_t>(m_random.index(static_cast<std::uint64_t>(m_sizes.customers)));
        const int rating = pick(m_random, kRatings);
        const auto& opinions = kOpinions[rating - 1];
        const std::string body =
            sentences(opinions, std::size(opinions), 1 + m_random.index(std::size(opinions)));
        const std::string created =
            timeText(kFirstOrder + static_cast<std::int64_t>(m_random.index(kLastOrder - kFirstOrder)));
        if (const auto done = insert(*statement, id, product, customer, std::int64_t{rating},
                                     pick(m_random, kTitles[rating - 1]), std::string_view(body),
                                     std::string_view(created));
            !done)
            return done;
    }
    return {};
}

}  // namespace
}  // namespace shop

Result<> generateShop(const std::filesystem::path& into, std::int64_t rows, std::uint64_t seed,
                      std::stop_token stop, const OnProgress& onProgress) {
    if (rows < shop::kMinRows || rows > shop::kMaxRows)
        return fail(Error::InvalidArgument, "a shop has between {} and {} rows, got {}", shop::kMinRows,
                    shop::kMaxRows, rows)
            .hint("Try shop:100k.");
    return makeDatabase(into, true, [&](const sqlite::Connection& db) {
        return shop::Generator(db, rows, seed, std::move(stop), onProgress).run();
    });
}

}  // namespace hone::data
