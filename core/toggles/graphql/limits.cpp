#include "core/toggles/graphql/limits.h"

#include "core/toggles/graphql/binding.h"

#include <fmt/format.h>

#include <algorithm>

namespace hone::toggles::graphql {
namespace {

constexpr int kMaxPlans = 10'000;          ///< Selections of one operation, fragments written out.
constexpr int kMaxIntrospectionLists = 3;  ///< Lists in lists; the usual introspection query has two.

class Weighing {
public:
    Weighing(Planner& planner, const Limits& limits) : m_planner(planner), m_limits(limits) {}

    double cost(SelectionPlan& plan, std::int64_t depth) {
        m_weight.depth = std::max(m_weight.depth, depth);
        double sum = 0;
        for (PlannedField& field : plan.fields) {
            if (m_problem)
                return sum;
            if (field.field->name.starts_with("__") && field.field->name != "__typename")
                introspection(field);
            else
                sum += fieldCost(field, depth);
        }
        return sum;
    }
    std::expected<Weight, Problem> result(double cost) {
        m_weight.cost = cost;
        if (m_problem)
            return std::unexpected(std::move(*m_problem));
        return m_weight;
    }

private:
    void refuse(const PlannedField& field, std::string message, std::string code, std::string hint) {
        if (!m_problem)
            m_problem = Problem{.message = std::move(message),
                                .locations = m_planner.places(field),
                                .code = std::move(code),
                                .hint = std::move(hint)};
    }

    double fieldCost(PlannedField& field, std::int64_t depth) {
        const Type& type = *field.field->type.type;
        if (depth > m_limits.maxDepth) {
            refuse(field, fmt::format("The operation nests fields deeper than {} levels.", m_limits.maxDepth),
                   "DEPTH_LIMIT_EXCEEDED", "Ask for less at once, or raise graphql.maxDepth.");
            return 0;
        }
        if (!type.isComposite())
            return 0;
        double inner = 0;
        if (type.isAbstract())
            for (const Type* object : type.members)
                inner = std::max(inner, below(field, *object, depth));
        else
            inner = below(field, type, depth);
        const double cost = weightOf(field) * (ownCost(field) + inner);
        if (cost > static_cast<double>(m_limits.maxCost))
            refuse(field,
                   fmt::format("The operation may fetch {:.0f} objects or more; {} are allowed.", cost,
                               m_limits.maxCost),
                   "COST_LIMIT_EXCEEDED", "Ask for smaller pages with first, or raise graphql.maxCost.");
        return cost;
    }

    double below(PlannedField& field, const Type& object, std::int64_t depth) {
        if (++m_plans > kMaxPlans) {
            refuse(field, fmt::format("The operation selects from more than {} objects.", kMaxPlans),
                   "COST_LIMIT_EXCEEDED", "Ask for less at once.");
            return 0;
        }
        return cost(m_planner.below(field, object), depth + 1);
    }

    /// Edges, nodes and pageInfo are parts of a page that was counted.
    static double ownCost(const PlannedField& field) {
        switch (static_cast<From>(field.field->source.kind)) {
            case From::Edges:
            case From::Nodes:
            case From::EdgeNode:
            case From::PageInfo: return 0;
            default: return 1;
        }
    }

    [[nodiscard]] double weightOf(const PlannedField& field) const {
        const auto argument = [&](const char* name) -> std::optional<double> {
            const auto found = field.arguments.find(name);
            return found != field.arguments.end() && found->is_number()
                       ? std::optional(std::max(0.0, found->get<double>()))
                       : std::nullopt;
        };
        const auto usual = static_cast<double>(m_limits.pageSize);
        switch (static_cast<From>(field.field->source.kind)) {
            case From::List: return argument("limit").value_or(usual);
            case From::Connection:
            case From::ToMany: return argument("first").value_or(argument("last").value_or(usual));
            default: return 1;
        }
    }

    void introspection(PlannedField& field) {
        if (!m_limits.introspection)
            return refuse(field, "Introspection is switched off.", "INTROSPECTION_DISABLED",
                          "Set graphql.introspection to true.");
        lists(field, *field.field->type.type, 0);
    }
    void lists(PlannedField& field, const Type& type, int depth) {
        if (!type.isComposite() || m_problem)
            return;
        const std::string& name = field.field->name;
        if (name == "fields" || name == "interfaces" || name == "possibleTypes" || name == "inputFields")
            ++depth;
        if (depth >= kMaxIntrospectionLists)
            return refuse(field, "Maximum introspection depth exceeded", "DEPTH_LIMIT_EXCEEDED",
                          "Ask for the fields of types once, not of types of fields of types.");
        if (++m_plans > kMaxPlans)
            return refuse(field, "The introspection selects too much.", "COST_LIMIT_EXCEEDED", "");
        for (PlannedField& inner : m_planner.below(field, type).fields)
            lists(inner, *inner.field->type.type, depth);
    }

    Planner& m_planner;
    const Limits& m_limits;
    Weight m_weight;
    std::optional<Problem> m_problem;
    int m_plans = 0;
};

}  // namespace

std::expected<Weight, Problem> weigh(Planner& planner, SelectionPlan& root, const Limits& limits) {
    Weighing weighing(planner, limits);
    double sum = weighing.cost(root, 1);
    auto weight = weighing.result(sum);
    if (weight && sum > static_cast<double>(limits.maxCost))
        return std::unexpected(Problem{
            .message =
                fmt::format("The operation may fetch {:.0f} objects; {} are allowed.", sum, limits.maxCost),
            .code = "COST_LIMIT_EXCEEDED",
            .hint = "Ask for smaller pages with first, or raise graphql.maxCost."});
    return weight;
}

}  // namespace hone::toggles::graphql
