#include "core/coding/codec.h"
#include "core/data/columnar_format.h"
#include "core/http/semantics.h"
#include "core/http/syntax.h"
#include "core/toggles/advanced/advanced_state.h"

#include <fmt/format.h>

namespace hone::toggles::advanced {
namespace {

using engine::Exchange;

constexpr std::size_t kLongestMatch = 1024;

/// What Plan found out, for Encode and Finish.
struct Note {
    std::unique_ptr<ColumnarEndpoint> columnar;
    bool isCapable = false;   ///< The client knows dcz and may be given it.
    bool isPromised = false;  ///< Content-Encoding was written before there was content.
    bool isKept = false;      ///< The answer may serve as the dictionary of the next.
    coding::DictionaryHash owner{};
    DictionaryShelf::Trained trained;  ///< What the client has, if it is one of these.
    PreviousAnswers::Kept previous;
};

/// Whose answer it is: a hash of what names a user, zeroes for nobody.
coding::DictionaryHash ownerOf(const http::Request& request) {
    std::string credentials;
    for (const auto& [name, value] : request.fields)
        if (http::iequals(name, "Authorization") || http::iequals(name, "Cookie") ||
            http::iequals(name, "X-API-Key"))
            credentials.append(http::lower(name)).append(":").append(value).append("\n");
    return credentials.empty() ? coding::DictionaryHash{} : sha256(credentials);
}

void addToVary(http::Fields& fields, std::string_view name) {
    auto value = fields.joined("Vary");
    std::string_view rest = value, member;
    while (http::nextMember(rest, member))
        if (member == "*" || http::iequals(member, name))
            return;
    value.append(value.empty() ? "" : ", ").append(name);
    fields.set("Vary", value);
}

bool isRead(const http::Request& request) {
    return request.method == http::Method::Get || request.method == http::Method::Head;
}

class AdvancedStage final : public engine::Stage {
public:
    explicit AdvancedStage(std::shared_ptr<AdvancedState> state)
        : m_state(std::move(state)), m_compressor(m_state->settings.level) {}

    void plan(Exchange& exchange) override {
        const auto& request = exchange.request;
        if (!isRead(request) || !exchange.route.endpoint || !exchange.route.toggle.empty() ||
            exchange.route.endpoint->isAsync())
            return;
        const bool isColumnar =
            m_state->settings.columnar && exchange.route.endpoint->isList() && wantsColumnar(request);
        const bool isCapable = wantsDcz(request) && isOwnOrPublic(request);
        if (!isColumnar && !isCapable)
            return;
        const auto note = std::make_shared<Note>();
        exchange.notes[index()] = note;
        if (isColumnar) {
            note->columnar = std::make_unique<ColumnarEndpoint>(*exchange.route.endpoint, m_state->columnar);
            exchange.route.endpoint = note->columnar.get();
        }
        if ((note->isCapable = isCapable))
            findDictionary(exchange, *note);
    }

    void encode(Exchange& exchange) override {
        auto& response = exchange.response;
        const auto note = noteOf(exchange);
        if (note)
            takeBack(*note, response);
        if (response.status != 200 || response.prepared || response.body.empty() ||
            !isRead(exchange.request) || !exchange.route.toggle.empty())
            return;
        declareVariants(exchange);
        if (note && note->isCapable && isFit(response))
            encodeFor(exchange, *note);
    }

    void finish(Exchange& exchange) override {
        const auto held = std::exchange(exchange.notes[index()], nullptr);
        if (!held)
            return;
        auto& note = *static_cast<Note*>(held.get());
        takeBack(note, exchange.response);
        // Only now: a cache before this has said how long its answers are fresh, if there is one.
        if (note.isKept && !exchange.response.field("Cache-Control"))
            exchange.response.fields.set("Cache-Control",
                                         fmt::format("private, max-age={}", m_state->settings.deltaFresh));
    }

private:
    [[nodiscard]] std::size_t index() const { return static_cast<std::size_t>(slot); }
    [[nodiscard]] std::shared_ptr<Note> noteOf(const Exchange& exchange) const {
        return std::static_pointer_cast<Note>(exchange.notes[index()]);
    }

    /// Says at once that the content will be coded, so that nobody before us in Encode compresses it for
    /// nothing: what is compressed cannot be coded with a dictionary.
    void findDictionary(Exchange& exchange, Note& note) {
        note.owner = ownerOf(exchange.request);
        const auto available = exchange.request.field("Available-Dictionary");
        if (!available)
            return;
        if (const auto hash = parseAvailableDictionary(*available)) {
            if (m_state->settings.deltas)
                note.previous = m_state->previous.find(*hash, note.owner);
            if (!note.previous && m_state->shelf)
                note.trained = m_state->shelf->find(*hash);
        }
        note.isPromised = note.previous || note.trained;
        if (note.isPromised)
            exchange.response.fields.set("Content-Encoding", coding::kDczName);
        else
            m_state->count(Count::Unknown);
    }

