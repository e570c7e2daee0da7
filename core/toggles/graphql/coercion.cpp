#include "core/toggles/graphql/coercion.h"

#include "core/toggles/graphql/numbers.h"
#include "core/toggles/graphql/validation.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace hone::toggles::graphql {
namespace {

using nlohmann::json;

std::string shown(const json& value) { return value.dump(-1, ' ', false, json::error_handler_t::replace); }

std::optional<std::int64_t> integerOf(const json& value) {
    if (value.is_number_unsigned() && value.get<std::uint64_t>() > std::uint64_t{INT64_MAX})
        return std::nullopt;
    if (value.is_number_integer())
        return value.get<std::int64_t>();
    if (!value.is_number_float())
        return std::nullopt;
    const double number = value.get<double>();  // JSON does not tell 3.0 from 3 (RFC 8259, section 6).
    return std::trunc(number) == number && std::abs(number) < 0x1.0p63
               ? std::optional(static_cast<std::int64_t>(number))
               : std::nullopt;
}

std::string enumFault(const Type& type, const json& value) {
    if (!value.is_string())
        return fmt::format("Enum \"{}\" cannot represent non-string value: {}.", type.name, shown(value));
    return type.value(value.get_ref<const std::string&>())
               ? ""
               : fmt::format("Value \"{}\" does not exist in \"{}\" enum.", value.get<std::string>(),
                             type.name);
}

/// Turns a variable's JSON into the leaf's value in place; a sentence when it does not fit.
std::string coerceLeaf(const Type& type, json& value) {
    const std::string& name = type.name;
    if (type.kind == Type::Enum)
        return enumFault(type, value);
    if (name == "Int" || (name == "BigInt" && type.specifiedBy)) {
        const bool isBig = name == "BigInt";
        const auto number =
            isBig && value.is_string() ? int64From(value.get_ref<const std::string&>()) : integerOf(value);
        if (!number && !isBig)
            return fmt::format("Int cannot represent non-integer value: {}", shown(value));
        if (!number || (!isBig && (*number < INT32_MIN || *number > INT32_MAX)))
            return fmt::format("{} cannot represent non {}-bit signed integer value: {}", name,
                               isBig ? 64 : 32, shown(value));
        value = *number;
        return "";
    }
    if (name == "Float") {
        if (!value.is_number())
            return fmt::format("Float cannot represent non numeric value: {}", shown(value));
        value = value.get<double>();
        return "";
    }
    if (name == "String")
        return value.is_string()
                   ? ""
                   : fmt::format("String cannot represent a non string value: {}", shown(value));
    if (name == "Boolean")
        return value.is_boolean()
                   ? ""
                   : fmt::format("Boolean cannot represent a non boolean value: {}", shown(value));
    if (name == "ID") {
        if (value.is_string())
            return "";
        const auto number = integerOf(value);
        if (!number)
            return fmt::format("ID cannot represent value: {}", shown(value));
        value = std::to_string(*number);
    }
    return "";
}

json literalLeaf(const Type& type, const Value& literal) {
    const std::string& name = type.name;
    if (type.kind == Type::Enum || name == "String" || name == "ID")
        return literal.text;
    if (name == "Boolean")
        return literal.text == "true";
    if (name == "Int" || (name == "BigInt" && type.specifiedBy))
        return int64From(literal.text).value_or(0);
    return doubleFrom(literal.text).value_or(0);
}

std::optional<json> fromLiteral(const Value& literal, const TypeRef& type, const json& variables);

std::optional<json> objectFromLiteral(const Value& literal, const Type& type, const json& variables) {
    if (literal.kind != Value::Object)
        return std::nullopt;
    json out = json::object();
    for (const InputValue& field : type.inputs) {
        const auto at = std::ranges::find(literal.names, field.name, &Name::text);
        const Value* given = at == literal.names.end()
                                 ? nullptr
                                 : &literal.items[static_cast<std::size_t>(at - literal.names.begin())];
        if (given && given->kind == Value::Variable && !variables.contains(given->text))
            given = nullptr;
        if (!given && !field.initial) {
            if (field.type.isNonNull())
                return std::nullopt;
            continue;
        }
        auto value = fromLiteral(given ? *given : *field.initial, field.type, variables);
        if (!value)
            return std::nullopt;
        out[field.name] = std::move(*value);
    }
    return out;
}

/// None when it does not fit, or a variable in it has no value though one is demanded.
std::optional<json> fromLiteral(const Value& literal, const TypeRef& type, const json& variables) {
    if (literal.kind == Value::Variable) {
        const auto found = variables.find(literal.text);
        if (found == variables.end() || (found->is_null() && type.isNonNull()))
            return std::nullopt;
        return *found;
    }
    if (literal.kind == Value::Null)
        return type.isNonNull() ? std::nullopt : std::optional<json>(json(nullptr));
    if (type.isNonNull())
        return fromLiteral(literal, type.nullable(), variables);
    if (type.isList()) {
        json list = json::array();
        const std::vector<Value> one =
            literal.kind == Value::List ? std::vector<Value>() : std::vector{literal};
        for (const Value& item : literal.kind == Value::List ? literal.items : one) {
            const bool isMissing = item.kind == Value::Variable && !variables.contains(item.text);
            auto value = isMissing && !type.item().isNonNull() ? std::optional<json>(json(nullptr))
                                                               : fromLiteral(item, type.item(), variables);
            if (!value)
                return std::nullopt;
            list.push_back(std::move(*value));
        }
        return list;
    }
    if (type.type->kind == Type::Input)
        return objectFromLiteral(literal, *type.type, variables);
    if (!leafFault(*type.type, literal).empty())
        return std::nullopt;
    return literalLeaf(*type.type, literal);
}

/// One variable's value, problems collected with the place inside it.
class VariableCoercion {
public:
    explicit VariableCoercion(std::vector<std::pair<std::string, std::string>>& faults) : m_faults(faults) {}

