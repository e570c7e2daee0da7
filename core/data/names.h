#pragma once

#include <set>
#include <string>
#include <string_view>

namespace hone::data {

/// A column or table name made of ASCII letters, digits and underscores that starts with a letter or
/// underscore, at most 63 characters; `fallback` when nothing is left ("Größe (cm)" → "Gr_e_cm", "2024" →
/// "_2024").
[[nodiscard]] std::string safeName(std::string_view raw, std::string_view fallback);

/// Gives each name out once: the second "a" becomes "a_2". Case does not tell names apart, as in SQL.
class UniqueNames {
public:
    [[nodiscard]] std::string take(const std::string& name);
    [[nodiscard]] bool has(std::string_view name) const { return m_taken.contains(lower(name)); }

private:
    static std::string lower(std::string_view name);
    std::set<std::string, std::less<>> m_taken;
};

}  // namespace hone::data
