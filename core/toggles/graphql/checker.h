#pragma once

#include "core/toggles/graphql/validation.h"

#include <span>

namespace hone::toggles::graphql {

/// What the rules share: what is checked and where problems go.
class Checker {
public:
    Checker(const Schema& s, const Document& d) : schema(s), document(d) {}

    const Schema& schema;
    const Document& document;
    std::vector<Problem> problems;

    void report(std::string message, std::initializer_list<std::uint32_t> at);
    [[nodiscard]] bool isFull() const { return problems.size() >= 100; }
};

/// What a walk meets, with the types that are known there; hooks default to nothing. Parents and types are
/// null where the document names something the schema does not have.
class Visitor {
public:
    virtual ~Visitor() = default;
    virtual void operation(const Operation&) {}
    virtual void fragment(const Fragment&) {}
    virtual void variable(const VariableDefinition&) {}
    virtual void field(const Type* parent, const Field* definition, const Selection&) {
        static_cast<void>(parent), static_cast<void>(definition);
    }
    virtual void spread(const Type* parent, const Selection&) { static_cast<void>(parent); }
    virtual void inlined(const Type* parent, const Selection&) { static_cast<void>(parent); }
    virtual void directives(std::span<const Directive>, std::string_view location) {
        static_cast<void>(location);
    }
    /// `owner` is "@skip" or "Query.city"; `known` is null when that is unknown.
    virtual void arguments(std::span<const Argument>, const std::vector<InputValue>* known,
                           const std::string& owner, std::uint32_t at) {
        static_cast<void>(known), static_cast<void>(owner), static_cast<void>(at);
    }
    /// A whole value of an argument, a variable's default or a directive's argument.
    virtual void value(const Value&, const TypeRef* type, bool hasDefault) {
        static_cast<void>(type), static_cast<void>(hasDefault);
    }
};

void walk(const Checker& checker, const Operation& operation, Visitor& visitor);
void walk(const Checker& checker, const Fragment& fragment, Visitor& visitor);
/// Every operation and fragment once, in that order.
void walkAll(const Checker& checker, Visitor& visitor);

// The families of rules, one file each.
void checkOperations(Checker& checker);  ///< 5.2: and executable definitions (5.1.1).
void checkFields(Checker& checker);      ///< 5.3.1, 5.3.3.
void checkMerging(Checker& checker);     ///< 5.3.2.
void checkArguments(Checker& checker);   ///< 5.4.
void checkFragments(Checker& checker);   ///< 5.5.
void checkValues(Checker& checker);      ///< 5.6.
void checkDirectives(Checker& checker);  ///< 5.7.
void checkVariables(Checker& checker);   ///< 5.8.

}  // namespace hone::toggles::graphql
