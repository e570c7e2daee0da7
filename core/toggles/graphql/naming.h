#pragma once

#include <set>
#include <string>
#include <string_view>

/// Names of GraphQL from names of tables and columns. Thread: any.
namespace hone::toggles::graphql {

/// "order_items" → "order_item", "cities" → "city"; words that are their own plural stay.
[[nodiscard]] std::string singular(std::string_view word);
[[nodiscard]] std::string camelCase(std::string_view words);   ///< "order_items" → "orderItems".
[[nodiscard]] std::string pascalCase(std::string_view words);  ///< "order_items" → "OrderItems".
/// A column's name as it is, but for characters no name may have (section 2.1.9) and a leading "__".
[[nodiscard]] std::string fieldName(std::string_view column);

/// Hands out names that are not taken.
class Names {
public:
    Names() = default;
    Names(std::initializer_list<std::string> taken) : m_taken(taken) {}
    [[nodiscard]] bool isFree(const std::string& name) const { return !m_taken.contains(name); }
    /// `wanted`, or with the least number behind it that makes it free.
    std::string take(const std::string& wanted);

private:
    std::set<std::string> m_taken;
};

}  // namespace hone::toggles::graphql
