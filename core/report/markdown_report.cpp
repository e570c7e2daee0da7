#include "core/report/documents.h"
#include "core/report/escape.h"
#include "core/report/outline.h"

namespace hone::report {
namespace {

std::string factsTable(const std::vector<Fact>& facts, bool figures) {
    std::string out = fmt::format("\n| {} | Value |\n| --- | {} |\n", figures ? "Figure" : "What",
                                  figures ? "---:" : "---");
    for (const auto& fact : facts)
        out += fmt::format("| {} | {} |\n", markdown(fact.label), markdown(fact.value));
    return out;
}

/// Charts stay out: a Markdown file cannot hold a picture, and a link to one would break when it is sent.
std::string sectionOf(const Section& section) {
    std::string out;
    if (!section.paragraphs.empty())
        out += "\n";
    for (const auto& text : section.paragraphs)
        out += "- " + markdown(text) + "\n";
    for (const auto& table : section.tables)
        out += markdownTable(table);
    if (!section.facts.empty())
        out += factsTable(section.facts, section.id == "figures");
    return out.empty() ? out : fmt::format("\n## {}\n", markdown(section.title)) + out;
}

}  // namespace

std::string markdownDocument(const Outline& outline) {
    std::string out = fmt::format("# {}\n\n{}{}\n", markdown(outline.title),
                                  outline.company.empty() ? std::string() : markdown(outline.company) + " · ",
                                  markdown(outline.subtitle));
    if (!outline.verdict.empty())
        out += fmt::format("\nVerdict: {}\n", markdown(outline.verdict));
    bool first = true;
    for (const auto& sentence : outline.summary) {
        out += "\n" + (first ? "**" + markdown(sentence) + "**" : markdown(sentence)) + "\n";
        first = false;
    }
    for (const auto& section : outline.sections)
        out += sectionOf(section);
    return out;
}

}  // namespace hone::report
