#include "core/toggles/graphql/parser.h"

#include "core/toggles/graphql/parser_cursor.h"

namespace hone::toggles::graphql {
namespace {

std::vector<Selection> selectionSet(ParserCursor& cursor);

Selection field(ParserCursor& cursor) {
    Selection out{.at = cursor.at()};
    out.name = cursor.name();
    if (cursor.skip(':')) {
        out.alias = out.name;
        out.name = cursor.name();
    }
    out.arguments = cursor.arguments(false);
    out.directives = cursor.directives(false);
    if (cursor.is('{'))
        out.selections = selectionSet(cursor);
    return out;
}

/// After "...".
Selection fragmentUse(ParserCursor& cursor, std::uint32_t at) {
    Selection out{.kind = Selection::Inline, .at = at};
    const bool hasCondition = cursor.skipWord("on");
    if (hasCondition) {
        out.on = cursor.name();
    } else if (cursor.is(Token::Name)) {
        out.kind = Selection::Spread;
        out.name = cursor.name();
    }
    out.directives = cursor.directives(false);
    if (out.kind == Selection::Inline)
        out.selections = selectionSet(cursor);
    return out;
}

std::vector<Selection> selectionSet(ParserCursor& cursor) {
    std::vector<Selection> out;
    cursor.many('{', '}', [&] {
        const auto at = cursor.at();
        out.push_back(cursor.skip(Token::Spread) ? fragmentUse(cursor, at) : field(cursor));
    });
    return out;
}

VariableDefinition variable(ParserCursor& cursor) {
    VariableDefinition out;
    out.at = cursor.at();
    cursor.expect('$');
    out.name = cursor.name();
    cursor.expect(':');
    out.type = cursor.type();
    if (cursor.skip('='))
        out.initial = cursor.value(true);
    out.directives = cursor.directives(true);
    return out;
}

Operation operation(ParserCursor& cursor) {
    Operation out;
    out.at = cursor.at();
    if (cursor.is('{')) {
        out.selections = selectionSet(cursor);
        return out;
    }
    if (cursor.skipWord("mutation"))
        out.kind = Operation::Mutation;
    else if (cursor.skipWord("subscription"))
        out.kind = Operation::Subscription;
    else
        cursor.expectWord("query");
    if (cursor.is(Token::Name))
        out.name = cursor.name();
    if (cursor.is('('))
        cursor.many('(', ')', [&] { out.variables.push_back(variable(cursor)); });
    out.directives = cursor.directives(false);
    out.selections = selectionSet(cursor);
    return out;
}

Fragment fragment(ParserCursor& cursor) {
    Fragment out;
    out.at = cursor.at();
    cursor.expectWord("fragment");
    if (cursor.isWord("on"))
        cursor.unexpected();
    out.name = cursor.name();
    cursor.expectWord("on");
    out.on = cursor.name();
    out.directives = cursor.directives(false);
    out.selections = selectionSet(cursor);
    return out;
}

void definition(ParserCursor& cursor, Document& document) {
    if (cursor.is('{') || cursor.isWord("query") || cursor.isWord("mutation") ||
        cursor.isWord("subscription"))
        document.operations.push_back(operation(cursor));
    else if (cursor.isWord("fragment"))
        document.fragments.push_back(fragment(cursor));
    else
        document.definitions.push_back(parseDefinition(cursor));
}

}  // namespace

std::expected<std::shared_ptr<const Document>, Problem> parse(std::string source, const ParseLimits& limits) {
    auto document = std::make_shared<Document>();
    document->source = std::move(source);
    try {
        ParserCursor cursor(document->source, limits);
        do {
            definition(cursor, *document);
        } while (!cursor.is(Token::End));
        document->depth = cursor.deepest();
    } catch (ParserCursor::Failed& failed) {
        return std::unexpected(std::move(failed.problem));
    }
    return document;
}

}  // namespace hone::toggles::graphql
