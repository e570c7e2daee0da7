#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

/// What every fuzz target shares. A target is one file with LLVMFuzzerTestOneInput; libFuzzer drives it in
/// the preset `fuzz`, replay.cpp everywhere else.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace hone::fuzz {

[[noreturn]] inline void broken(const char* condition, const char* file, int line) {
    std::fprintf(stderr, "%s:%d: does not hold: %s\n", file, line, condition);
    std::abort();
}

/// Takes an input apart: a few bytes decide how, the rest is what is read. At the end there are only zeros.
class Input {
public:
    Input(const std::uint8_t* data, std::size_t size) : m_rest(reinterpret_cast<const char*>(data), size) {}

    std::uint8_t byte() {
        if (m_rest.empty())
            return 0;
        const auto first = static_cast<std::uint8_t>(m_rest.front());
        m_rest.remove_prefix(1);
        return first;
    }
    /// In [0, n).
    std::size_t below(std::size_t n) { return byte() % n; }
    std::string_view take(std::size_t bytes) {
        const auto piece = m_rest.substr(0, bytes);
        m_rest.remove_prefix(piece.size());
        return piece;
    }
    /// The text up to the next line feed, which is dropped.
    std::string_view line() {
        const auto end = m_rest.find('\n');
        const auto piece = m_rest.substr(0, end);
        m_rest.remove_prefix(end == m_rest.npos ? m_rest.size() : end + 1);
        return piece;
    }
    [[nodiscard]] std::string_view rest() const { return m_rest; }
    [[nodiscard]] bool empty() const { return m_rest.empty(); }

private:
    std::string_view m_rest;
};

/// `inner` lies inside `outer`, or is empty.
inline bool isInside(std::string_view inner, std::string_view outer) {
    return inner.empty() ||
           (inner.data() >= outer.data() && inner.data() + inner.size() <= outer.data() + outer.size());
}

}  // namespace hone::fuzz

/// Ends the process, which is how a fuzzer learns of it; on in every build.
#define FUZZ_CHECK(condition) \
    ((condition) ? static_cast<void>(0) : hone::fuzz::broken(#condition, __FILE__, __LINE__))
