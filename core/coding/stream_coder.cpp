#include "core/coding/stream_coder.h"

#include <brotli/encode.h>
#include <zlib.h>
#include <zstd.h>

#include <algorithm>

namespace hone::coding {
namespace {

constexpr std::size_t kStep = std::size_t{16} * 1024;

class GzipCoder final : public StreamCoder {
public:
    explicit GzipCoder(int level) {
        // 15 bits of window, and 16 for gzip's head and trailer (zlib.h, deflateInit2).
        m_isGood =
            deflateInit2(&m_stream, std::min(level, 9), Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) == Z_OK;
    }
    ~GzipCoder() override { deflateEnd(&m_stream); }
    GzipCoder(const GzipCoder&) = delete;
    GzipCoder& operator=(const GzipCoder&) = delete;

    bool write(std::string_view bytes, Until until, std::string& out) override {
        const int flush = until == Until::End ? Z_FINISH : until == Until::Flush ? Z_SYNC_FLUSH : Z_NO_FLUSH;
        m_stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
        m_stream.avail_in = static_cast<uInt>(bytes.size());
        do {
            const std::size_t before = out.size();
            out.resize(before + kStep);
            m_stream.next_out = reinterpret_cast<Bytef*>(out.data() + before);
            m_stream.avail_out = static_cast<uInt>(kStep);
            m_isGood = m_isGood && deflate(&m_stream, flush) != Z_STREAM_ERROR;
            out.resize(before + kStep - (m_isGood ? m_stream.avail_out : kStep));
        } while (m_isGood && m_stream.avail_out == 0);
        return m_isGood;
    }

private:
    z_stream m_stream{};
    bool m_isGood = false;
};

class BrotliCoder final : public StreamCoder {
public:
    explicit BrotliCoder(int level) : m_state(BrotliEncoderCreateInstance(nullptr, nullptr, nullptr)) {
        if (m_state)
            BrotliEncoderSetParameter(m_state, BROTLI_PARAM_QUALITY, static_cast<std::uint32_t>(level));
    }
    ~BrotliCoder() override { BrotliEncoderDestroyInstance(m_state); }
    BrotliCoder(const BrotliCoder&) = delete;
    BrotliCoder& operator=(const BrotliCoder&) = delete;

    bool write(std::string_view bytes, Until until, std::string& out) override {
        const auto operation = until == Until::End     ? BROTLI_OPERATION_FINISH
                               : until == Until::Flush ? BROTLI_OPERATION_FLUSH
                                                       : BROTLI_OPERATION_PROCESS;
        std::size_t left = bytes.size(), room = 0;
        const auto* next = reinterpret_cast<const std::uint8_t*>(bytes.data());
        do {
            if (!m_state ||
                !BrotliEncoderCompressStream(m_state, operation, &left, &next, &room, nullptr, nullptr))
                return false;
            std::size_t size = 0;
            const auto* made = BrotliEncoderTakeOutput(m_state, &size);
            out.append(reinterpret_cast<const char*>(made), size);
        } while (left > 0 || BrotliEncoderHasMoreOutput(m_state));
        return true;
    }

private:
    BrotliEncoderState* m_state;
};

class ZstdCoder final : public StreamCoder {
public:
    explicit ZstdCoder(int level) : m_context(ZSTD_createCCtx()) {
        if (!m_context)
            return;
        ZSTD_CCtx_setParameter(m_context, ZSTD_c_compressionLevel, level);
        ZSTD_CCtx_setParameter(m_context, ZSTD_c_windowLog, kWindowLog);
    }
    ~ZstdCoder() override { ZSTD_freeCCtx(m_context); }
    ZstdCoder(const ZstdCoder&) = delete;
    ZstdCoder& operator=(const ZstdCoder&) = delete;

    bool write(std::string_view bytes, Until until, std::string& out) override {
        const auto operation = until == Until::End     ? ZSTD_e_end
                               : until == Until::Flush ? ZSTD_e_flush
                                                       : ZSTD_e_continue;
        ZSTD_inBuffer in{bytes.data(), bytes.size(), 0};
        for (;;) {
            const std::size_t before = out.size();
            out.resize(before + kStep);
            ZSTD_outBuffer to{out.data() + before, kStep, 0};
            const std::size_t left = m_context ? ZSTD_compressStream2(m_context, &to, &in, operation) : 1;
            out.resize(before + to.pos);
            if (!m_context || ZSTD_isError(left))
                return false;
            // While more comes, what is taken in is enough; else all has to be out.
            if (until == Until::More ? in.pos == in.size : left == 0)
                return true;
        }
    }

private:
    static constexpr int kWindowLog = 20;  ///< 1 MiB; a content coding may need 8 MiB (RFC 9659).
    ZSTD_CCtx* m_context;
};

}  // namespace

std::unique_ptr<StreamCoder> StreamCoder::create(Coding coding, const Levels& levels) {
    switch (coding) {
        case Coding::Gzip: return std::make_unique<GzipCoder>(levels.gzip);
        case Coding::Brotli: return std::make_unique<BrotliCoder>(levels.brotli);
        case Coding::Zstd: return std::make_unique<ZstdCoder>(levels.zstd);
        case Coding::Identity: break;
    }
    return nullptr;
}

}  // namespace hone::coding
