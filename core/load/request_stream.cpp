#include "core/load/request_set.h"

#include <charconv>

namespace hone::load {

namespace {

using Slot = RequestSet::Piece::Slot;

void appendNumber(std::string& out, std::int64_t value) {
    char text[24];
    const auto end = std::to_chars(text, text + sizeof text, value).ptr;
    out.append(text, end);
}

// Threads draw from streams far apart; splitmix64 turns neighbouring seeds into unrelated ones.
std::uint64_t seedOf(std::uint64_t seed, int thread) {
    return thread == 0 ? seed : SplitMix64(seed + static_cast<std::uint64_t>(thread)).next();
}

}  // namespace

RequestStream::RequestStream(const RequestSet& set, std::uint64_t seed, int thread, int threads)
    : m_set(set),
      m_thread(thread),
      m_choice(set.weights()),
      m_random(seedOf(seed, thread)),
      m_drawn(set.variables().size()) {
    for (const auto& variable : set.variables())
        m_samplers.emplace_back(variable.source, thread, threads);
}

void RequestStream::restart(std::uint64_t seed) {
    m_random = SplitMix64(seedOf(seed, m_thread));
    for (auto& sampler : m_samplers)
        sampler.restart();
}

RequestStream::Shot RequestStream::next() {
    return next(m_set.requests().size() == 1 ? 0 : m_choice.next(m_random));
}

RequestStream::Shot RequestStream::next(std::size_t index) {
    m_last = index;
    const auto& request = m_set.requests()[index];
    if (request.variables.empty())
        return {index, request.fixed, request.endpoint, request.isHead};
    for (const std::size_t variable : request.variables)
        m_drawn[variable] = m_samplers[variable].next(m_random);
    m_body.clear();
    append(m_body, request.body, 0);
    m_wire.clear();
    append(m_wire, request.head, m_body.size());
    m_wire += m_body;
    return {index, m_wire, request.endpoint, request.isHead};
}

std::string RequestStream::target() const {
    std::string out;
    append(out, m_set.requests()[m_last].target, 0);
    return out;
}

void RequestStream::append(std::string& out, const std::vector<RequestSet::Piece>& pieces,
                           std::size_t bodyBytes) const {
    for (const auto& piece : pieces) {
        out += piece.literal;
        if (piece.slot == Slot::None)
            continue;
        if (piece.slot == Slot::BodyLength) {
            appendNumber(out, static_cast<std::int64_t>(bodyBytes));
            continue;
        }
        const auto& variable = m_set.variables()[piece.variable];
        const std::int64_t index = m_drawn[piece.variable];
        if (variable.source.values.empty())
            appendNumber(out, variable.source.first + index);
        else
            out += (piece.slot == Slot::Encoded ? variable.encoded
                                                : variable.source.values)[static_cast<std::size_t>(index)];
    }
}

}  // namespace hone::load
