#pragma once

#include "core/base/error.h"

#include <filesystem>
#include <string>
#include <vector>

/// How a house wants its reports (`*.report.json` or .yaml). Values; thread: any.
namespace hone::report {

struct Outline;

/// Schema: resources/docs/schema/report.schema.json.
struct Template {
    std::string title;             ///< "{name}" stands for the result's own; empty: just that.
    std::string company;           ///< Stands before the date.
    std::string logo;              ///< A data: URI; empty: none.
    std::vector<std::string> off;  ///< Ids of the sections left out; "summary" is one as well.

    /// A logo is a file beside the template: PNG, JPEG or SVG of at most 1 MiB. Errors: InvalidArgument for
    /// an unknown section or member, which lists the known; NotFound, Malformed.
    [[nodiscard]] static Result<Template> load(const std::filesystem::path& file);
};

/// Every section a report can have, in the order of the documents.
[[nodiscard]] const std::vector<std::string>& sectionIds();

void apply(const Template& design, Outline& outline);

}  // namespace hone::report
