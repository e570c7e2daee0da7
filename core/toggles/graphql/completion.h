#pragma once

#include "core/toggles/graphql/plan.h"

#include "core/data/rows.h"

#include <fmt/format.h>

namespace hone::toggles::graphql {

/// Where an answer is being written: keys and indexes up to the root. Lives on the stack.
struct Path {
    const Path* up = nullptr;
    std::string_view key;  ///< Of a field; else:
    std::size_t index = 0;

    [[nodiscard]] std::string json() const {
        std::string before = up ? up->json() : "[]";
        before.pop_back();
        before += before.size() > 1 ? "," : "";
        if (key.empty())
            return before + std::to_string(index) + "]";
        data::writeJsonString(key, before);
        return before + "]";
    }
};

/// Writes "data" as text while it is worked out, with the errors and the propagation of null
/// (section 6.4.4): whatever was written of a value that turns out to be null is taken back.
///
/// Thread: one. Owner: one execution.
class Completion {
public:
    enum class Outcome : std::uint8_t { Written, Null, Failed };

    Completion(Planner& p, std::string& o, std::vector<Problem>& e) : planner(p), out(o), problems(e) {}

    Planner& planner;
    std::string& out;
    std::vector<Problem>& problems;

    /// `{…}`: `value(field, path)` writes each. False when a null reaches the object itself.
    template <class Value>
    bool object(SelectionPlan& plan, const Path* path, Value&& value) {
        out += '{';
        for (PlannedField& field : plan.fields) {
            if (&field != plan.fields.data())
                out += ',';
            out += field.label;
            const Path here{path, field.key};
            if (!complete(field, here, value))
                return false;
        }
        out += '}';
        return true;
    }
    /// `[…]` of items that may not be null.
    template <class Item>
    Outcome list(std::size_t size, const Path& path, Item&& item) {
        out += '[';
        for (std::size_t i = 0; i < size; ++i) {
            if (i > 0)
                out += ',';
            const Path here{&path, {}, i};
            if (!item(i, here))
                return Outcome::Failed;
        }
        out += ']';
        return Outcome::Written;
    }
    Outcome string(std::string_view text) {
        data::writeJsonString(text, out);
        return Outcome::Written;
    }
    Outcome raw(std::string_view text) {
        out += text;
        return Outcome::Written;
    }
    static Outcome written(bool holds) { return holds ? Outcome::Written : Outcome::Failed; }

    Outcome report(const PlannedField& field, const Path& path, std::string message, std::string code,
                   std::string hint = {}) {
        if (problems.size() < kMostProblems)
            problems.push_back(
                {std::move(message), planner.places(field), path.json(), std::move(code), std::move(hint)});
        return Outcome::Failed;
    }
    Outcome report(const PlannedField& field, const Path& path, const Error& error) {
        const bool isUsers = error.code == Error::InvalidArgument || error.code == Error::AlreadyExists ||
                             error.code == Error::NotFound;
        return report(field, path, error.what, isUsers ? "BAD_USER_INPUT" : "INTERNAL_SERVER_ERROR",
                      error.hint);
    }

private:
    static constexpr std::size_t kMostProblems = 1'000;

    template <class Value>
    bool complete(PlannedField& field, const Path& here, Value&& value) {
        const std::size_t mark = out.size();
        Outcome outcome = Outcome::Written;
        if (!field.fault.empty())
            outcome = report(field, here, field.fault, "BAD_USER_INPUT");
        else if (field.field->name == "__typename")
            outcome = string(field.parent->name);
        else
            outcome = value(field, here);
        if (outcome == Outcome::Written)
            return true;
        out.resize(mark);
        if (field.field->type.isNonNull()) {
            if (outcome == Outcome::Null)
                report(field, here,
                       fmt::format("Cannot return null for non-nullable field {}.{}.", field.parent->name,
                                   field.field->name),
                       "INTERNAL_SERVER_ERROR");
            return false;
        }
        out += "null";
        return true;
    }
};

}  // namespace hone::toggles::graphql
