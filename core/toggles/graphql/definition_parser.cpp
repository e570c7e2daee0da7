#include "core/toggles/graphql/parser_cursor.h"

#include <algorithm>
#include <array>

namespace hone::toggles::graphql {
namespace {

constexpr std::array<std::string_view, 19> kDirectiveLocations{"QUERY",
                                                               "MUTATION",
                                                               "SUBSCRIPTION",
                                                               "FIELD",
                                                               "FRAGMENT_DEFINITION",
                                                               "FRAGMENT_SPREAD",
                                                               "SCHEMA",
                                                               "SCALAR",
                                                               "OBJECT",
                                                               "UNION",
                                                               "INLINE_FRAGMENT",
                                                               "VARIABLE_DEFINITION",
                                                               "ENUM",
                                                               "INTERFACE",
                                                               "ENUM_VALUE",
                                                               "FIELD_DEFINITION",
                                                               "ARGUMENT_DEFINITION",
                                                               "INPUT_OBJECT",
                                                               "INPUT_FIELD_DEFINITION"};

std::string description(ParserCursor& cursor) {
    return cursor.is(Token::String) || cursor.is(Token::BlockString) ? cursor.string() : std::string();
}

InputDefinition inputValue(ParserCursor& cursor) {
    InputDefinition out;
    out.description = description(cursor);
    out.name = cursor.name();
    cursor.expect(':');
    out.type = cursor.type();
    if (cursor.skip('='))
        out.initial = cursor.value(true);
    out.directives = cursor.directives(true);
    return out;
}

std::vector<InputDefinition> inputs(ParserCursor& cursor, char open, char close) {
    std::vector<InputDefinition> out;
    if (cursor.is(open))
        cursor.many(open, close, [&] { out.push_back(inputValue(cursor)); });
    return out;
}

FieldDefinition fieldDefinition(ParserCursor& cursor) {
    FieldDefinition out;
    out.description = description(cursor);
    out.name = cursor.name();
    out.arguments = inputs(cursor, '(', ')');
    cursor.expect(':');
    out.type = cursor.type();
    out.directives = cursor.directives(true);
    return out;
}

EnumValueDefinition enumValue(ParserCursor& cursor) {
    EnumValueDefinition out;
    out.description = description(cursor);
    if (cursor.isWord("true") || cursor.isWord("false") || cursor.isWord("null"))
        cursor.wrong(cursor.at(), "Name \"" + std::string(cursor.name().text) +
                                      "\" is reserved and cannot be used for an enum value.");
    out.name = cursor.name();
    out.directives = cursor.directives(true);
    return out;
}

/// `& A & B` or `| A | B`, the first separator may be left out.
std::vector<Name> namesBetween(ParserCursor& cursor, char separator) {
    std::vector<Name> out;
    cursor.skip(separator);
    do {
        out.push_back(cursor.name());
    } while (cursor.skip(separator));
    return out;
}

void schemaBody(ParserCursor& cursor, Definition& out) {
    out.kind = Definition::Schema;
    out.directives = cursor.directives(true);
    if (out.extends && !cursor.is('{') && !out.directives.empty())
        return;
    cursor.many('{', '}', [&] {
        FieldDefinition operation;
        operation.name = cursor.name();
        if (operation.name.text != "query" && operation.name.text != "mutation" &&
            operation.name.text != "subscription")
            cursor.wrong(operation.name.at, "Unexpected Name \"" + std::string(operation.name.text) + "\".");
        cursor.expect(':');
        operation.type.at = cursor.at();
        operation.type.named = cursor.name();
        out.fields.push_back(std::move(operation));
    });
}

void objectBody(ParserCursor& cursor, Definition& out) {
    out.name = cursor.name();
    if (cursor.skipWord("implements"))
        out.interfaces = namesBetween(cursor, '&');
    out.directives = cursor.directives(true);
    if (cursor.is('{'))
        cursor.many('{', '}', [&] { out.fields.push_back(fieldDefinition(cursor)); });
    if (out.extends && out.interfaces.empty() && out.directives.empty() && out.fields.empty())
        cursor.unexpected();
}

void directiveBody(ParserCursor& cursor, Definition& out) {
    out.kind = Definition::DirectiveDefinition;
    cursor.expect('@');
    out.name = cursor.name();
    out.inputs = inputs(cursor, '(', ')');
    out.repeatable = cursor.skipWord("repeatable");
    cursor.expectWord("on");
    out.members = namesBetween(cursor, '|');
    for (const Name& location : out.members)
        if (std::ranges::find(kDirectiveLocations, location.text) == kDirectiveLocations.end())
            cursor.wrong(location.at, "Unexpected Name \"" + std::string(location.text) + "\".");
}

/// Scalar, union, enum and input: a name, directives and what is peculiar.
void otherBody(ParserCursor& cursor, Definition& out, Definition::Kind kind) {
    out.kind = kind;
    out.name = cursor.name();
    out.directives = cursor.directives(true);
    if (kind == Definition::Union && cursor.skip('='))
        out.members = namesBetween(cursor, '|');
    if (kind == Definition::Enum && cursor.is('{'))
        cursor.many('{', '}', [&] { out.values.push_back(enumValue(cursor)); });
    if (kind == Definition::Input)
        out.inputs = inputs(cursor, '{', '}');
    if (out.extends && out.directives.empty() && out.members.empty() && out.values.empty() &&
        out.inputs.empty())
        cursor.unexpected();
}

}  // namespace

Definition parseDefinition(ParserCursor& cursor) {
    Definition out;
    out.at = cursor.at();
    const bool isDescribed = cursor.is(Token::String) || cursor.is(Token::BlockString);
    out.description = description(cursor);
    if (isDescribed && (cursor.is('{') || cursor.isWord("extend")))
        cursor.unexpected();
    out.extends = cursor.skipWord("extend");
    if (cursor.skipWord("schema"))
        schemaBody(cursor, out);
    else if (cursor.skipWord("type")) {
        out.kind = Definition::Object;
        objectBody(cursor, out);
    } else if (cursor.skipWord("interface")) {
        out.kind = Definition::Interface;
        objectBody(cursor, out);
    } else if (cursor.skipWord("scalar"))
        otherBody(cursor, out, Definition::Scalar);
    else if (cursor.skipWord("union"))
        otherBody(cursor, out, Definition::Union);
    else if (cursor.skipWord("enum"))
        otherBody(cursor, out, Definition::Enum);
    else if (cursor.skipWord("input"))
        otherBody(cursor, out, Definition::Input);
    else if (!out.extends && cursor.skipWord("directive"))
        directiveBody(cursor, out);
    else
        cursor.unexpected();
    return out;
}

}  // namespace hone::toggles::graphql
