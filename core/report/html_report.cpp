#include "core/report/documents.h"
#include "core/report/escape.h"
#include "core/report/outline.h"

namespace hone::report {
namespace {

std::string card(const std::string& content) {
    return content.empty() ? std::string() : "<div class=\"card\">" + content + "</div>\n";
}

std::string factsTable(const std::vector<Fact>& facts) {
    std::string out = "<table>";
    for (const auto& fact : facts)
        out +=
            fmt::format("<tr><th scope=\"row\">{}</th><td>{}</td></tr>", html(fact.label), html(fact.value));
    return out + "</table>";
}

std::string figures(const std::vector<Fact>& facts) {
    std::string out = "<dl class=\"figures\">";
    for (const auto& fact : facts)
        out += fmt::format("<div><dt>{}</dt><dd>{}</dd></div>", html(fact.label), html(fact.value));
    return out + "</dl>";
}

std::string paragraphs(const Section& section) {
    if (section.paragraphs.empty())
        return {};
    const bool warnings = section.id == "warnings";
    std::string out = warnings ? "<ul>" : "";
    for (const auto& text : section.paragraphs)
        out += warnings ? "<li class=\"warn\">" + html(text) + "</li>" : "<p>" + html(text) + "</p>";
    return card(out + (warnings ? "</ul>" : ""));
}

std::string pictures(const Section& section) {
    if (section.pictures.empty())
        return {};
    std::string out = "<div class=\"grid\">";
    for (const auto& picture : section.pictures)
        out += card(picture);
    return out + "</div>\n";
}

std::string sectionOf(const Section& section) {
    std::string out = fmt::format("<section>\n<h2>{}</h2>\n", html(section.title));
    out += paragraphs(section) + pictures(section);
    for (const auto& table : section.tables)
        out += htmlTable(table);
    if (!section.facts.empty())
        out += card(section.id == "figures" ? figures(section.facts) : factsTable(section.facts));
    return out + "</section>\n";
}

/// The picture was checked when the template was read: a PNG, JPEG or SVG, shown as an image, where no script
/// runs.
std::string logoOf(const Outline& outline) {
    if (outline.logo.empty())
        return {};
    return fmt::format("<img class=\"logo\" alt=\"{}\" src=\"{}\">",
                       html(outline.company.empty() ? "Logo" : outline.company), html(outline.logo));
}

}  // namespace

std::string htmlDocument(const Outline& outline) {
    std::string body = fmt::format(
        "<header class=\"head\"><div><h1>{}</h1>\n<p class=\"sub\">{}{}</p></div>{}</header>\n",
        html(outline.title), outline.company.empty() ? std::string() : html(outline.company) + " · ",
        html(outline.subtitle), logoOf(outline));
    if (!outline.summary.empty()) {
        body += "<section class=\"summary\">\n";
        for (const auto& sentence : outline.summary)
            body += "<p>" + html(sentence) + "</p>\n";
        if (!outline.verdict.empty())
            body += fmt::format("<p><span class=\"chip {}\">{}</span></p>\n", outline.tone,
                                html(outline.verdict));
        body += "</section>\n";
    }
    for (const auto& section : outline.sections)
        body += sectionOf(section);
    return htmlPage(outline.title, body);
}

}  // namespace hone::report
