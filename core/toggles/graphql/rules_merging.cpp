// Fields with one response key can be merged (specification, section 5.3.2).
//
// Compared as sets, not pair by pair: within a set every field must agree with the first, since agreement is
// transitive, and the selections of all are one new set. The same set is never looked at twice, which also
// ends cycles of fragments; the work is bounded by the number of different sets.

#include "core/toggles/graphql/checker.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

namespace hone::toggles::graphql {
namespace {

struct Use {
    const Selection* field = nullptr;
    const Type* parent = nullptr;
    const Field* definition = nullptr;
};
using Uses = std::vector<Use>;
using ByKey = std::map<std::string_view, Uses>;

std::string sortedText(const Value& value) {
    if (value.kind != Value::Object && value.kind != Value::List)
        return printValue(value);
    std::vector<std::string> parts;
    for (std::size_t i = 0; i < value.items.size(); ++i)
        parts.push_back(value.kind == Value::Object
                            ? fmt::format("{}: {}", value.names[i].text, sortedText(value.items[i]))
                            : sortedText(value.items[i]));
    if (value.kind == Value::Object)
        std::ranges::sort(parts);
    std::string out;
    for (const std::string& part : parts)
        out += part + ", ";
    return value.kind == Value::Object ? "{" + out + "}" : "[" + out + "]";
}

bool sameArguments(const Selection& a, const Selection& b) {
    if (a.arguments.size() != b.arguments.size())
        return false;
    return std::ranges::all_of(a.arguments, [&](const Argument& one) {
        return std::ranges::any_of(b.arguments, [&](const Argument& other) {
            return one.name.text == other.name.text && sortedText(one.value) == sortedText(other.value);
        });
    });
}

bool sameShape(const TypeRef& a, const TypeRef& b) {
    return a.wraps == b.wraps && (a.type == b.type || (a.type->isComposite() && b.type->isComposite()));
}

class Merging {
public:
    explicit Merging(Checker& checker) : m_checker(checker) {}

    void start(const Type* parent, const std::vector<Selection>& selections) {
        Uses uses;
        std::set<std::string_view> visited;
        collect(parent, selections, uses, visited);
        shapes(uses);
        meanings(uses);
    }

private:
    void collect(const Type* parent, const std::vector<Selection>& selections, Uses& into,
                 std::set<std::string_view>& visited) const {
        for (const Selection& selection : selections) {
            if (selection.kind == Selection::Field) {
                into.push_back({&selection, parent,
                                parent ? m_checker.schema.field(*parent, selection.name.text) : nullptr});
            } else if (selection.kind == Selection::Inline) {
                collect(selection.on.empty() ? parent : m_checker.schema.type(selection.on.text),
                        selection.selections, into, visited);
            } else if (visited.insert(selection.name.text).second) {
                if (const Fragment* fragment = m_checker.document.fragment(selection.name.text))
                    collect(m_checker.schema.type(fragment->on.text), fragment->selections, into, visited);
            }
        }
    }
    [[nodiscard]] Uses below(const Uses& uses) const {
        Uses out;
        std::set<std::string_view> visited;
        for (const Use& use : uses)
            collect(use.definition ? use.definition->type.type : nullptr, use.field->selections, out,
                    visited);
        return out;
    }
    static ByKey byKey(const Uses& uses) {
        ByKey out;
        for (const Use& use : uses)
            out[use.field->key()].push_back(use);
        return out;
    }
    using Seen = std::set<std::vector<const Selection*>>;
    static bool isNew(Seen& seen, const Uses& uses) {
        std::vector<const Selection*> fields;
        for (const Use& use : uses)
            fields.push_back(use.field);
        std::ranges::sort(fields);
        return seen.insert(std::move(fields)).second;
    }
    void conflict(const Use& a, const Use& b, const std::string& why) {
        m_checker.report(fmt::format("Fields \"{}\" conflict because {}. Use different aliases on the fields "
                                     "to fetch both if this was intentional.",
                                     a.field->key(), why),
                         {a.field->at, b.field->at});
    }

    /// SameResponseShape, whatever the parents.
    void shapes(const Uses& uses) {
        if (!isNew(m_shapes, uses))
            return;
        for (const auto& [key, same] : byKey(uses)) {
            const auto first = std::ranges::find_if(same, [](const Use& use) { return use.definition; });
            for (auto use = first; use != same.end(); ++use)
                if (use->definition && !sameShape(first->definition->type, use->definition->type)) {
                    conflict(*first, *use,
                             fmt::format("they return conflicting types \"{}\" and \"{}\"",
                                         first->definition->type.text(), use->definition->type.text()));
                    break;
                }
            if (!m_checker.isFull())
                shapes(below(same));
        }
    }

    /// Those which may be of one object are the same field with the same arguments.
    void meanings(const Uses& uses) {
        if (!isNew(m_meanings, uses))
            return;
        for (const auto& [key, same] : byKey(uses)) {
            std::map<const Type*, Uses> byObject;
            Uses anywhere;
            for (const Use& use : same)
                (use.parent && use.parent->kind == Type::Object ? byObject[use.parent] : anywhere)
                    .push_back(use);
            if (byObject.empty())
                oneMeaning(anywhere);
            for (auto& [object, group] : byObject) {
                group.insert(group.end(), anywhere.begin(), anywhere.end());
                oneMeaning(group);
            }
        }
    }
    void oneMeaning(const Uses& same) {
        for (const Use& use : same) {
            const Use& first = same.front();
            if (use.field->name.text != first.field->name.text) {
                conflict(first, use,
                         fmt::format("\"{}\" and \"{}\" are different fields", first.field->name.text,
                                     use.field->name.text));
                break;
            }
            if (!sameArguments(*first.field, *use.field)) {
                conflict(first, use, "they have differing arguments");
                break;
            }
        }
        if (!m_checker.isFull())
            meanings(below(same));
    }

    Checker& m_checker;
    Seen m_shapes, m_meanings;
};

}  // namespace

void checkMerging(Checker& checker) {
    Merging merging(checker);
    for (const Operation& operation : checker.document.operations)
        merging.start(checker.schema.root(operation.kind), operation.selections);
    for (const Fragment& fragment : checker.document.fragments)
        merging.start(checker.schema.type(fragment.on.text), fragment.selections);
}

}  // namespace hone::toggles::graphql