    static void takeBack(Note& note, http::Response& response) {
        if (std::exchange(note.isPromised, false) &&
            response.fields.get("Content-Encoding") == coding::kDczName)
            response.fields.remove("Content-Encoding");
    }

    /// Said to all, since a cache on the way keeps it for all.
    void declareVariants(Exchange& exchange) const {
        auto& fields = exchange.response.fields;
        const auto& settings = m_state->settings;
        if (settings.columnar && exchange.route.endpoint && exchange.route.endpoint->isList())
            addToVary(fields, "Accept");
        if (settings.deltas || settings.dictionaries) {
            addToVary(fields, "Accept-Encoding");
            addToVary(fields, "Available-Dictionary");
        }
    }

    static bool isFit(const http::Response& response) {
        const auto control = response.fields.get("Cache-Control");
        if (!control)
            return true;
        const auto parsed = http::parseCacheControl(*control);
        return !parsed.noStore && !parsed.noTransform;
    }

    void encodeFor(Exchange& exchange, Note& note) {
        const auto& response = exchange.response;
        const auto coding = response.fields.get("Content-Encoding");
        if (!coding) {
            prepareNext(exchange, note, response.body);
            if (note.previous || note.trained)
                code(exchange, note);
        } else if (const auto plain = coding::decodeContent(*coding, response.body)) {
            // Compressed before us, since the client had no dictionary: so that it has one the next time.
            prepareNext(exchange, note, *plain);
        }
    }

    void prepareNext(Exchange& exchange, Note& note, std::string_view plain) {
        if (m_state->shelf && exchange.route.table)
            offerTrained(exchange, note, plain);
        if (m_state->settings.deltas && exchange.cacheable)
            keep(exchange, note, plain);
    }

    /// Link: rel="compression-dictionary" (RFC 9842 section 3) to the dictionary for such answers, unless the
    /// client has just used it.
    void offerTrained(Exchange& exchange, const Note& note, std::string_view plain) {
        if (exchange.response.fields.get("Content-Type") != "application/json")
            return;
        const auto trained = m_state->shelf->want(exchange.route.table->name, styleOf(plain));
        if (trained && trained != note.trained)
            exchange.response.fields.add("Link",
                                         fmt::format("<{}>; rel=\"compression-dictionary\"", trained->path));
    }

    void keep(Exchange& exchange, Note& note, std::string_view plain) {
        if (plain.size() < m_state->settings.deltaMin || !coding::isRawDictionary(plain))
            return;
        const auto match = matchTarget(exchange.request.path, exchange.request.query);
        if (match.size() > kLongestMatch || !m_state->previous.keep(sha256(plain), note.owner, plain))
            return;
        exchange.response.fields.set("Use-As-Dictionary", useAsDictionary(match, {}));
        note.isKept = true;
    }

    void code(Exchange& exchange, const Note& note) {
        auto& response = exchange.response;
        const auto size = response.body.size();
        if (size < m_state->settings.minSize ||
            !(note.previous ? m_compressor.compressOnce(*note.previous, response.body, m_coded)
                            : m_compressor.compress(*note.trained->prepared, response.body, m_coded)))
            return m_state->count(Count::Unshrunk);
        response.body.assign(m_coded);  // keeps the roomy buffer here and the answer small
        response.body.shrink_to_fit();
        response.fields.set("Content-Encoding", coding::kDczName);
        // A tag from elsewhere named the bytes as they came (RFC 9110 section 8.8.3.3).
        if (const auto tag = response.fields.get("ETag"); tag && !tag->starts_with("W/"))
            response.fields.set("ETag", "W/" + std::string(*tag));
        m_state->count(note.previous ? Count::Delta : Count::Dictionary);
        m_state->count(Count::Saved, size - response.body.size());
        m_state->count(Count::Out, response.body.size());
        exchange.note("advanced", Nanos(0), note.previous ? "delta" : "dictionary");
    }

    std::shared_ptr<AdvancedState> m_state;
    coding::DictionaryCompressor m_compressor;
    std::string m_coded;  ///< Reused: as large as the largest answer so far.
};

}  // namespace

std::unique_ptr<engine::Stage> AdvancedState::makeStage() {
    return std::make_unique<AdvancedStage>(shared_from_this());
}

}  // namespace hone::toggles::advanced
