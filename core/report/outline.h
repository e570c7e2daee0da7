#pragma once

#include "core/report/figures.h"
#include "core/report/report.h"
#include "core/report/table.h"

/// A report as an ordered list of sections, before any kind of document gives it a look. Texts are raw: each
/// document escapes them. Thread: any.
namespace hone::report {

struct Section {
    std::string id;  ///< "charts", "requests", …: what a template switches off.
    std::string title;
    std::vector<std::string> paragraphs;
    std::vector<std::string> pictures;  ///< Complete SVG with the classes of the house style.
    std::vector<Table> tables;
    std::vector<Fact> facts;

    [[nodiscard]] bool empty() const {
        return paragraphs.empty() && pictures.empty() && tables.empty() && facts.empty();
    }
};

struct Outline {
    std::string title, subtitle;
    std::string company, logo;         ///< From a template; the logo is a data: URI of a picture.
    std::string verdict;               ///< The chip beside the summary; empty for runs.
    std::string tone = "muted";        ///< Of the verdict: "good", "bad" or "muted".
    std::vector<std::string> summary;  ///< Whole sentences for somebody who reads nothing else.
    std::vector<Section> sections;     ///< None is empty.
};

[[nodiscard]] Outline outlineOf(const model::RunResult& run, const Extras& extras = {});
[[nodiscard]] Outline outlineOf(const model::Comparison& comparison, const Extras& extras = {});
[[nodiscard]] Outline outlineOf(const model::Attribution& attribution, const Extras& extras = {});
[[nodiscard]] Outline outlineOf(const model::Sweep& sweep, const Extras& extras = {});

}  // namespace hone::report
