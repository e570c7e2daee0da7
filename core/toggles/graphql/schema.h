#pragma once

#include "core/toggles/graphql/ast.h"

#include "core/base/error.h"

#include <map>

namespace hone::toggles::graphql {

struct Type;

/// A type with its wrappers, as TypeNode has them ("NLN" + Int is [Int!]!). A value.
struct TypeRef {
    const Type* type = nullptr;
    std::string wraps;

    [[nodiscard]] bool isNonNull() const { return wraps.starts_with('N'); }
    [[nodiscard]] bool isList() const { return wraps.starts_with('L'); }  ///< Of the nullable type.
    [[nodiscard]] TypeRef nullable() const { return {type, isNonNull() ? wraps.substr(1) : wraps}; }
    [[nodiscard]] TypeRef item() const { return {type, wraps.substr(1)}; }  ///< Of a list.
    [[nodiscard]] std::string text() const;                                 ///< "[Int!]!"
    bool operator==(const TypeRef&) const = default;
};

struct InputValue {
    std::string name, description;
    TypeRef type;
    std::optional<Value> initial;
    std::optional<std::string> deprecation;

    [[nodiscard]] bool isRequired() const { return type.isNonNull() && !initial; }
};

/// What a field's value comes from; set by whoever builds the schema and read by who executes it.
struct Source {
    int kind = 0;  ///< Meaning of the builder; 0: none.
    int table = -1;
    int index = -1;
};

struct Field {
    std::string name, description;
    std::vector<InputValue> arguments;
    TypeRef type;
    std::optional<std::string> deprecation;
    Source source;

    [[nodiscard]] const InputValue* argument(std::string_view argumentName) const;
};

struct EnumValue {
    std::string name, description;
    std::optional<std::string> deprecation;
};

struct Type {
    enum Kind : std::uint8_t { Scalar, Object, Interface, Union, Enum, Input };
    Kind kind = Scalar;
    std::string name, description;
    std::optional<std::string> specifiedBy;  ///< Of Scalar.
    std::vector<Field> fields;               ///< Of Object and Interface.
    std::vector<const Type*> interfaces;     ///< Of Object and Interface.
    std::vector<const Type*> members;        ///< Of Union; of Interface: the objects that implement it.
    std::vector<EnumValue> values;           ///< Of Enum.
    std::vector<InputValue> inputs;          ///< Of Input.
    bool builtIn = false;                    ///< Of the specification: not printed.

    [[nodiscard]] bool isComposite() const { return kind == Object || kind == Interface || kind == Union; }
    [[nodiscard]] bool isLeaf() const { return kind == Scalar || kind == Enum; }
    [[nodiscard]] bool isInput() const { return isLeaf() || kind == Input; }
    [[nodiscard]] bool isAbstract() const { return kind == Interface || kind == Union; }
    [[nodiscard]] const Field* field(std::string_view fieldName) const;
    [[nodiscard]] const InputValue* input(std::string_view inputName) const;
    [[nodiscard]] const EnumValue* value(std::string_view valueName) const;
    /// Whether a value of this (composite) type can be of the object type.
    [[nodiscard]] bool includes(const Type& object) const;
};

struct DirectiveType {
    std::string name, description;
    std::vector<std::string> locations;
    std::vector<InputValue> arguments;
    bool repeatable = false;
    bool builtIn = false;

    [[nodiscard]] const InputValue* argument(std::string_view argumentName) const;
};

/// The types an API has (section 3). Immutable once built; thread: any. Types do not move.
class Schema {
public:
    [[nodiscard]] const Type* type(std::string_view name) const;
    [[nodiscard]] const DirectiveType* directive(std::string_view name) const;
    [[nodiscard]] const Type* root(Operation::Kind kind) const;
    /// The field of a composite type, with __typename, and __schema and __type of the query's root.
    [[nodiscard]] const Field* field(const Type& type, std::string_view name) const;

    std::string description;
    std::vector<std::unique_ptr<Type>> types;  ///< In order of definition, the specification's own first.
    std::vector<DirectiveType> directives;
    const Type* query = nullptr;
    const Type* mutation = nullptr;
    const Type* subscription = nullptr;
    Field typenameField, schemaField, typeField;             ///< __typename, __schema, __type.
    std::vector<std::shared_ptr<const Document>> documents;  ///< Initial values refer to their text.

private:
    friend class SchemaBuilder;
    std::map<std::string, Type*, std::less<>> m_byName;
};

/// Builds and checks a schema from its definitions; the specification's scalars, directives and introspection
/// types are added. Malformed with the place of what is wrong.
[[nodiscard]] Result<std::shared_ptr<Schema>> schemaFromSdl(std::string sdl);

/// The schema in its own language, byte for byte as graphql-js's printSchema() has it.
[[nodiscard]] std::string printSchema(const Schema& schema);
/// A value as it is written in a document.
[[nodiscard]] std::string printValue(const Value& value);
/// A string with quotes and escapes, as it is written in a document.
[[nodiscard]] std::string printString(std::string_view text);

}  // namespace hone::toggles::graphql
