#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace hone::data::columnar {

/// 0, 1, 2, 3 → 0, -1, 1, -2.
[[nodiscard]] inline std::int64_t unzigzag(std::uint64_t value) {
    return static_cast<std::int64_t>((value >> 1) ^ (~(value & 1) + 1));
}

/// Takes values off the front of bytes nobody vouches for. After the first that is not there everything reads
/// as zero and isGood() is false.
class Input {
public:
    explicit Input(std::string_view bytes) : m_rest(bytes) {}

    [[nodiscard]] bool isGood() const { return m_isGood; }
    [[nodiscard]] bool isAtEnd() const { return m_rest.empty(); }
    [[nodiscard]] std::size_t size() const { return m_rest.size(); }

    std::string_view take(std::uint64_t count) {
        if (count > m_rest.size()) {
            m_isGood = false;
            m_rest = {};
            return {};
        }
        const auto taken = m_rest.substr(0, count);
        m_rest.remove_prefix(count);
        return taken;
    }
    std::uint8_t byte() {
        const auto one = take(1);
        return one.empty() ? 0 : static_cast<std::uint8_t>(one[0]);
    }
    std::uint64_t varint() {
        std::uint64_t value = 0;
        for (unsigned shift = 0; shift < 64; shift += 7) {
            const std::uint64_t next = byte();
            value |= (next & 0x7f) << shift;
            if (next < 0x80)
                return shift == 63 && next > 1 ? bad() : value;
        }
        return bad();
    }
    double real() {
        std::uint64_t bits = 0;
        const auto eight = take(8);
        for (std::size_t i = 0; i < eight.size(); ++i)
            bits |= std::uint64_t{static_cast<std::uint8_t>(eight[i])} << (8 * i);
        return std::bit_cast<double>(bits);
    }
    std::uint64_t bad() {
        m_isGood = false;
        m_rest = {};
        return 0;
    }

private:
    std::string_view m_rest;
    bool m_isGood = true;
};

}  // namespace hone::data::columnar
