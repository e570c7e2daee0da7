#pragma once

#include "core/coding/codec.h"

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

struct ZSTD_CDict_s;

/// Content codings that lean on bytes both sides have (RFC 9842): here `dcz`, Dictionary-Compressed
/// Zstandard. Its Brotli sister `dcb` needs an encoder that takes a dictionary, which libbrotli has since 1.1
/// only.
namespace hone::coding {

inline constexpr std::string_view kDczName = "dcz";

/// SHA-256 of a dictionary's bytes: its name on the wire.
using DictionaryHash = std::array<std::uint8_t, 32>;

/// Raw bytes, no format of their own (`type=raw`). Immutable.
struct Dictionary {
    DictionaryHash hash{};
    std::string bytes;
};

/// False for bytes zstd would take for a dictionary with a format of its own; RFC 9842 knows raw ones only.
[[nodiscard]] bool isRawDictionary(std::string_view bytes);

/// A dictionary whose search tables were built once, for many short answers.
///
/// Thread: any; immutable. Owner: shared by all who compress with it. Invariant: `isRawDictionary`.
class PreparedDictionary {
public:
    /// InvalidArgument for bytes that are not raw, ResourceExhausted without memory.
    static Result<std::shared_ptr<const PreparedDictionary>> create(Dictionary dictionary, int level);
    [[nodiscard]] const Dictionary& dictionary() const { return m_dictionary; }

private:
    friend class DictionaryCompressor;
    struct Free {
        void operator()(ZSTD_CDict_s* tables) const;
    };
    explicit PreparedDictionary(Dictionary dictionary) : m_dictionary(std::move(dictionary)) {}

    Dictionary m_dictionary;
    std::unique_ptr<ZSTD_CDict_s, Free> m_tables;
};

/// Writes `dcz`: a header of 40 bytes (a skippable frame with the dictionary's hash, RFC 9842 section 5),
/// then one Zstandard frame.
///
/// Thread: one at a time; each Stage has its own, as its context is reused.
class DictionaryCompressor {
public:
    explicit DictionaryCompressor(int level);

    /// Replaces `out` by the coded bytes; false when they would not be fewer (`out` is then unspecified).
    [[nodiscard]] bool compress(const PreparedDictionary& dictionary, std::string_view bytes,
                                std::string& out);
    /// Likewise with a dictionary that is used once or twice, as the answer before this one: its tables are
    /// built on the way, the window reaches over both.
    [[nodiscard]] bool compressOnce(const Dictionary& dictionary, std::string_view bytes, std::string& out);

private:
    struct Free {
        void operator()(ZSTD_CCtx_s* context) const;
    };
    [[nodiscard]] bool run(const Dictionary& dictionary, std::string_view bytes, std::string& out);

    int m_level;
    std::unique_ptr<ZSTD_CCtx_s, Free> m_context;
};

/// The bytes of the dictionary with that hash, or nothing; they must live while decoding.
using FindDictionary = std::function<std::optional<std::string_view>(const DictionaryHash&)>;

/// The hash a `dcz` stream begins with. Malformed when it begins otherwise.
[[nodiscard]] Result<DictionaryHash> dictionaryHashOf(std::string_view coded);

/// Undoes `dcz`. Errors: Malformed for damaged or cut bytes, NotFound for a dictionary that is not there,
/// ResourceExhausted beyond `limit` or for a window above what RFC 9842 section 5 lets an encoder use.
[[nodiscard]] Result<std::string> decodeDcz(std::string_view coded, const FindDictionary& find,
                                            std::size_t limit = kDecodeLimit);

}  // namespace hone::coding
