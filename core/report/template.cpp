#include "core/report/template.h"

#include "core/model/document.h"
#include "core/report/outline.h"
#include "core/report/picture.h"

#include <algorithm>

namespace hone::report {
namespace {

using nlohmann::json;

constexpr std::size_t kLongestText = 200;

Failure wrong(const std::filesystem::path& file, std::string_view what) {
    return fail(Error::InvalidArgument, "{}: {}", file.string(), what);
}

Result<std::string> textOf(const std::filesystem::path& file, const json& document, const char* member) {
    const auto found = document.find(member);
    if (found == document.end())
        return std::string();
    if (!found->is_string() || found->get_ref<const std::string&>().size() > kLongestText)
        return wrong(file, fmt::format("\"{}\" must be a text of at most {} bytes", member, kLongestText))
            .hint("For example \"{}\": \"Acme\".", member);
    return found->get<std::string>();
}

Result<std::vector<std::string>> sectionsOff(const std::filesystem::path& file, const json& document) {
    std::vector<std::string> off;
    const auto sections = document.find("sections");
    if (sections == document.end())
        return off;
    if (!sections->is_object())
        return wrong(file, "\"sections\" must be an object")
            .hint("For example \"sections\": {{\"charts\": false}}.");
    for (const auto& [id, on] : sections->items()) {
        if (std::ranges::find(sectionIds(), id) == sectionIds().end())
            return wrong(file, fmt::format("there is no section \"{}\"", id))
                .hint("Known: {}.", fmt::join(sectionIds(), ", "));
        if (!on.is_boolean())
            return wrong(file,
                         fmt::format("\"sections\": \"{}\" must be true or false, got {}", id, on.dump()))
                .hint("false leaves the section out.");
        if (!on.get<bool>())
            off.push_back(id);
    }
    return off;
}

Result<> checkMembers(const std::filesystem::path& file, const json& document) {
    static constexpr std::string_view kKnown[] = {"$schema", "hone", "title", "company", "logo", "sections"};
    if (!document.is_object())
        return wrong(file, "a report template must be an object").hint("For example {{\"hone\": 1}}.");
    for (const auto& [name, value] : document.items())
        if (std::ranges::find(kKnown, name) == std::end(kKnown))
            return wrong(file, fmt::format("\"{}\" is not a setting of a report template", name))
                .hint("Known: title, company, logo, sections.");
    return {};
}

}  // namespace

const std::vector<std::string>& sectionIds() {
    static const std::vector<std::string> kIds{"summary",      "figures",  "effects",  "warnings",
                                               "charts",       "requests", "phases",   "companions",
                                               "confirmation", "settings", "feedback", "method"};
    return kIds;
}

Result<Template> Template::load(const std::filesystem::path& file) {
    const auto document = model::readDocument(file);
    if (!document)
        return fail(Error(document.error()));
    if (auto known = checkMembers(file, *document); !known)
        return fail(std::move(known.error()));
    Template design;
    std::string logo;
    for (const auto& [into, member] :
         {std::pair{&design.title, "title"}, {&design.company, "company"}, {&logo, "logo"}}) {
        auto text = textOf(file, *document, member);
        if (!text)
            return fail(std::move(text.error()));
        *into = std::move(*text);
    }
    auto off = sectionsOff(file, *document);
    if (!off)
        return fail(std::move(off.error()));
    design.off = std::move(*off);
    if (!logo.empty()) {
        auto picture = pictureFrom(std::filesystem::absolute(file).parent_path() / logo);
        if (!picture)
            return fail(std::move(picture.error()));
        design.logo = std::move(*picture);
    }
    return design;
}

void apply(const Template& design, Outline& outline) {
    if (!design.title.empty()) {
        constexpr std::string_view kName = "{name}";
        std::string title = design.title;
        if (const auto at = title.find(kName); at != std::string::npos)
            title.replace(at, kName.size(), outline.title);
        outline.title = std::move(title);
    }
    outline.company = design.company;
    outline.logo = design.logo;
    const auto isOff = [&](std::string_view id) {
        return std::ranges::find(design.off, id) != design.off.end();
    };
    if (isOff("summary")) {
        outline.summary.clear();
        outline.verdict.clear();
    }
    std::erase_if(outline.sections, [&](const Section& section) { return isOff(section.id); });
}

}  // namespace hone::report
