#pragma once

#include "core/http/message.h"

#include <array>
#include <string>
#include <string_view>
#include <vector>

namespace hone::toggles::cache {

/// Builds the key an answer is kept under: path, normalised query, class of Accept-Encoding, Accept and,
/// where answers are personal, the credentials. GET and HEAD share it. Two requests with one key have the
/// same answer.
///
/// Thread: one at a time; its buffers are reused. Owner: the Stage.
class KeyBuilder {
public:
    explicit KeyBuilder(bool withCredentials) : m_withCredentials(withCredentials) {}
    /// Valid until the next call.
    [[nodiscard]] std::string_view build(const http::Request& request);

    /// What the key distinguishes, for checking Vary (RFC 9111 section 4.1).
    [[nodiscard]] bool covers(std::string_view fieldName) const;

private:
    std::string_view encodingClass(std::string_view acceptEncoding);

    bool m_withCredentials;
    std::string m_key;
    std::vector<std::string_view> m_pairs;
    /// The last headers seen and their class; clients of one kind all send the same.
    struct Remembered {
        std::string header, name;
    };
    std::array<Remembered, 4> m_remembered;
    std::size_t m_nextRemembered = 0;
};

/// What of an Accept-Encoding value can make a difference: the weights of the codings in use, in a fixed
/// order. Spelling, order and codings nobody serves ("deflate") do not split entries.
[[nodiscard]] std::string acceptEncodingClass(std::string_view acceptEncoding);

/// "b=2&a=1" → "a=1&b=2"; equal names keep their order, which may mean something. Appends to `out`.
void appendNormalisedQuery(std::string_view query, std::vector<std::string_view>& scratch, std::string& out);

}  // namespace hone::toggles::cache
