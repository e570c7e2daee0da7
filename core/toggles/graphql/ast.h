#pragma once

#include "core/toggles/graphql/problem.h"

#include <memory>
#include <optional>

/// What a GraphQL document consists of (specification October 2021, section 2 and appendix B). Values; names
/// are views into Document::source, positions are byte offsets there.
namespace hone::toggles::graphql {

struct Name {
    std::string_view text;
    std::uint32_t at = 0;
    [[nodiscard]] bool empty() const { return text.empty(); }
};

struct Value {
    enum Kind : std::uint8_t { Variable, Int, Float, String, Boolean, Null, Enum, List, Object };
    Kind kind = Null;
    std::uint32_t at = 0;
    std::string text;          ///< Of Variable (without $), Int, Float, String (decoded), Boolean, Enum.
    std::vector<Name> names;   ///< Of Object, beside `items`.
    std::vector<Value> items;  ///< Of List and Object.
};

struct Argument {
    Name name;
    Value value;
};

struct Directive {
    Name name;
    std::uint32_t at = 0;  ///< Of the @.
    std::vector<Argument> arguments;
};

/// A type with its wrappers from the outside in: 'N' non-null, 'L' list. "NLN" + Int is [Int!]!.
struct TypeNode {
    Name named;
    std::string wraps;
    std::uint32_t at = 0;
};

struct Selection {
    enum Kind : std::uint8_t { Field, Spread, Inline };
    Kind kind = Field;
    std::uint32_t at = 0;
    Name alias;  ///< Of Field; empty: none.
    Name name;   ///< Of Field and Spread.
    Name on;     ///< Type condition of Inline; empty: none.
    std::vector<Argument> arguments;
    std::vector<Directive> directives;
    std::vector<Selection> selections;

    [[nodiscard]] std::string_view key() const { return alias.empty() ? name.text : alias.text; }
};

struct VariableDefinition {
    Name name;
    std::uint32_t at = 0;
    TypeNode type;
    std::optional<Value> initial;
    std::vector<Directive> directives;
};

struct Operation {
    enum Kind : std::uint8_t { Query, Mutation, Subscription };
    Kind kind = Query;
    std::uint32_t at = 0;
    Name name;  ///< Empty: anonymous.
    std::vector<VariableDefinition> variables;
    std::vector<Directive> directives;
    std::vector<Selection> selections;
};

struct Fragment {
    Name name;
    std::uint32_t at = 0;
    Name on;
    std::vector<Directive> directives;
    std::vector<Selection> selections;
};

// The type system's own language (section 3).

struct InputDefinition {
    std::string description;
    Name name;
    TypeNode type;
    std::optional<Value> initial;
    std::vector<Directive> directives;
};

struct FieldDefinition {
    std::string description;
    Name name;
    std::vector<InputDefinition> arguments;
    TypeNode type;
    std::vector<Directive> directives;
};

struct EnumValueDefinition {
    std::string description;
    Name name;
    std::vector<Directive> directives;
};

struct Definition {
    enum Kind : std::uint8_t { Schema, Scalar, Object, Interface, Union, Enum, Input, DirectiveDefinition };
    Kind kind = Schema;
    bool extends = false;
    std::uint32_t at = 0;
    std::string description;
    Name name;                          ///< Empty for Schema.
    std::vector<Name> interfaces;       ///< Of Object and Interface.
    std::vector<Directive> directives;  ///< Applied to it.
    std::vector<FieldDefinition>
        fields;                 ///< Of Object and Interface; of Schema: operation type → its object.
    std::vector<Name> members;  ///< Of Union; of DirectiveDefinition: the locations.
    std::vector<EnumValueDefinition> values;
    std::vector<InputDefinition> inputs;  ///< Of Input; of DirectiveDefinition: the arguments.
    bool repeatable = false;
};

/// A parsed document. Immutable and shared; does not move, since names point into `source`.
struct Document {
    std::string source;
    std::vector<Operation> operations;
    std::vector<Fragment> fragments;
    std::vector<Definition> definitions;
    int depth = 0;  ///< Deepest nesting of braces, brackets and parentheses.

    [[nodiscard]] const Fragment* fragment(std::string_view name) const {
        for (const Fragment& each : fragments)
            if (each.name.text == name)
                return &each;
        return nullptr;
    }
    [[nodiscard]] Location where(std::size_t at) const { return locate(source, at); }
};

}  // namespace hone::toggles::graphql
