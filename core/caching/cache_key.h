#pragma once

#include "core/http/message.h"

#include <array>
#include <string>
#include <string_view>
#include <vector>

namespace hone::caching {

/// Builds the key an answer is kept under: path, query, class of Accept-Encoding, Accept and, where answers
/// are personal, the credentials. GET and HEAD share it. Two requests with one key have the same answer.
///
/// For the API's own answers the query's parts are put in order. What an upstream makes of their order, of
/// the host it is asked as and of codings we do not know is its own affair: its keys have all of that as it
/// came.
///
/// Thread: one at a time; its buffers are reused. Owner: the Stage.
class KeyBuilder {
public:
    explicit KeyBuilder(bool withCredentials) : m_withCredentials(withCredentials) {}
    /// Valid until the next call.
    [[nodiscard]] std::string_view build(const http::Request& request, bool isRelayed = false);

    /// What the key distinguishes, for checking Vary (RFC 9111 section 4.1).
    [[nodiscard]] bool covers(std::string_view fieldName) const;

private:
    std::string_view encodingClass(std::string_view acceptEncoding, bool isRelayed);

    bool m_withCredentials;
    std::string m_key;
    std::vector<std::string_view> m_pairs;
    /// The last headers seen and their class; clients of one kind all send the same.
    struct Remembered {
        std::string header, name;
        bool isRelayed = false;
    };
    std::array<Remembered, 4> m_remembered;
    std::size_t m_nextRemembered = 0;
};

/// What of an Accept-Encoding value can make a difference: the weights of the codings in use, in a fixed
/// order. Spelling and order do not split entries, nor do codings that we never serve ("deflate"); an
/// upstream may serve them, so that of its answers they do.
[[nodiscard]] std::string acceptEncodingClass(std::string_view acceptEncoding, bool isRelayed = false);

/// "b=2&a=1" → "a=1&b=2"; equal names keep their order, which may mean something. Appends to `out`.
void appendNormalisedQuery(std::string_view query, std::vector<std::string_view>& scratch, std::string& out);

}  // namespace hone::caching
