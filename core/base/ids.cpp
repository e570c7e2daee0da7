#include "core/base/ids.h"

#include <sys/random.h>

#include <array>
#include <cstdint>

namespace hone {
namespace {

template <std::size_t N>
std::array<unsigned char, N> randomBytes() {
    std::array<unsigned char, N> bytes{};
    std::size_t filled = 0;
    while (filled < N) {
        const auto got = getrandom(bytes.data() + filled, N - filled, 0);
        if (got > 0)
            filled += static_cast<std::size_t>(got);  // EINTR: try again
    }
    return bytes;
}

}  // namespace

std::string newId(const Clock& clock) {
    static constexpr char kAlphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    const auto ms =
        std::chrono::duration_cast<std::chrono::milliseconds>(clock.wallNow().time_since_epoch()).count();
    std::string id(26, '0');
    auto time = static_cast<std::uint64_t>(ms);
    for (int i = 9; i >= 0; --i, time >>= 5)
        id[static_cast<std::size_t>(i)] = kAlphabet[time & 31];
    const auto noise = randomBytes<16>();
    for (std::size_t i = 0; i < 16; ++i)
        id[10 + i] = kAlphabet[noise[i] & 31];
    return id;
}

std::string randomHex(int bytes) {
    static constexpr char kDigits[] = "0123456789abcdef";
    std::string out;
    while (bytes-- > 0) {
        const auto b = randomBytes<1>()[0];
        out += kDigits[b >> 4];
        out += kDigits[b & 15];
    }
    return out;
}

}  // namespace hone
