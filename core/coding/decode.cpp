#include "core/coding/codec.h"

#include "core/http/syntax.h"

#include <brotli/decode.h>
#include <libdeflate.h>
#include <zstd.h>

#include <algorithm>
#include <vector>

namespace hone::coding {
namespace {

constexpr std::size_t kChunk = std::size_t{64} * 1024;

Failure tooLarge(Coding coding, std::size_t limit) {
    return fail(Error::ResourceExhausted, "{} content of more than {} bytes when decoded", codingName(coding),
                limit)
        .hint("It may be a decompression bomb; ask for less, or without content coding.");
}

Failure damaged(Coding coding, std::size_t size) {
    return fail(Error::Malformed, "{} content of {} bytes that is damaged or cut short", codingName(coding),
                size);
}

/// Room for more, at most `limit`; false when `out` is already that large. Doubles, so that copying stays
/// linear.
bool grow(std::string& out, std::size_t limit) {
    if (out.size() >= limit)
        return false;
    out.resize(std::min(limit, std::max(kChunk, out.size() * 2)));
    return true;
}

struct FreeDeflate {
    void operator()(libdeflate_decompressor* decompressor) const {
        libdeflate_free_decompressor(decompressor);
    }
};
struct FreeBrotli {
    void operator()(BrotliDecoderState* state) const { BrotliDecoderDestroyInstance(state); }
};
struct FreeZstd {
    void operator()(ZSTD_DCtx* context) const { ZSTD_freeDCtx(context); }
};

/// One member after another (RFC 1952 section 2.2). libdeflate decodes whole members, so a member that does
/// not fit is tried again with more room.
Result<std::string> gunzip(std::string_view bytes, std::size_t limit) {
    const std::unique_ptr<libdeflate_decompressor, FreeDeflate> decompressor(libdeflate_alloc_decompressor());
    if (!decompressor)
        return fail(Error::ResourceExhausted, "no memory for a gzip decoder");
    std::string out;
    std::size_t done = 0;
    std::string_view rest = bytes;
    do {
        std::size_t read = 0;
        std::size_t written = 0;
        const auto result =
            libdeflate_gzip_decompress_ex(decompressor.get(), rest.data(), rest.size(), out.data() + done,
                                          out.size() - done, &read, &written);
        if (result == LIBDEFLATE_INSUFFICIENT_SPACE) {
            if (!grow(out, limit))
                return tooLarge(Coding::Gzip, limit);
            continue;
        }
        if (result != LIBDEFLATE_SUCCESS)
            return damaged(Coding::Gzip, bytes.size());
        rest.remove_prefix(read);
        done += written;
    } while (!rest.empty());
    out.resize(done);
    return out;
}

Result<std::string> unbrotli(std::string_view bytes, std::size_t limit) {
    const std::unique_ptr<BrotliDecoderState, FreeBrotli> state(
        BrotliDecoderCreateInstance(nullptr, nullptr, nullptr));
    if (!state)
        return fail(Error::ResourceExhausted, "no memory for a brotli decoder");
    std::string out;
    std::size_t done = 0;
    std::size_t left = bytes.size();
    const auto* next = reinterpret_cast<const std::uint8_t*>(bytes.data());
    for (;;) {
        std::size_t room = out.size() - done;
        auto* into = reinterpret_cast<std::uint8_t*>(out.data()) + done;
        const auto result = BrotliDecoderDecompressStream(state.get(), &left, &next, &room, &into, nullptr);
        done = out.size() - room;
        if (result == BROTLI_DECODER_RESULT_SUCCESS) {
            if (left > 0)
                return damaged(Coding::Brotli, bytes.size());
            out.resize(done);
            return out;
        }
        if (result != BROTLI_DECODER_RESULT_NEEDS_MORE_OUTPUT)
            return damaged(Coding::Brotli, bytes.size());
        if (!grow(out, limit))
            return tooLarge(Coding::Brotli, limit);
    }
}

Result<std::string> unzstd(std::string_view bytes, std::size_t limit) {
    const std::unique_ptr<ZSTD_DCtx, FreeZstd> context(ZSTD_createDCtx());
    if (!context)
        return fail(Error::ResourceExhausted, "no memory for a zstd decoder");
    // RFC 9659: a zstd content coding must not need a window above 8 MiB.
    ZSTD_DCtx_setParameter(context.get(), ZSTD_d_windowLogMax, 23);
    std::string out;
    ZSTD_inBuffer in{bytes.data(), bytes.size(), 0};
    std::size_t done = 0;
    for (;;) {
        ZSTD_outBuffer to{out.data(), out.size(), done};
        const std::size_t before = in.pos;
        const std::size_t hint = ZSTD_decompressStream(context.get(), &to, &in);
        if (ZSTD_isError(hint))
            return damaged(Coding::Zstd, bytes.size());
        const bool isStuck = in.pos == before && to.pos == done;
        done = to.pos;
        if (hint == 0 && in.pos == in.size) {  // a frame is complete, and none follows (RFC 8878 section 3.1)
            out.resize(done);
            return out;
        }
        if (done == out.size()) {
            if (!grow(out, limit))
                return tooLarge(Coding::Zstd, limit);
        } else if (isStuck || in.pos == in.size) {
            return damaged(Coding::Zstd, bytes.size());
        }
    }
}

Result<std::string> decodeOne(Coding coding, std::string_view bytes, std::size_t limit) {
    switch (coding) {
        case Coding::Gzip: return gunzip(bytes, limit);
        case Coding::Brotli: return unbrotli(bytes, limit);
        case Coding::Zstd: return unzstd(bytes, limit);
        case Coding::Identity: break;
    }
    if (bytes.size() > limit)
        return tooLarge(Coding::Identity, limit);
    return std::string(bytes);
}

}  // namespace

Result<std::string> decodeContent(std::string_view contentEncoding, std::string_view bytes,
                                  std::size_t limit) {
    std::vector<Coding> applied;
    std::string_view member;
    while (http::nextMember(contentEncoding, member)) {
        const auto coding = codingFrom(member);
        if (!coding)
            return fail(Error::Unsupported, "unknown content coding \"{}\"", member)
                .hint("Known: gzip, br, zstd, identity.");
        applied.push_back(*coding);
    }
    if (applied.size() > 4)  // nobody stacks codings; a long list only multiplies work
        return fail(Error::Unsupported, "{} content codings on one answer", applied.size());
    if (applied.empty())
        applied.push_back(Coding::Identity);
    auto out = decodeOne(applied.back(), bytes, limit);
    for (auto i = applied.size() - 1; i > 0 && out; --i)
        out = decodeOne(applied[i - 1], *out, limit);
    return out;
}

}  // namespace hone::coding
