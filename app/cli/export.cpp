#include "core/interop/export.h"
#include "app/cli/gate_options.h"
#include "core/report/report.h"

#include <cstdio>

namespace hone::cli {
namespace {

struct Options {
    WorkloadOptions workload;
    std::string tool, output;
    interop::ExportOptions exporting;
    std::vector<std::string> thresholds;
};

int exportVerb(const Session& session, Options& options) {
    const auto tool = interop::toolFrom(options.tool);
    if (!tool)
        return printError(tool.error());
    auto thresholds = thresholdsFrom(options.thresholds);
    if (!thresholds)
        return printError(thresholds.error());
    options.exporting.thresholds = std::move(*thresholds);
    const auto workload = workloadFrom(session, options.workload);
    if (!workload)
        return printError(workload.error());
    const auto text = interop::exportWorkload(*workload, *tool, options.exporting);
    if (!text)
        return printError(text.error());
    if (session.json)
        print({{"tool", interop::toolId(*tool)}, {"ending", interop::fileEnding(*tool)}, {"text", *text}});
    else if (options.output.empty())
        std::fputs(text->c_str(), stdout);
    if (options.output.empty())
        return kOk;
    if (auto written = report::writeFile(options.output, *text); !written)
        return printError(written.error());
    std::fprintf(stderr, "exported: %s\n", options.output.c_str());
    return kOk;
}

}  // namespace

void addExport(CLI::App& app, Session& session) {
    auto options = std::make_shared<Options>();
    auto* sub = verb(app, session, "export", "Write a workload as a script of another load tool");
    addWorkloadOptions(*sub, options->workload);
    sub->add_option("--to", options->tool, "k6, locust, gatling, artillery, wrk, oha, h2load or curl")
        ->type_name("TOOL")
        ->required();
    sub->add_option("--threshold", options->thresholds,
                    "Condition in the grammar of hone gate; may be repeated")
        ->type_name("CONDITION");
    sub->add_option("--target", options->exporting.target, "Where URLs that begin with / go")
        ->type_name("URL")
        ->capture_default_str();
    sub->add_option("-o,--output", options->output, "File; else standard output")->type_name("FILE");
    sub->callback(
        [&session, options] { session.run = [&session, options] { return exportVerb(session, *options); }; });
}

}  // namespace hone::cli
