// Literals fit their types (specification, section 5.6).

#include "core/toggles/graphql/checker.h"
#include "core/toggles/graphql/numbers.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace hone::toggles::graphql {
namespace {

class ValueRules final : public Visitor {
public:
    explicit ValueRules(Checker& checker) : m_checker(checker) {}

    void value(const Value& value, const TypeRef* type, bool) override {
        fieldNames(value);
        if (type)
            check(value, *type);
    }

private:
    void fieldNames(const Value& value) {
        std::map<std::string_view, std::uint32_t> seen;
        for (const Name& name : value.names)
            if (const auto [first, isNew] = seen.emplace(name.text, name.at); !isNew)
                m_checker.report(fmt::format("There can be only one input field named \"{}\".", name.text),
                                 {first->second, name.at});
        for (const Value& item : value.items)
            fieldNames(item);
    }
    void unexpected(const Value& value, const TypeRef& type) {
        m_checker.report(
            fmt::format("Expected value of type \"{}\", found {}.", type.text(), printValue(value)),
            {value.at});
    }
    void check(const Value& value, const TypeRef& type) {
        if (value.kind == Value::Variable)
            return;
        if (value.kind == Value::Null) {
            if (type.isNonNull())
                unexpected(value, type);
            return;
        }
        if (type.isNonNull())
            return check(value, type.nullable());
        if (type.isList()) {
            if (value.kind != Value::List)
                return check(value, type.item());
            for (const Value& item : value.items)
                check(item, type.item());
            return;
        }
        if (type.type->kind == Type::Input)
            return object(value, type);
        if (auto fault = leafFault(*type.type, value); !fault.empty())
            m_checker.report(std::move(fault), {value.at});
    }
    void object(const Value& value, const TypeRef& type) {
        if (value.kind != Value::Object)
            return unexpected(value, type);
        for (std::size_t i = 0; i < value.items.size(); ++i) {
            const InputValue* field = type.type->input(value.names[i].text);
            if (field)
                check(value.items[i], field->type);
            else
                m_checker.report(fmt::format("Field \"{}\" is not defined by type \"{}\".",
                                             value.names[i].text, type.type->name),
                                 {value.names[i].at});
        }
        for (const InputValue& field : type.type->inputs)
            if (field.isRequired() &&
                std::ranges::find(value.names, field.name, &Name::text) == value.names.end())
                m_checker.report(fmt::format("Field \"{}.{}\" of required type \"{}\" was not provided.",
                                             type.type->name, field.name, field.type.text()),
                                 {value.at});
    }

    Checker& m_checker;
};

std::string enumFault(const Type& type, const Value& literal) {
    const std::string text = printValue(literal);
    if (literal.kind != Value::Enum)
        return fmt::format("Enum \"{}\" cannot represent non-enum value: {}.", type.name, text);
    return type.value(literal.text)
               ? ""
               : fmt::format("Value \"{}\" does not exist in \"{}\" enum.", text, type.name);
}

}  // namespace

std::string leafFault(const Type& leaf, const Value& literal) {
    if (leaf.kind == Type::Enum)
        return enumFault(leaf, literal);
    const std::string text = printValue(literal);
    const std::string& name = leaf.name;
    if (name == "Int") {
        if (literal.kind != Value::Int)
            return fmt::format("Int cannot represent non-integer value: {}", text);
        return int32From(literal.text)
                   ? ""
                   : fmt::format("Int cannot represent non 32-bit signed integer value: {}", text);
    }
    if (name == "BigInt" && leaf.specifiedBy) {
        const bool isNumber = literal.kind == Value::Int || literal.kind == Value::String;
        return isNumber && int64From(literal.text)
                   ? ""
                   : fmt::format("BigInt cannot represent non 64-bit signed integer value: {}", text);
    }
    if (name == "Float")
        return literal.kind == Value::Int || literal.kind == Value::Float
                   ? ""
                   : fmt::format("Float cannot represent non numeric value: {}", text);
    if (name == "String")
        return literal.kind == Value::String
                   ? ""
                   : fmt::format("String cannot represent a non string value: {}", text);
    if (name == "Boolean")
        return literal.kind == Value::Boolean
                   ? ""
                   : fmt::format("Boolean cannot represent a non boolean value: {}", text);
    if (name == "ID")
        return literal.kind == Value::String || literal.kind == Value::Int
                   ? ""
                   : fmt::format("ID cannot represent a non-string and non-integer value: {}", text);
    return "";
}

void checkValues(Checker& checker) {
    ValueRules rules(checker);
    walkAll(checker, rules);
}

}  // namespace hone::toggles::graphql