    json coerce(json value, const TypeRef& type, const std::string& path) {
        if (value.is_null()) {
            if (type.isNonNull())
                wrong(path, fmt::format("Expected non-nullable type \"{}\" not to be null.", type.text()));
            return value;
        }
        if (type.isNonNull())
            return coerce(std::move(value), type.nullable(), path);
        if (type.isList()) {
            json list = json::array();
            if (!value.is_array())
                list.push_back(coerce(std::move(value), type.item(), path));
            else
                for (std::size_t i = 0; i < value.size(); ++i)
                    list.push_back(coerce(std::move(value[i]), type.item(), fmt::format("{}[{}]", path, i)));
            return list;
        }
        if (type.type->kind == Type::Input)
            return object(std::move(value), *type.type, path);
        if (auto fault = coerceLeaf(*type.type, value); !fault.empty())
            wrong(path, std::move(fault));
        return value;
    }

private:
    json object(json value, const Type& type, const std::string& path) {
        if (!value.is_object()) {
            wrong(path, fmt::format("Expected type \"{}\" to be an object.", type.name));
            return value;
        }
        json out = json::object();
        for (const InputValue& field : type.inputs) {
            if (const auto found = value.find(field.name); found != value.end())
                out[field.name] = coerce(std::move(*found), field.type, path + "." + field.name);
            else if (field.initial)
                out[field.name] = fromLiteral(*field.initial, field.type, json::object()).value_or(nullptr);
            else if (field.type.isNonNull())
                wrong(path, fmt::format("Field \"{}\" of required type \"{}\" was not provided.", field.name,
                                        field.type.text()));
        }
        for (const auto& [name, unused] : value.items())
            if (!type.input(name))
                wrong(path, fmt::format("Field \"{}\" is not defined by type \"{}\".", name, type.name));
        return out;
    }
    void wrong(const std::string& path, std::string message) {
        m_faults.emplace_back(path, std::move(message));
    }

