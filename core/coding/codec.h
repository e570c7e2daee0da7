#pragma once

#include "core/base/error.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

struct libdeflate_compressor;
struct ZSTD_CCtx_s;

/// Content codings (RFC 9110 section 8.4.1): bytes → fewer bytes and back; knows no HTTP message.
namespace hone::coding {

enum class Coding : std::uint8_t { Identity, Gzip, Brotli, Zstd };
[[nodiscard]] std::string_view codingName(Coding coding);  ///< "gzip", "br", "zstd", "identity".
[[nodiscard]] std::optional<Coding> codingFrom(std::string_view name);

struct Levels {
    int gzip = 6;    ///< 1 … 12 (libdeflate).
    int brotli = 4;  ///< 0 … 11.
    int zstd = 3;    ///< 1 … 19.
};

/// Compresses whole bodies, one after another, with contexts that are made once and reused.
///
/// Thread: one at a time; each Stage has its own. Brotli's library has no way to reuse an encoder, so it
/// makes one a call.
class Compressor {
public:
    explicit Compressor(Levels levels);
    ~Compressor();
    Compressor(const Compressor&) = delete;
    Compressor& operator=(const Compressor&) = delete;

    /// Replaces `out` by the coded bytes; false when they would not be fewer (`out` is then unspecified).
    /// Identity never saves anything.
    [[nodiscard]] bool compress(Coding coding, std::string_view bytes, std::string& out);

private:
    [[nodiscard]] std::size_t gzip(std::string_view bytes, std::string& out);
    [[nodiscard]] std::size_t brotli(std::string_view bytes, std::string& out) const;
    [[nodiscard]] std::size_t zstd(std::string_view bytes, std::string& out);

    struct FreeDeflate {
        void operator()(libdeflate_compressor* compressor) const;
    };
    struct FreeZstd {
        void operator()(ZSTD_CCtx_s* context) const;
    };
    Levels m_levels;
    std::unique_ptr<libdeflate_compressor, FreeDeflate> m_deflate;  ///< Made by the first use.
    std::unique_ptr<ZSTD_CCtx_s, FreeZstd> m_zstd;                  ///< Likewise.
};

/// A few kilobytes can decode to gigabytes; nobody needs an answer above this here.
inline constexpr std::size_t kDecodeLimit = std::size_t{256} * 1024 * 1024;

/// Undoes a Content-Encoding value; of several ("br, gzip") the last is undone first. Errors: Unsupported for
/// an unknown coding, Malformed for damaged or cut bytes, ResourceExhausted when the result would exceed
/// `limit`.
[[nodiscard]] Result<std::string> decodeContent(std::string_view contentEncoding, std::string_view bytes,
                                                std::size_t limit = kDecodeLimit);

}  // namespace hone::coding
