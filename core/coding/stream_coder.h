#pragma once

#include "core/coding/codec.h"

namespace hone::coding {

/// Compresses content that is still coming. What is pushed out by flush() can be decoded by the other side
/// at once; flushing often costs bytes.
///
/// Thread: one at a time. Owner: whoever sends the content. Errors: an encoder that fails (no memory) makes
/// every later call false; the content is then cut short.
class StreamCoder {
public:
    /// Null for Identity. Levels as for whole bodies; those of gzip above 9 count as 9 (zlib).
    [[nodiscard]] static std::unique_ptr<StreamCoder> create(Coding coding, const Levels& levels);
    virtual ~StreamCoder() = default;

    enum class Until : std::uint8_t { More, Flush, End };
    /// Appends what came out; a part may stay inside until the next flush.
    [[nodiscard]] virtual bool write(std::string_view bytes, Until until, std::string& out) = 0;
};

}  // namespace hone::coding
