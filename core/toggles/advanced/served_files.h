#pragma once

#include "core/engine/endpoint.h"
#include "core/toggles/advanced/dictionary_shelf.h"

namespace hone::toggles::advanced {

/// What the toggle serves besides the API:
///   /dictionaries/               what was trained and what is being trained, as JSON
///   /dictionaries/<table>        leads to the newest dictionary of that table; has it trained when there is
///   none /dictionaries/<id>.dict      a dictionary, for good: other bytes have another name
///   /columnar/format.md          the layout of the columnar format
///   /columnar/decoder.js         and a reader of it
///
/// Thread: any; immutable. Owner: the toggle's State, with the shelf.
class ServedFiles final : public engine::Endpoint {
public:
    explicit ServedFiles(DictionaryShelf* shelf) : m_shelf(shelf) {}
    [[nodiscard]] std::string_view name() const override { return "GET /dictionaries, /columnar"; }
    [[nodiscard]] bool blocks() const override { return false; }
    void handle(engine::Exchange& exchange) const override;

    [[nodiscard]] bool has(std::string_view path) const;

private:
    [[nodiscard]] http::Response answer(std::string_view path) const;
    [[nodiscard]] http::Response index() const;
    [[nodiscard]] http::Response newestOf(std::string_view table) const;

    DictionaryShelf* m_shelf;  ///< Null: no dictionaries.
};

}  // namespace hone::toggles::advanced
