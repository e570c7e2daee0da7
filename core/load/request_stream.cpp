#include "core/load/request_set.h"

#include "core/http/semantics.h"

#include <charconv>

namespace hone::load {

namespace {

using Slot = RequestSet::Piece::Slot;

void appendNumber(std::string& out, std::int64_t value) {
    char text[24];
    const auto end = std::to_chars(text, text + sizeof text, value).ptr;
    out.append(text, end);
}

/// Path and query of what a Location or a link in a body holds.
std::string targetFrom(std::string_view value) {
    if (const auto scheme = value.find("://"); scheme != value.npos && scheme < value.find_first_of("/?")) {
        const auto path = value.find_first_of("/?", scheme + 3);
        value = path == value.npos ? "" : value.substr(path);
    }
    std::string out(value.starts_with('/') ? "" : "/");
    for (const char c : value.substr(0, value.find('#')))
        out += c == ' ' ? std::string("%20") : std::string(1, c);
    return out;
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
      m_drawn(set.variables().size()),
      m_position(static_cast<std::size_t>(thread)),
      m_threads(threads) {
    for (const auto& variable : set.variables())
        m_samplers.emplace_back(variable.source, thread, threads);
}

void RequestStream::restart(std::uint64_t seed) {
    m_random = SplitMix64(seedOf(seed, m_thread));
    for (auto& sampler : m_samplers)
        sampler.restart();
    m_position = static_cast<std::size_t>(m_thread);
}

RequestStream::Shot RequestStream::next() {
    if (!m_set.recorded().empty())
        return nextRecorded();
    return next(m_set.requests().size() == 1 ? 0 : m_choice.next(m_random));
}

RequestStream::Shot RequestStream::next(std::size_t index) {
    for (const std::size_t variable : m_set.requests()[index].variables)
        m_drawn[variable] = m_samplers[variable].next(m_random);
    return compose(index);
}

RequestStream::Shot RequestStream::next(Session& session) {
    if (session.step == 0) {
        session.drawn.resize(m_drawn.size());
        session.taken.resize(m_drawn.size());
        for (std::size_t i = 0; i < m_drawn.size(); ++i)
            if (!m_set.variables()[i].isTaken)
                session.drawn[i] = m_samplers[i].next(m_random);
    }
    const std::size_t index = session.step;
    session.step = (session.step + 1) % m_set.requests().size();
    m_drawn = session.drawn;
    m_taken = &session.taken;
    return compose(index);
}

RequestStream::Shot RequestStream::compose(std::size_t index) {
    m_last = index;
    const auto& request = m_set.requests()[index];
    if (request.isFixed)
        return {index, request.fixed, request.endpoint, request.isHead};
    m_body.clear();
    append(m_body, request.body, 0);
    m_wire.clear();
    append(m_wire, request.head, m_body.size());
    m_wire += m_body;
    return {index, m_wire, request.endpoint, request.isHead};
}

RequestStream::Shot RequestStream::nextRecorded() {
    const auto& one = m_set.recorded()[m_position % m_set.recorded().size()];
    m_position += static_cast<std::size_t>(m_threads);
    m_wire.assign(one.method).append(" ").append(one.target).append(" HTTP/1.1\r\n");
    m_wire += m_set.recordedFields();
    if (!one.contentType.empty())
        m_wire.append("Content-Type: ").append(one.contentType).append("\r\n");
    if (!one.body.empty()) {
        m_wire += "Content-Length: ";
        appendNumber(m_wire, static_cast<std::int64_t>(one.body.size()));
        m_wire += "\r\n";
    }
    m_wire.append("\r\n").append(one.body);
    return {0, m_wire, m_set.requests()[0].endpoint, one.method == "HEAD"};
}

std::string RequestStream::target() const {
    if (!m_set.recorded().empty()) {
        const auto from = m_wire.find(' ') + 1;
        return m_wire.substr(from, m_wire.find(' ', from) - from);
    }
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
        if (variable.isTaken) {
            const std::string& value = (*m_taken)[piece.variable];
            out += piece.slot == Slot::Target    ? targetFrom(value)
                   : piece.slot == Slot::Encoded ? http::percentEncode(value)
                                                 : value;
        } else if (variable.columns.empty()) {
            appendNumber(out, variable.source.first + index);
        } else {
            const auto& column = variable.columns[piece.column];
            out +=
                (piece.slot == Slot::Plain ? column.plain : column.encoded)[static_cast<std::size_t>(index)];
        }
    }
}

}  // namespace hone::load
