#include "core/toggles/graphql/documents.h"

#include "core/toggles/graphql/validation.h"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <array>

namespace hone::toggles::graphql {

std::expected<std::shared_ptr<const Document>, std::vector<Problem>> Documents::get(const std::string& text) {
    {
        const std::lock_guard lock(m_mutex);
        if (const auto* known = m_parsed.find(text)) {
            reused.fetch_add(1, std::memory_order_relaxed);
            return *known;
        }
    }
    parsed.fetch_add(1, std::memory_order_relaxed);
    auto document = parse(text, m_limits);
    if (!document)
        return std::unexpected(std::vector{std::move(document.error())});
    if (auto problems = validate(*m_schema, **document); !problems.empty())
        return std::unexpected(std::move(problems));
    const std::lock_guard lock(m_mutex);
    m_parsed.put(text, *document);
    return std::move(*document);
}

std::optional<std::string> Documents::persisted(std::string_view hash) {
    const std::lock_guard lock(m_mutex);
    const auto* text = m_persisted.find(hash);
    return text ? std::optional(*text) : std::nullopt;
}

void Documents::persist(std::string hash, std::string text) {
    const std::lock_guard lock(m_mutex);
    m_persisted.put(std::move(hash), std::move(text));
}

void Documents::clear() {
    const std::lock_guard lock(m_mutex);
    m_parsed.clear();
    m_persisted.clear();
}

std::string sha256Hex(std::string_view text) {
    std::array<unsigned char, 32> digest{};
    EVP_Digest(text.data(), text.size(), digest.data(), nullptr, EVP_sha256(), nullptr);
    std::string out;
    for (const unsigned char byte : digest)
        out += fmt::format("{:02x}", byte);
    return out;
}

}  // namespace hone::toggles::graphql
