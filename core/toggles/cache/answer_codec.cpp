#include "core/toggles/cache/answer_codec.h"

#include <bit>
#include <cstring>

namespace hone::toggles::cache {
namespace {

static_assert(std::endian::native == std::endian::little, "numbers are written as they lie in memory");

constexpr std::string_view kMagic = "HC1\n";

class Writer {
public:
    void number(std::uint64_t value) { out.append(reinterpret_cast<const char*>(&value), sizeof value); }
    void time(Nanos value) { number(static_cast<std::uint64_t>(value.count())); }
    void text(std::string_view value) {
        number(value.size());
        out += value;
    }
    void fields(const http::Fields& value) {
        number(value.lines().size());
        for (const auto& [name, line] : value.lines()) {
            text(name);
            text(line);
        }
    }
    std::string out{kMagic};
};

/// After something that does not fit, everything is zero or empty and `isBroken`.
class Reader {
public:
    explicit Reader(std::string_view bytes) : m_rest(bytes) {
        isBroken = !m_rest.starts_with(kMagic);
        m_rest.remove_prefix(isBroken ? m_rest.size() : kMagic.size());
    }
    std::uint64_t number() {
        std::uint64_t value = 0;
        if (const auto bytes = take(sizeof value); !bytes.empty())
            std::memcpy(&value, bytes.data(), sizeof value);
        return value;
    }
    Nanos time() { return Nanos(static_cast<std::int64_t>(number())); }
    std::string_view text() { return take(number()); }
    http::Fields fields() {
        http::Fields out;
        for (auto left = number(); left > 0 && !isBroken; --left) {
            const auto name = text();
            out.add(name, text());
        }
        return out;
    }
    [[nodiscard]] bool isAtEnd() const { return m_rest.empty(); }
    bool isBroken = false;

private:
    std::string_view take(std::uint64_t size) {
        if (isBroken || size > m_rest.size()) {
            isBroken = true;
            return {};
        }
        const auto out = m_rest.substr(0, size);
        m_rest.remove_prefix(size);
        return out;
    }
    std::string_view m_rest;
};

Nanos wallNanos(const Clock& clock) {
    return std::chrono::duration_cast<Nanos>(clock.wallNow().time_since_epoch());
}

std::uint64_t flagsOf(const StoredAnswer& answer) {
    return (answer.mustRevalidate ? 1U : 0U) | (answer.alwaysAsk ? 2U : 0U) | (answer.mayBeShared ? 4U : 0U) |
           (answer.isRelayed ? 8U : 0U) | (answer.hasOriginTag ? 16U : 0U) | (answer.notModified ? 32U : 0U);
}

}  // namespace

std::string encodeAnswer(std::string_view key, const StoredAnswer& answer, std::uint64_t purges,
                         const Clock& clock) {
    Writer to;
    to.text(key);
    to.time(wallNanos(clock) - answer.age(clock.now()));  // when it was made
    to.time(answer.freshFor);
    to.time(answer.staleFor);
    to.time(answer.swr);
    to.time(answer.staleIfError);
    to.number(flagsOf(answer));
    to.number(answer.stamp);
    to.number(purges);
    to.text(answer.etag);
    to.text(answer.lastModified);
    to.text(answer.target);
    to.number(answer.tags.size());
    for (const auto& tag : answer.tags)
        to.text(tag);
    if (answer.notModified)
        to.fields(answer.notModified->fields);
    to.number(static_cast<std::uint64_t>(answer.full->status));
    to.fields(answer.full->fields);
    to.text(answer.full->body);
    return std::move(to.out);
}

std::optional<KeptAnswer> decodeAnswer(std::string_view key, std::string_view bytes, const Clock& clock) {
    Reader from(bytes);
    if (from.text() != key)
        return std::nullopt;
    auto answer = std::make_shared<StoredAnswer>();
    answer->storedAt = clock.now();
    answer->ageWhenStored = std::max(wallNanos(clock) - from.time(), Nanos(0));
    answer->freshFor = from.time();
    answer->staleFor = from.time();
    answer->swr = from.time();
    answer->staleIfError = from.time();
    const auto flags = from.number();
    answer->mustRevalidate = flags & 1U;
    answer->alwaysAsk = flags & 2U;
    answer->mayBeShared = flags & 4U;
    answer->isRelayed = flags & 8U;
    answer->hasOriginTag = flags & 16U;
    answer->stamp = from.number();
    const auto purges = from.number();
    answer->etag = from.text();
    answer->lastModified = from.text();
    answer->target = from.text();
    for (auto left = from.number(); left > 0 && !from.isBroken; --left)
        answer->tags.emplace_back(from.text());
    if (flags & 32U)
        answer->notModified = http::prepare(304, from.fields(), {});
    const auto status = static_cast<int>(from.number());
    auto fields = from.fields();
    std::string body(from.text());
    if (from.isBroken || !from.isAtEnd() || status < 200 || status > 599)
        return std::nullopt;
    answer->full = http::prepare(status, std::move(fields), std::move(body));
    answer->isFromBackend = true;
    return KeptAnswer{std::move(answer), purges};
}

}  // namespace hone::toggles::cache
