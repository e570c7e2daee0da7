// Runs a fuzz target without a fuzzer: its kept corpus, then seeded mutations of it, for CTest.
//
// usage: fuzz.NAME CORPUS DICTIONARY|- MUTATIONS [SEED]

#include "tests/fuzz/fuzz.h"

#include "core/base/random.h"

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

#include <fcntl.h>
#include <unistd.h>

namespace {

using hone::SplitMix64;
using Bytes = std::vector<std::uint8_t>;

constexpr std::size_t kLongest = 4'096;
constexpr const char* kFailingInput = "fuzz-failing-input";

const Bytes* current = nullptr;  // for the signal handler

void keepInput(int signal) {
    const int file = ::open(kFailingInput, O_WRONLY | O_CREAT | O_TRUNC, 0644);
    if (file >= 0 && current && ::write(file, current->data(), current->size()) >= 0) {
        constexpr std::string_view kSaid = "the input is in ./fuzz-failing-input\n";
        static_cast<void>(!::write(STDERR_FILENO, kSaid.data(), kSaid.size()));
    }
    std::signal(signal, SIG_DFL);
    std::raise(signal);
}

void run(const Bytes& input) {
    current = &input;
    // A block of its exact size, so that a sanitizer sees the first byte read beyond it.
    const Bytes exact(input.begin(), input.end());
    LLVMFuzzerTestOneInput(exact.data(), exact.size());
}

std::vector<Bytes> readCorpus(const std::filesystem::path& folder) {
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::directory_iterator(folder))
        if (entry.is_regular_file())
            files.push_back(entry.path());
    std::ranges::sort(files);
    std::vector<Bytes> corpus;
    for (const auto& file : files) {
        std::ifstream in(file, std::ios::binary);
        corpus.emplace_back(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
    }
    return corpus;
}

/// The quoted strings of a libFuzzer dictionary: \\, \" and \xAB are its escapes.
std::vector<Bytes> readDictionary(const std::string& file) {
    std::vector<Bytes> words;
    std::ifstream in(file);
    for (std::string line; std::getline(in, line);) {
        const auto open = line.find('"');
        const auto close = line.rfind('"');
        if (line.starts_with('#') || open == line.npos || close == open)
            continue;
        Bytes word;
        for (std::size_t i = open + 1; i < close; ++i) {
            if (line[i] == '\\' && i + 3 < close + 1 && line[i + 1] == 'x') {
                word.push_back(static_cast<std::uint8_t>(std::stoi(line.substr(i + 2, 2), nullptr, 16)));
                i += 3;
                continue;
            }
            i += line[i] == '\\' ? 1 : 0;
            word.push_back(static_cast<std::uint8_t>(line[i]));
        }
        words.push_back(std::move(word));
    }
    return words;
}

class Mutator {
public:
    Mutator(const std::vector<Bytes>& corpus, const std::vector<Bytes>& words, std::uint64_t seed)
        : m_corpus(corpus), m_words(words), m_random(seed) {}

    Bytes next() {
        Bytes bytes = pick(m_corpus);
        for (std::size_t i = m_random.index(4) + 1; i > 0; --i)
            mutate(bytes);
        bytes.resize(std::min(bytes.size(), kLongest));
        return bytes;
    }

private:
    const Bytes& pick(const std::vector<Bytes>& from) { return from[m_random.index(from.size())]; }
    auto place(Bytes& bytes) {
        return bytes.begin() + static_cast<std::ptrdiff_t>(m_random.index(bytes.size() + 1));
    }
    void insert(Bytes& bytes, const Bytes& piece) { bytes.insert(place(bytes), piece.begin(), piece.end()); }

    void mutate(Bytes& bytes) {
        switch (m_random.index(bytes.empty() ? 2 : 7)) {
            case 0: return insert(bytes, {static_cast<std::uint8_t>(m_random.next())});
            case 1: return insert(bytes, m_words.empty() ? pick(m_corpus) : pick(m_words));
            case 2: bytes[m_random.index(bytes.size())] ^= std::uint8_t(1U << m_random.index(8)); return;
            case 3: bytes[m_random.index(bytes.size())] = static_cast<std::uint8_t>(m_random.next()); return;
            case 4: return remove(bytes);
            case 5: {  // its front with another one's back
                const Bytes& other = pick(m_corpus);
                bytes.erase(place(bytes), bytes.end());
                const auto from = static_cast<std::ptrdiff_t>(m_random.index(other.size() + 1));
                bytes.insert(bytes.end(), other.begin() + from, other.end());
                return;
            }
            default: {  // a piece of itself once more
                auto from = place(bytes), to = place(bytes);
                if (from > to)
                    std::swap(from, to);
                return insert(bytes, Bytes(from, to));
            }
        }
    }
    void remove(Bytes& bytes) {
        auto from = place(bytes), to = place(bytes);
        if (from > to)
            std::swap(from, to);
        bytes.erase(from, std::min(to, from + 16));
    }

    const std::vector<Bytes>& m_corpus;
    const std::vector<Bytes>& m_words;
    SplitMix64 m_random;
};

}  // namespace

int main(int count, char** arguments) {
    if (count < 4) {
        std::fprintf(stderr, "usage: %s CORPUS DICTIONARY|- MUTATIONS [SEED]\n", arguments[0]);
        return 2;
    }
    const auto corpus = readCorpus(arguments[1]);
    if (corpus.empty()) {
        std::fprintf(stderr, "%s holds no inputs\n", arguments[1]);
        return 3;
    }
    const auto words = readDictionary(arguments[2]);
    const auto mutations = std::stoul(arguments[3]);
    const std::uint64_t seed = count > 4 ? std::stoull(arguments[4]) : 1;
    for (const int signal : {SIGABRT, SIGSEGV, SIGFPE, SIGBUS})
        std::signal(signal, keepInput);
    for (const Bytes& input : corpus)
        run(input);
    Mutator mutator(corpus, words, seed);
    for (std::size_t i = 0; i < mutations; ++i)
        run(mutator.next());
    std::printf("%zu kept inputs and %zu mutations with seed %llu\n", corpus.size(), mutations,
                static_cast<unsigned long long>(seed));
}
