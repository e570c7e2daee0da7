#include "core/coding/codec.h"

#include "core/http/message.h"

#include <brotli/encode.h>
#include <libdeflate.h>
#include <zstd.h>

#include <algorithm>
#include <array>
#include <bit>

namespace hone::coding {
namespace {

struct Name {
    std::string_view text;
    Coding coding;
};
constexpr Name kNames[] = {
    {"identity", Coding::Identity}, {"gzip", Coding::Gzip},   {"br", Coding::Brotli},
    {"zstd", Coding::Zstd},         {"x-gzip", Coding::Gzip},  // the old name (RFC 9110 section 8.4.1.3)
};

}  // namespace

std::string_view codingName(Coding coding) { return kNames[static_cast<std::size_t>(coding)].text; }

std::optional<Coding> codingFrom(std::string_view name) {
    for (const Name& known : kNames)
        if (http::iequals(known.text, name))
            return known.coding;
    return std::nullopt;
}

void Compressor::FreeDeflate::operator()(libdeflate_compressor* compressor) const {
    libdeflate_free_compressor(compressor);
}
void Compressor::FreeZstd::operator()(ZSTD_CCtx_s* context) const { ZSTD_freeCCtx(context); }

Compressor::Compressor(Levels levels) : m_levels(levels) {}
Compressor::~Compressor() = default;

bool Compressor::compress(Coding coding, std::string_view bytes, std::string& out) {
    if (bytes.size() < 2)
        return false;
    // One byte less than the input: a coder that does not fit in there says so, and the answer stays as it
    // is.
    out.resize(bytes.size() - 1);
    std::size_t size = 0;
    switch (coding) {
        case Coding::Identity: break;
        case Coding::Gzip: size = gzip(bytes, out); break;
        case Coding::Brotli: size = brotli(bytes, out); break;
        case Coding::Zstd: size = zstd(bytes, out); break;
    }
    out.resize(size);
    return size > 0;
}

std::size_t Compressor::gzip(std::string_view bytes, std::string& out) {
    if (!m_deflate)
        m_deflate.reset(libdeflate_alloc_compressor(m_levels.gzip));
    return m_deflate
               ? libdeflate_gzip_compress(m_deflate.get(), bytes.data(), bytes.size(), out.data(), out.size())
               : 0;
}

std::size_t Compressor::brotli(std::string_view bytes, std::string& out) const {
    // A window beyond the input only costs page faults for the ring buffer.
    const int window = std::clamp(static_cast<int>(std::bit_width(bytes.size())), 16, BROTLI_DEFAULT_WINDOW);
    std::size_t size = out.size();
    const auto ok = BrotliEncoderCompress(m_levels.brotli, window, BROTLI_MODE_TEXT, bytes.size(),
                                          reinterpret_cast<const std::uint8_t*>(bytes.data()), &size,
                                          reinterpret_cast<std::uint8_t*>(out.data()));
    return ok == BROTLI_TRUE ? size : 0;
}

std::size_t Compressor::zstd(std::string_view bytes, std::string& out) {
    if (!m_zstd)
        m_zstd.reset(ZSTD_createCCtx());
    if (!m_zstd)
        return 0;
    const std::size_t size =
        ZSTD_compressCCtx(m_zstd.get(), out.data(), out.size(), bytes.data(), bytes.size(), m_levels.zstd);
    return ZSTD_isError(size) ? 0 : size;
}

}  // namespace hone::coding
