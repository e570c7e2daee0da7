#include "core/report/bundle.h"

#include "core/base/units.h"
#include "core/base/version.h"
#include "core/report/bundle_parts.h"

#include <fstream>

namespace hone::report {
namespace {

using nlohmann::json;

constexpr int kFormat = 1;
constexpr std::uintmax_t kLargestFile = std::uintmax_t{256} << 20;

Failure notABundle(std::string_view why) {
    return fail(Error::Malformed, "this is no intact .hone bundle: {}", why)
        .hint("Ask for it again from where it was made.");
}

json manifestOf(const Bundle& bundle, const Files& files) {
    json manifest{{"hone", kFormat},
                  {"kind", "bundle"},
                  {"of", kindOf(bundle.result)},
                  {"id", idOf(bundle.result)},
                  {"name", nameOf(bundle.result)},
                  {"program", std::string("hone ") + hone::kVersion},
                  {"datasets", bundle.datasets}};
    for (const auto& [name, content] : files)
        manifest["files"][name] = {{"bytes", content.size()}, {"sha256", sha256Hex(content)}};
    return manifest;
}

Result<json> manifestFrom(const Files& files) {
    const auto found = files.find("manifest.json");
    if (found == files.end())
        return notABundle("it has no manifest.json");
    auto manifest = parsedMember(*found);
    if (!manifest)
        return manifest;
    if (!manifest->is_object() || manifest->value("kind", json()) != "bundle" ||
        !manifest->contains("files") || !(*manifest)["files"].is_object())
        return notABundle("its manifest is of another kind");
    const auto version = manifest->value("hone", json());
    if (!version.is_number_integer() || version > kFormat)
        return fail(Error::Unsupported, "the bundle has version {}, this program reads up to {}",
                    version.dump(), kVersion)
            .hint("Use a newer Hone.");
    return manifest;
}

/// Every file is listed with its digest, and every listed file is there.
Result<> checkDigests(const json& manifest, const Files& files) {
    const auto& listed = manifest["files"];
    for (const auto& [name, content] : files) {
        if (name == "manifest.json")
            continue;
        const auto entry = listed.find(name);
        if (entry == listed.end() || !entry->is_object())
            return notABundle(fmt::format("{} is not in its manifest", name));
        if (entry->value("sha256", json()) != sha256Hex(content))
            return notABundle(fmt::format("{} was changed after it was made", name));
    }
    for (const auto& [name, entry] : listed.items())
        if (!files.contains(name))
            return notABundle("a file that its manifest lists is missing");
    return {};
}

/// Workload and profiles stand beside the result for people and tools; they must not tell another story.
Result<> checkParts(const Files& files, const BundledResult& result) {
    for (const auto& [name, content] : partsOf(result)) {
        const auto found = files.find(name);
        if (found == files.end())
            return notABundle(fmt::format("{} is missing", name));
        auto held = parsedMember(*found);
        if (!held)
            return fail(std::move(held.error()));
        if (*held != json::parse(content))
            return notABundle(fmt::format("{} is not what the result was measured with", name));
    }
    return {};
}

}  // namespace

std::string_view kindOf(const BundledResult& result) {
    constexpr std::string_view kKinds[] = {"run", "comparison", "attribution"};
    return kKinds[result.index()];
}

const std::string& nameOf(const BundledResult& result) {
    return std::visit([](const auto& r) -> const std::string& { return r.name; }, result);
}

const std::string& idOf(const BundledResult& result) {
    return std::visit([](const auto& r) -> const std::string& { return r.id; }, result);
}

Result<std::string> writeBundle(const Bundle& bundle, const Extras& extras) {
    Files files = partsOf(bundle.result);
    std::visit(
        [&](const auto& result) {
            files["result.json"] = render(result, Format::Json);
            files["report.html"] = render(result, Format::Html, extras);
            files["report.md"] = render(result, Format::Markdown, extras);
            files["data.csv"] = render(result, Format::Csv);
        },
        bundle.result);
    if (!bundle.answers.empty())
        files["answers.json"] = textOf(toJson(bundle.answers));
    files["manifest.json"] = textOf(manifestOf(bundle, files));
    const auto at = std::visit([](const auto& r) { return r.startedAt; }, bundle.result);
    return pack(files, std::chrono::duration_cast<std::chrono::seconds>(at.time_since_epoch()).count());
}

Result<Bundle> readBundle(std::string_view bytes) {
    const auto files = unpack(bytes);
    if (!files)
        return fail(Error(files.error()));
    const auto manifest = manifestFrom(*files);
    if (!manifest)
        return fail(Error(manifest.error()));
    if (auto intact = checkDigests(*manifest, *files); !intact)
        return fail(std::move(intact.error()));
    const auto held = files->find("result.json");
    if (held == files->end())
        return notABundle("it has no result.json");
    const auto document = parsedMember(*held);
    if (!document)
        return fail(Error(document.error()));
    auto result = resultFrom(manifest->value("of", json()), *document);
    if (!result)
        return fail(std::move(result.error()));
    if (auto same = checkParts(*files, *result); !same)
        return fail(std::move(same.error()));
    Bundle bundle{.result = std::move(*result), .datasets = {}, .answers = {}};
    if (const auto datasets = manifest->find("datasets"); datasets != manifest->end() && datasets->is_array())
        for (const auto& spec : *datasets)
            if (spec.is_string())
                bundle.datasets.push_back(spec.get<std::string>());
    if (const auto kept = files->find("answers.json"); kept != files->end()) {
        auto json = parsedMember(*kept);
        auto answers = json ? answersFrom(*json) : Result<std::vector<KeptAnswer>>(fail(Error(json.error())));
        if (!answers)
            return fail(std::move(answers.error()));
        bundle.answers = std::move(*answers);
    }
    return bundle;
}

Result<Bundle> readBundleFile(const std::filesystem::path& file) {
    std::error_code error;
    const auto size = std::filesystem::file_size(file, error);
    if (error)
        return fail(Error::NotFound, "{} cannot be read: {}", file.string(), error.message())
            .hint("Name a .hone file.");
    if (size > kLargestFile)
        return fail(Error::ResourceExhausted, "{} has {} bytes, a bundle has at most {}", file.string(), size,
                    kLargestFile)
            .hint("This is no bundle of Hone's.");
    std::ifstream stream(file, std::ios::binary);
    std::string bytes(size, '\0');
    if (!stream || !stream.read(bytes.data(), static_cast<std::streamsize>(size)))
        return fail(Error::Io, "{} cannot be read to its end", file.string()).hint("Check the disk.");
    auto bundle = readBundle(bytes);
    if (!bundle)
        return fail(bundle.error().code, "{}: {}", file.string(), bundle.error().what)
            .hint("{}", bundle.error().hint);
    return bundle;
}

std::vector<std::string> datasetsFrom(std::string_view description,
                                      const std::vector<std::string>& builtIns) {
    const auto end = description.find(" (");
    if (end == std::string_view::npos || description.find(", ", end) != std::string_view::npos)
        return {};
    std::string name(description.substr(0, end));
    return std::ranges::find(builtIns, name) == builtIns.end() ? std::vector<std::string>{}
                                                               : std::vector<std::string>{std::move(name)};
}

}  // namespace hone::report
