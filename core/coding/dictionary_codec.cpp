#include "core/coding/dictionary_codec.h"

#include "core/base/assert.h"

#include <zstd.h>

#include <algorithm>
#include <bit>
#include <cstring>
#include <utility>

namespace hone::coding {
namespace {

/// A skippable frame (RFC 8878 section 3.1.2) of 32 bytes: decoders that know nothing of it pass it by.
constexpr std::array<unsigned char, 8> kMagic{0x5e, 0x2a, 0x4d, 0x18, 0x20, 0, 0, 0};
constexpr std::size_t kHeaderSize = kMagic.size() + DictionaryHash().size();
constexpr int kSmallestWindow = 10, kWindow = 23, kLargestWindow = 27;  // log2: 8 MB, 128 MB

/// RFC 9842 section 5: 8 MB, or 1.25 times the dictionary when that is more, never above 128 MB.
std::uint64_t largestWindow(std::size_t dictionarySize) {
    return std::clamp<std::uint64_t>(dictionarySize + dictionarySize / 4, std::uint64_t{1} << kWindow,
                                     std::uint64_t{1} << kLargestWindow);
}

int windowLogFor(std::size_t dictionarySize, std::size_t bytes) {
    const int wanted = static_cast<int>(std::bit_width(dictionarySize + bytes));
    const int allowed = static_cast<int>(std::bit_width(largestWindow(dictionarySize))) - 1;
    return std::clamp(wanted, kSmallestWindow, allowed);
}

Error damaged(std::string_view what) {
    return Error{Error::Malformed, "dcz content is damaged: " + std::string(what), {}};
}

}  // namespace

bool isRawDictionary(std::string_view bytes) {
    constexpr std::string_view kFormatted{"\x37\xa4\x30\xec", 4};  // RFC 8878 section 5, little-endian
    return !bytes.starts_with(kFormatted);
}

void PreparedDictionary::Free::operator()(ZSTD_CDict_s* tables) const { ZSTD_freeCDict(tables); }
void DictionaryCompressor::Free::operator()(ZSTD_CCtx_s* context) const { ZSTD_freeCCtx(context); }

Result<std::shared_ptr<const PreparedDictionary>> PreparedDictionary::create(Dictionary dictionary,
                                                                             int level) {
    if (!isRawDictionary(dictionary.bytes))
        return fail(Error::InvalidArgument, "the dictionary begins as one of zstd's own format does")
            .hint("RFC 9842 has raw dictionaries only: leave its header away.");
    const std::shared_ptr<PreparedDictionary> made(new PreparedDictionary(std::move(dictionary)));
    made->m_tables.reset(
        ZSTD_createCDict(made->m_dictionary.bytes.data(), made->m_dictionary.bytes.size(), level));
    if (!made->m_tables)
        return fail(Error::ResourceExhausted, "no memory for the tables of a dictionary of {} bytes",
                    made->m_dictionary.bytes.size());
    return made;
}

DictionaryCompressor::DictionaryCompressor(int level) : m_level(level) {}

bool DictionaryCompressor::compress(const PreparedDictionary& dictionary, std::string_view bytes,
                                    std::string& out) {
    if (!m_context)
        m_context.reset(ZSTD_createCCtx());
    ZSTD_CCtx_reset(m_context.get(), ZSTD_reset_session_and_parameters);
    ZSTD_CCtx_refCDict(m_context.get(), dictionary.m_tables.get());
    return run(dictionary.dictionary(), bytes, out);
}

bool DictionaryCompressor::compressOnce(const Dictionary& dictionary, std::string_view bytes,
                                        std::string& out) {
    if (!isRawDictionary(dictionary.bytes))
        return false;
    if (!m_context)
        m_context.reset(ZSTD_createCCtx());
    auto* context = m_context.get();
    ZSTD_CCtx_reset(context, ZSTD_reset_session_and_parameters);
    ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, m_level);
    ZSTD_CCtx_setParameter(context, ZSTD_c_windowLog, windowLogFor(dictionary.bytes.size(), bytes.size()));
    ZSTD_CCtx_refPrefix(context, dictionary.bytes.data(), dictionary.bytes.size());
    return run(dictionary, bytes, out);
}

bool DictionaryCompressor::run(const Dictionary& dictionary, std::string_view bytes, std::string& out) {
    if (bytes.size() <= kHeaderSize)
        return false;
    out.resize(kHeaderSize + ZSTD_compressBound(bytes.size()));
    std::ranges::copy(kMagic, out.begin());
    std::ranges::copy(dictionary.hash, out.begin() + kMagic.size());
    const auto size = ZSTD_compress2(m_context.get(), out.data() + kHeaderSize, out.size() - kHeaderSize,
                                     bytes.data(), bytes.size());
    if (ZSTD_isError(size) || kHeaderSize + size >= bytes.size())
        return false;
    out.resize(kHeaderSize + size);
    return true;
}

Result<DictionaryHash> dictionaryHashOf(std::string_view coded) {
    if (coded.size() < kHeaderSize || std::memcmp(coded.data(), kMagic.data(), kMagic.size()) != 0)
        return fail(damaged("it does not begin with a dictionary's hash"));
    DictionaryHash hash;
    std::memcpy(hash.data(), coded.data() + kMagic.size(), hash.size());
    return hash;
}

Result<std::string> decodeDcz(std::string_view coded, const FindDictionary& find, std::size_t limit) {
    const auto hash = dictionaryHashOf(coded);
    if (!hash)
        return fail(hash.error());
    const auto dictionary = find(*hash);
    if (!dictionary)
        return fail(Error::NotFound, "the dictionary this dcz content was made with is not here")
            .hint("Its hash stands in the first 40 bytes of the content.");
    const std::unique_ptr<ZSTD_DCtx, decltype(&ZSTD_freeDCtx)> context(ZSTD_createDCtx(), &ZSTD_freeDCtx);
    ZSTD_DCtx_setParameter(context.get(), ZSTD_d_windowLogMax,
                           static_cast<int>(std::bit_width(largestWindow(dictionary->size()) - 1)));
    std::string out, piece(ZSTD_DStreamOutSize(), '\0');
    ZSTD_inBuffer in{coded.data() + kHeaderSize, coded.size() - kHeaderSize, 0};
    std::size_t left = 0;
    bool isFrameStart = true;
    while (in.pos < in.size || left != 0) {
        if (std::exchange(isFrameStart, false))  // a prefix is for one frame only
            ZSTD_DCtx_refPrefix(context.get(), dictionary->data(), dictionary->size());
        ZSTD_outBuffer piecewise{piece.data(), piece.size(), 0};
        left = ZSTD_decompressStream(context.get(), &piecewise, &in);
        if (ZSTD_isError(left))
            return fail(damaged(ZSTD_getErrorName(left)));
        if (out.size() + piecewise.pos > limit)
            return fail(Error::ResourceExhausted, "dcz content decodes to more than {} bytes", limit);
        out.append(piece, 0, piecewise.pos);
        isFrameStart = left == 0;
        if (left != 0 && in.pos == in.size && piecewise.pos < piecewise.size)
            return fail(damaged("it ends too early"));
    }
    if (in.size == 0)
        return fail(damaged("nothing follows its header"));
    return out;
}

}  // namespace hone::coding
