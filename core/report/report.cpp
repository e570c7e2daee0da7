#include "core/report/report.h"

#include "core/report/documents.h"
#include "core/report/outline.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

namespace hone::report {
namespace {

struct Name {
    std::string_view name;
    Format format;
};
constexpr std::array kNames{Name{"html", Format::Html},         Name{"md", Format::Markdown},
                            Name{"markdown", Format::Markdown}, Name{"csv", Format::Csv},
                            Name{"json", Format::Json},         Name{"hgrm", Format::Hgrm}};

std::string jsonText(const nlohmann::json& json) {
    return json.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

template <class T>
std::string documentOf(const T& result, Format format, const Extras& extras) {
    switch (format) {
        case Format::Html: return htmlDocument(outlineOf(result, extras));
        case Format::Markdown: return markdownDocument(outlineOf(result, extras));
        case Format::Csv: return csvReport(result);
        case Format::Json: return jsonText(result.toJson());
        case Format::Hgrm: break;
    }
    return {};
}

Failure systemFailure(const std::filesystem::path& file, int error) {
    const auto code = error == ENOSPC || error == EDQUOT || error == EFBIG  ? Error::ResourceExhausted
                      : error == EACCES || error == EROFS || error == EPERM ? Error::PermissionDenied
                      : error == ENOENT || error == ENOTDIR                 ? Error::NotFound
                                                                            : Error::Io;
    return fail(code, "{} cannot be written: {}", file.string(), std::strerror(error))
        .hint("Choose another path; nothing was changed.");
}

/// All of it, or the error number.
int writeAll(int fd, std::string_view content) {
    while (!content.empty()) {
        const auto written = ::write(fd, content.data(), content.size());
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return errno;
        content.remove_prefix(static_cast<std::size_t>(written));
    }
    return ::fsync(fd) == 0 ? 0 : errno;
}

}  // namespace

Result<Format> formatFrom(std::string_view nameOrPath) {
    auto name = nameOrPath;
    if (const auto dot = nameOrPath.rfind('.'); dot != std::string_view::npos)
        name = nameOrPath.substr(dot + 1);
    for (const auto& known : kNames)
        if (known.name == name)
            return known.format;
    return fail(Error::InvalidArgument, "\"{}\" is not a kind of report", nameOrPath)
        .hint("Known: html, md, csv, json, hgrm.");
}

std::string render(const model::RunResult& run, Format format, const Extras& extras) {
    return format == Format::Hgrm ? stats::toHgrm(run.latency) : documentOf(run, format, extras);
}

std::string render(const model::Comparison& comparison, Format format, const Extras& extras) {
    // The format holds one histogram: the two follow each other, each under a comment.
    return format == Format::Hgrm ? "#[A]\n" + stats::toHgrm(comparison.a.latency) + "\n#[B]\n" +
                                        stats::toHgrm(comparison.b.latency)
                                  : documentOf(comparison, format, extras);
}

std::string render(const model::Attribution& attribution, Format format, const Extras& extras) {
    return documentOf(attribution, format, extras);
}

std::string render(const model::Sweep& sweep, Format format, const Extras& extras) {
    return documentOf(sweep, format, extras);
}

Result<> writeFile(const std::filesystem::path& file, std::string_view content) {
    auto beside = file;
    beside += fmt::format(".{}.tmp", ::getpid());
    const int fd = ::open(beside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (fd < 0)
        return systemFailure(file, errno);
    int error = writeAll(fd, content);
    if (::close(fd) != 0 && error == 0)
        error = errno;
    if (error == 0 && ::rename(beside.c_str(), file.c_str()) != 0)
        error = errno;
    if (error != 0) {
        ::unlink(beside.c_str());
        return systemFailure(file, error);
    }
    return {};
}

}  // namespace hone::report