    std::vector<std::pair<std::string, std::string>>& m_faults;
};

}  // namespace

std::expected<json, std::vector<Problem>> coerceVariables(const Schema& schema, const Document& document,
                                                          const Operation& operation, const json& given) {
    json values = json::object();
    std::vector<Problem> problems;
    const auto report = [&](const VariableDefinition& variable, std::string message) {
        if (problems.size() < 50)
            problems.push_back({.message = std::move(message),
                                .locations = {document.where(variable.at)},
                                .code = "BAD_USER_INPUT"});
    };
    for (const VariableDefinition& variable : operation.variables) {
        const std::string name(variable.name.text);
        const TypeRef type{schema.type(variable.type.named.text), variable.type.wraps};
        const auto found = given.find(name);
        if (found == given.end()) {
            if (variable.initial)
                values[name] = fromLiteral(*variable.initial, type, json::object()).value_or(nullptr);
            else if (type.isNonNull())
                report(variable, fmt::format("Variable \"${}\" of required type \"{}\" was not provided.",
                                             name, type.text()));
            continue;
        }
        if (found->is_null() && type.isNonNull()) {
            report(variable, fmt::format("Variable \"${}\" of non-null type \"{}\" must not be null.", name,
                                         type.text()));
            continue;
        }
        std::vector<std::pair<std::string, std::string>> faults;
        values[name] = VariableCoercion(faults).coerce(*found, type, "");
        for (const auto& [path, message] : faults)
            report(variable,
                   fmt::format("Variable \"${}\" got invalid value{}; {}", name,
                               path.empty() ? " " + shown(*found) : fmt::format(" at \"{}{}\"", name, path),
                               message));
    }
    if (!problems.empty())
        return std::unexpected(std::move(problems));
    return values;
}

std::expected<json, std::string> coerceArguments(const std::vector<InputValue>& definitions,
                                                 const std::vector<Argument>& arguments,
                                                 const json& variables) {
    json out = json::object();
    for (const InputValue& definition : definitions) {
        const auto at = std::ranges::find_if(
            arguments, [&](const Argument& each) { return each.name.text == definition.name; });
        const Value* given = at == arguments.end() ? nullptr : &at->value;
        const bool isUnset = given && given->kind == Value::Variable && !variables.contains(given->text);
        if (!given || isUnset) {
            if (definition.initial)
                out[definition.name] =
                    fromLiteral(*definition.initial, definition.type, variables).value_or(nullptr);
            else if (definition.type.isNonNull())
                return std::unexpected(
                    isUnset ? fmt::format("Argument \"{}\" of required type \"{}\" was provided the variable "
                                          "\"${}\" which was not provided a runtime value.",
                                          definition.name, definition.type.text(), given->text)
                            : fmt::format("Argument \"{}\" of required type \"{}\" was not provided.",
                                          definition.name, definition.type.text()));
            continue;
        }
        auto value = fromLiteral(*given, definition.type, variables);
        if (!value)
            return std::unexpected(
                definition.type.isNonNull() && given->kind == Value::Variable
                    ? fmt::format("Argument \"{}\" of non-null type \"{}\" must not be null.",
                                  definition.name, definition.type.text())
                    : fmt::format("Argument \"{}\" has invalid value {}.", definition.name,
                                  printValue(*given)));
        out[definition.name] = std::move(*value);
    }
    return out;
}

bool isIncluded(const std::vector<Directive>& directives, const json& variables) {
    for (const Directive& directive : directives) {
        const bool skips = directive.name.text == "skip";
        if ((!skips && directive.name.text != "include") || directive.arguments.empty())
            continue;
        const Value& condition = directive.arguments.front().value;
        const bool holds = condition.kind == Value::Variable ? variables.value(condition.text, false)
                                                             : condition.text == "true";
        if (holds == skips)
            return false;
    }
    return true;
}

}  // namespace hone::toggles::graphql
