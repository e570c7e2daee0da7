#include "core/toggles/graphql/schema_builder.h"

#include "core/toggles/graphql/parser.h"

#include <algorithm>

namespace hone::toggles::graphql {
namespace {

Failure malformed(const Document& document, std::uint32_t at, std::string what) {
    const Location place = document.where(at);
    return fail(Error::Malformed, "the schema is wrong at {}:{}: {}", place.line, place.column, what);
}

Type::Kind kindOf(Definition::Kind kind) {
    switch (kind) {
        case Definition::Object: return Type::Object;
        case Definition::Interface: return Type::Interface;
        case Definition::Union: return Type::Union;
        case Definition::Enum: return Type::Enum;
        case Definition::Input: return Type::Input;
        default: return Type::Scalar;
    }
}

std::optional<std::string> directiveText(const std::vector<Directive>& directives, std::string_view name,
                                         std::string_view argument, std::string_view initial) {
    for (const Directive& directive : directives) {
        if (directive.name.text != name)
            continue;
        for (const Argument& each : directive.arguments)
            if (each.name.text == argument && each.value.kind == Value::String)
                return each.value.text;
        return std::string(initial);
    }
    return std::nullopt;
}

std::optional<std::string> deprecation(const std::vector<Directive>& directives) {
    return directiveText(directives, "deprecated", "reason", "No longer supported");
}

/// Of an interface's field: the same type, or one that always is such a value (section 3.7, covariance).
bool isSubtype(const TypeRef& type, const TypeRef& of) {
    if (of.isNonNull())
        return type.isNonNull() && isSubtype(type.nullable(), of.nullable());
    if (type.isNonNull())
        return isSubtype(type.nullable(), of);
    if (of.isList() || type.isList())
        return of.isList() && type.isList() && isSubtype(type.item(), of.item());
    return type.type == of.type || (of.type->isAbstract() && of.type->includes(*type.type)) ||
           std::ranges::find(type.type->interfaces, of.type) != type.type->interfaces.end();
}

}  // namespace

Result<> SchemaBuilder::add(const Document& document, bool builtIn) {
    if (!document.operations.empty() || !document.fragments.empty())
        return malformed(document, 0, "operations and fragments are no part of a schema");
    for (const Definition& definition : document.definitions)
        if (auto declared = declare(document, definition, builtIn); !declared)
            return declared;
    for (const Definition& definition : document.definitions)
        if (auto filled = fill(document, definition); !filled)
            return filled;
    return {};
}

Result<> SchemaBuilder::declare(const Document& document, const Definition& definition, bool builtIn) {
    if (definition.extends)
        return malformed(document, definition.at,
                         "extensions are not taken here; write it where it is defined");
    if (definition.kind == Definition::Schema)
        return {};
    if (definition.kind == Definition::DirectiveDefinition) {
        if (m_schema->directive(definition.name.text))
            return malformed(document, definition.name.at,
                             fmt::format("there is another directive @{}", definition.name.text));
        m_schema->directives.push_back({.name = std::string(definition.name.text),
                                        .description = definition.description,
                                        .repeatable = definition.repeatable,
                                        .builtIn = builtIn});
        return {};
    }
    auto type = std::make_unique<Type>();
    type->kind = kindOf(definition.kind);
    type->name = definition.name.text;
    type->description = definition.description;
    type->builtIn = builtIn;
    if (!builtIn && type->name.starts_with("__"))
        return malformed(document, definition.name.at, "names with __ belong to introspection");
    if (!m_schema->m_byName.emplace(type->name, type.get()).second)
        return malformed(document, definition.name.at, fmt::format("there is another type {}", type->name));
    m_schema->types.push_back(std::move(type));
    return {};
}

Result<TypeRef> SchemaBuilder::resolve(const Document& document, const TypeNode& node) const {
    const Type* type = m_schema->type(node.named.text);
    if (!type)
        return malformed(document, node.named.at, fmt::format("there is no type {}", node.named.text));
    return TypeRef{type, node.wraps};
}

Result<> SchemaBuilder::fillInputs(const Document& document, const std::vector<InputDefinition>& from,
                                   std::vector<InputValue>& into) {
    for (const InputDefinition& each : from) {
        auto type = resolve(document, each.type);
        if (!type)
            return fail(std::move(type.error()));
        if (!type->type->isInput())
            return malformed(document, each.type.at, fmt::format("{} is no input type", type->text()));
        if (std::ranges::find(into, each.name.text, &InputValue::name) != into.end())
            return malformed(document, each.name.at, fmt::format("{} is there twice", each.name.text));
        into.push_back({std::string(each.name.text), each.description, std::move(*type), each.initial,
                        deprecation(each.directives)});
    }
    return {};
}

Result<> SchemaBuilder::fillFields(const Document& document, const Definition& definition, Type& type) {
    for (const FieldDefinition& each : definition.fields) {
        auto result = resolve(document, each.type);
        if (!result)
            return fail(std::move(result.error()));
        if (result->type->kind == Type::Input)
            return malformed(document, each.type.at, fmt::format("{} is no output type", result->text()));
        if (type.field(each.name.text))
            return malformed(document, each.name.at, fmt::format("{} is there twice", each.name.text));
        Field field{.name = std::string(each.name.text),
                    .description = each.description,
                    .type = std::move(*result),
                    .deprecation = deprecation(each.directives)};
        if (auto filled = fillInputs(document, each.arguments, field.arguments); !filled)
            return filled;
        type.fields.push_back(std::move(field));
    }
    return {};
}

Result<> SchemaBuilder::fillRoots(const Document& document, const Definition& definition) {
    m_schema->description = definition.description;
    for (const FieldDefinition& operation : definition.fields) {
        const auto type = resolve(document, operation.type);
        if (!type)
            return fail(type.error());
        (operation.name.text == "query"      ? m_schema->query
         : operation.name.text == "mutation" ? m_schema->mutation
                                             : m_schema->subscription) = type->type;
    }
    return {};
}

Result<> SchemaBuilder::fill(const Document& document, const Definition& definition) {
    if (definition.kind == Definition::Schema)
        return fillRoots(document, definition);
    if (definition.kind == Definition::DirectiveDefinition) {
        auto& directive =
            *std::ranges::find(m_schema->directives, definition.name.text, &DirectiveType::name);
        for (const Name& location : definition.members)
            directive.locations.emplace_back(location.text);
        return fillInputs(document, definition.inputs, directive.arguments);
    }
    Type& type = *m_schema->m_byName.find(definition.name.text)->second;
    if (type.kind == Type::Scalar)
        type.specifiedBy = directiveText(definition.directives, "specifiedBy", "url", "");
    for (const Name& name : definition.interfaces) {
        const auto found = m_schema->m_byName.find(name.text);
        if (found == m_schema->m_byName.end() || found->second->kind != Type::Interface)
            return malformed(document, name.at, fmt::format("{} is no interface", name.text));
        type.interfaces.push_back(found->second);
        if (type.kind == Type::Object)
            found->second->members.push_back(&type);
    }
    for (const Name& name : definition.members) {
        const Type* member = m_schema->type(name.text);
        if (!member || member->kind != Type::Object)
            return malformed(document, name.at, fmt::format("{} is no object type", name.text));
        type.members.push_back(member);
    }
    for (const EnumValueDefinition& value : definition.values)
        type.values.push_back(
            {std::string(value.name.text), value.description, deprecation(value.directives)});
    if (auto filled = fillInputs(document, definition.inputs, type.inputs); !filled)
        return filled;
    return fillFields(document, definition, type);
}

Result<> SchemaBuilder::checkInterface(const Type& type, const Type& interface) const {
    const auto wrong = [&](std::string_view what) {
        return fail(Error::Malformed, "{} implements {}, but {}", type.name, interface.name, what);
    };
    for (const Field& wanted : interface.fields) {
        const Field* field = type.field(wanted.name);
        if (!field)
            return wrong(fmt::format("has no field {}", wanted.name));
        if (!isSubtype(field->type, wanted.type))
            return wrong(fmt::format("its field {} is {}, not {}", wanted.name, field->type.text(),
                                     wanted.type.text()));
        for (const InputValue& argument : wanted.arguments) {
            const InputValue* own = field->argument(argument.name);
            if (!own || own->type != argument.type)
                return wrong(fmt::format("its field {} has no argument {}: {}", wanted.name, argument.name,
                                         argument.type.text()));
        }
        for (const InputValue& own : field->arguments)
            if (own.isRequired() && !wanted.argument(own.name))
                return wrong(fmt::format("its field {} demands the argument {}", wanted.name, own.name));
    }
    return {};
}

Result<std::shared_ptr<Schema>> SchemaBuilder::finish() {
    const auto orNamed = [&](const Type*& root, std::string_view name) {
        if (!root)
            root = m_schema->type(name);
    };
    orNamed(m_schema->query, "Query");
    orNamed(m_schema->mutation, "Mutation");
    orNamed(m_schema->subscription, "Subscription");
    if (!m_schema->query || m_schema->query->kind != Type::Object)
        return fail(Error::Malformed, "a schema needs an object type Query");
    for (const auto& type : m_schema->types) {
        const bool isEmpty = (type->kind == Type::Object || type->kind == Type::Interface)
                                 ? type->fields.empty()
                             : type->kind == Type::Union ? type->members.empty()
                             : type->kind == Type::Enum  ? type->values.empty()
                             : type->kind == Type::Input ? type->inputs.empty()
                                                         : false;
        if (isEmpty)
            return fail(Error::Malformed, "the type {} has nothing in it", type->name);
        for (const Type* interface : type->interfaces)
            if (auto checked = checkInterface(*type, *interface); !checked)
                return fail(std::move(checked.error()));
    }
    m_schema->typenameField = {.name = "__typename", .type = {m_schema->type("String"), "N"}};
    m_schema->schemaField = {.name = "__schema", .type = {m_schema->type("__Schema"), "N"}};
    m_schema->typeField = {.name = "__type", .type = {m_schema->type("__Type"), ""}};
    m_schema->typeField.arguments.push_back({.name = "name", .type = {m_schema->type("String"), "N"}});
    return m_schema;
}

Result<std::shared_ptr<Schema>> schemaFromSdl(std::string sdl) {
    constexpr ParseLimits kOwn{.maxTokens = 10'000'000};
    const auto own = parse(std::string(builtInSdl()), kOwn);
    if (!own)
        return fail(Error::Internal, "{}", own.error().message);
    const auto document = parse(std::move(sdl), kOwn);
    if (!document) {
        const Location place = document.error().locations.front();
        return fail(Error::Malformed, "{} (line {}, column {})", document.error().message, place.line,
                    place.column);
    }
    SchemaBuilder builder;
    builder.keep({*own, *document});
    if (auto added = builder.add(**own, true); !added)
        return fail(std::move(added.error()));
    if (auto added = builder.add(**document, false); !added)
        return fail(std::move(added.error()));
    return builder.finish();
}

}  // namespace hone::toggles::graphql
