#include "core/toggles/graphql/schema.h"

#include <algorithm>

namespace hone::toggles::graphql {
namespace {

template <class Items>
auto named(const Items& items, std::string_view name) -> decltype(items.data()) {
    const auto found = std::ranges::find_if(items, [&](const auto& item) { return item.name == name; });
    return found == items.end() ? nullptr : &*found;
}

}  // namespace

std::string TypeRef::text() const {
    std::string text = type->name;
    for (auto wrap = wraps.rbegin(); wrap != wraps.rend(); ++wrap)
        text = *wrap == 'N' ? text + "!" : "[" + text + "]";
    return text;
}

const InputValue* Field::argument(std::string_view argumentName) const {
    return named(arguments, argumentName);
}
const InputValue* DirectiveType::argument(std::string_view argumentName) const {
    return named(arguments, argumentName);
}
const Field* Type::field(std::string_view fieldName) const { return named(fields, fieldName); }
const InputValue* Type::input(std::string_view inputName) const { return named(inputs, inputName); }
const EnumValue* Type::value(std::string_view valueName) const { return named(values, valueName); }

bool Type::includes(const Type& object) const {
    return this == &object || std::ranges::find(members, &object) != members.end();
}

const Type* Schema::type(std::string_view name) const {
    const auto found = m_byName.find(name);
    return found == m_byName.end() ? nullptr : found->second;
}

const DirectiveType* Schema::directive(std::string_view name) const { return named(directives, name); }

const Type* Schema::root(Operation::Kind kind) const {
    switch (kind) {
        case Operation::Query: return query;
        case Operation::Mutation: return mutation;
        case Operation::Subscription: return subscription;
    }
    return nullptr;
}

const Field* Schema::field(const Type& type, std::string_view name) const {
    if (name.starts_with("__")) {
        if (name == "__typename" && type.isComposite())
            return &typenameField;
        if (&type == query && name == "__schema")
            return &schemaField;
        if (&type == query && name == "__type")
            return &typeField;
    }
    return type.field(name);
}

}  // namespace hone::toggles::graphql
