#include "core/report/report.h"

#include "app/cli/bundle.h"
#include "app/cli/report_document.h"
#include "core/base/units.h"
#include "core/store/store.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <cstdio>

namespace hone::cli {
namespace {

struct Options {
    std::string id, to, output, design;
    std::vector<std::string> datasets;  ///< Of a bundle.
};

bool isBundle(std::string_view kind) { return kind == "hone" || kind.ends_with(".hone"); }

Result<report::Extras> extrasFor(store::Store& store, const store::RunSummary& summary,
                                 const Options& options) {
    report::Extras extras;
    if (!options.design.empty()) {
        auto design = report::Template::load(options.design);
        if (!design)
            return fail(std::move(design.error()));
        extras.design = std::move(*design);
    }
    if (auto answers = store.answers()) {
        for (auto& answer : *answers)
            if (answer.runId == summary.id)
                extras.answers.push_back(std::move(answer));
    }
    return extras;
}

Result<std::string> rendered(const Session& session, store::Store& store, const store::RunSummary& summary,
                             std::string_view kind, const Options& options) {
    const auto extras = extrasFor(store, summary, options);
    if (!extras)
        return fail(Error(extras.error()));
    const auto document = [&](const auto& read) {
        return !read            ? Result<std::string>(fail(Error(read.error())))
               : isBundle(kind) ? bundleOf(session, report::BundledResult(*read), options.datasets, *extras)
                                : documentOf(kind, *read, *extras);
    };
    if (summary.kind == "comparison")
        return document(store.comparison(summary.id));
    if (summary.kind == "attribution")
        return document(store.attribution(summary.id));
    return document(store.run(summary.id));
}

int list(const Session& session, store::Store& store) {
    auto summaries = store.list();
    if (!summaries)
        return printError(summaries.error());
    if (session.json) {
        nlohmann::json all = nlohmann::json::array();
        for (const auto& s : *summaries)
            all.push_back({{"id", s.id},
                           {"kind", s.kind},
                           {"name", s.name},
                           {"startedAt", formatTimestamp(s.startedAt)},
                           {"profile", s.profile},
                           {"workload", s.workload},
                           {"p95Us", s.p95Us},
                           {"rps", s.rps},
                           {"verdict", s.verdict}});
        print(all);
        return kOk;
    }
    if (summaries->empty())
        fmt::print("no results yet; make one with: hone bench /api/cities/1\n");
    for (const auto& s : *summaries)
        fmt::print("{}  {}  {:<10}  p95 {:>9}  {:>9}  {}\n", s.id, formatTimestamp(s.startedAt), s.kind,
                   formatMicros(s.p95Us), formatRate(s.rps), s.sentence.empty() ? s.name : s.sentence);
    return kOk;
}

int reportVerb(const Session& session, const Options& options) {
    auto store = store::Store::open(session.workspace / "hone.db");
    if (!store)
        return printError(store.error());
    if (options.id.empty())
        return list(session, **store);
    const std::string kind = !options.to.empty()       ? options.to
                             : !options.output.empty() ? options.output
                             : session.json            ? "json"
                                                       : "md";
    if (const auto known = isBundle(kind) ? Result<>() : checkKind(kind); !known)
        return printError(known.error());
    auto summary = (*store)->find(options.id);
    if (!summary)
        return printError(summary.error());
    auto text = rendered(session, **store, *summary, kind, options);
    if (!text)
        return printError(text.error());
    if (options.output.empty()) {
        if ((text->starts_with("%PDF") || isBundle(kind)) && stdoutIsTerminal())
            return printError(Error{Error::InvalidArgument, "this kind of file would garble the terminal",
                                    "Name a file: -o report.pdf."});
        std::fwrite(text->data(), 1, text->size(), stdout);
        return kOk;
    }
    if (auto written = report::writeFile(options.output, *text); !written)
        return printError(written.error());
    std::fprintf(stderr, "report: %s\n", options.output.c_str());
    return kOk;
}

}  // namespace

void addReport(CLI::App& app, Session& session) {
    auto options = std::make_shared<Options>();
    auto* sub = verb(app, session, "report", "List kept results, or write the report of one");
    sub->add_option("run", options->id, "Id, unique beginning of one, or \"last\"; nothing lists them")
        ->type_name("RUN");
    sub->add_option("--to", options->to,
                    "html, pdf, md, csv, json, hgrm, or hone: a bundle that measures itself again");
    sub->add_option("-o,--output", options->output, "File; else standard output")->type_name("FILE");
    sub->add_option("--template", options->design, "Title, logo and sections: a *.report.json")
        ->type_name("FILE");
    sub->add_option("--dataset", options->datasets,
                    "Of a bundle: where the data come from, FILE or NAME[:ROWS]");
    sub->callback(
        [&session, options] { session.run = [&session, options] { return reportVerb(session, *options); }; });
}

}  // namespace hone::cli
