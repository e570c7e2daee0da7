#include "core/interop/import.h"

#include "app/cli/bundle.h"
#include "app/cli/results.h"
#include "core/store/store.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fstream>

namespace hone::cli {
namespace {

constexpr std::uintmax_t kMostBytes = 1ULL
                                      << 30;  ///< Files of single requests are large; memory is not endless.

struct Options {
    std::string file, name;
    ResultOptions results;
};

Result<std::string> contentOf(const std::string& file) {
    std::error_code error;
    const auto size = std::filesystem::file_size(file, error);
    if (error)
        return fail(Error::NotFound, "{} cannot be read: {}", file, error.message());
    if (size > kMostBytes)
        return fail(Error::ResourceExhausted, "{} has {} bytes, at most {} are imported", file, size,
                    kMostBytes)
            .hint("Import the tool's summary instead.");
    std::ifstream stream(file, std::ios::binary);
    std::string text(size, '\0');
    if (!stream || !stream.read(text.data(), static_cast<std::streamsize>(size)))
        return fail(Error::Io, "{} cannot be read: {}", file, std::strerror(errno));
    return text;
}

int importBundle(const Session& session, const Options& options) {
    if (options.results.noSave || !options.results.reports.empty() || !options.name.empty())
        return printError(Error{Error::InvalidArgument,
                                "--name, --report and --no-save do not go with a bundle",
                                "Import it, then: hone report last --to html -o FILE."});
    auto bundle = report::readBundleFile(options.file);
    if (!bundle)
        return printError(bundle.error());
    std::error_code error;
    std::filesystem::create_directories(session.workspace, error);
    auto store = store::Store::open(session.workspace / "hone.db");
    if (!store)
        return printError(store.error());
    const auto kind = report::kindOf(bundle->result);
    const auto id = keepBundle(**store, std::move(bundle->result));
    if (!id)
        return printError(id.error());
    if (session.json)
        print({{"id", *id}, {"kind", kind}});
    else
        fmt::print("kept as {} ({})\n", *id, kind);
    return kOk;
}

int importVerb(const Session& session, const Options& options) {
    if (options.file.ends_with(".hone"))
        return importBundle(session, options);
    if (auto checked = checkReports(options.results); !checked)
        return printError(checked.error());
    const auto text = contentOf(options.file);
    if (!text)
        return printError(text.error());
    const std::string name =
        options.name.empty() ? std::filesystem::path(options.file).filename().string() : options.name;
    const auto run = interop::importResult(*text, name);
    if (!run)
        return printError(run.error());
    if (auto delivered = deliver(session, options.results, *run); !delivered)
        return printError(delivered.error());
    return kOk;
}

}  // namespace

void addImport(CLI::App& app, Session& session) {
    auto options = std::make_shared<Options>();
    auto* sub = verb(app, session, "import", "Keep the result of another load tool, or of a .hone bundle");
    sub->add_option("file", options->file,
                    "Result of k6, Locust, Artillery, wrk, h2load, oha, vegeta or JMeter, or a .hone bundle; "
                    "the kind is detected")
        ->type_name("FILE")
        ->required();
    sub->add_option("--name", options->name, "Name of the run; else the file's");
    addResultOptions(*sub, options->results);
    sub->callback(
        [&session, options] { session.run = [&session, options] { return importVerb(session, *options); }; });
}

}  // namespace hone::cli
