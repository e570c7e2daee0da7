#include "core/report/picture.h"

#include <openssl/evp.h>

#include <algorithm>
#include <cctype>
#include <fstream>

namespace hone::report {
namespace {

constexpr std::uintmax_t kLargest = std::uintmax_t{1} << 20;

/// Of an SVG: parts that could act or call out.
bool isActive(std::string_view svg) {
    std::string lower(svg);
    std::ranges::transform(lower, lower.begin(), [](unsigned char c) { return std::tolower(c); });
    return std::ranges::any_of(
        std::initializer_list<std::string_view>{"<script", "<foreignobject", "<!entity",
                                                "javascript:", "href=\"http", "href='http", "href=\"file",
                                                "href='file", "url(http", "@import"},
        [&](std::string_view part) { return lower.find(part) != std::string::npos; });
}

/// Media type by the first bytes; empty when it is none of the three.
std::string_view typeOf(std::string_view bytes) {
    if (bytes.starts_with("\x89PNG\r\n\x1a\n"))
        return "image/png";
    if (bytes.starts_with("\xff\xd8\xff"))
        return "image/jpeg";
    const auto head = bytes.substr(0, 1024);
    if (head.find("<svg") != std::string_view::npos &&
        head.find_first_not_of(" \t\r\n\xef\xbb\xbf") == head.find('<'))
        return "image/svg+xml";
    return {};
}

}  // namespace

std::string base64(std::string_view bytes) {
    std::string out((bytes.size() + 2) / 3 * 4 + 1, '\0');  // EVP_EncodeBlock ends its text with a zero.
    const int size =
        EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                        reinterpret_cast<const unsigned char*>(bytes.data()), static_cast<int>(bytes.size()));
    out.resize(static_cast<std::size_t>(size));
    return out;
}

Result<std::string> pictureFrom(const std::filesystem::path& file) {
    std::error_code error;
    const auto size = std::filesystem::file_size(file, error);
    if (error)
        return fail(Error::NotFound, "the logo {} cannot be read: {}", file.string(), error.message())
            .hint("Name a file beside the template.");
    if (size > kLargest)
        return fail(Error::InvalidArgument, "the logo {} has {} bytes, at most {} fit into a report",
                    file.string(), size, kLargest)
            .hint("Save it smaller.");
    std::ifstream stream(file, std::ios::binary);
    std::string bytes(size, '\0');
    if (!stream || !stream.read(bytes.data(), static_cast<std::streamsize>(size)))
        return fail(Error::Io, "the logo {} cannot be read to its end", file.string())
            .hint("Check the disk.");
    const auto type = typeOf(bytes);
    if (type.empty())
        return fail(Error::InvalidArgument, "the logo {} is no picture that every reader shows",
                    file.string())
            .hint("Use PNG, JPEG or SVG.");
    if (type == "image/svg+xml" && isActive(bytes))
        return fail(Error::InvalidArgument, "the logo {} has script or refers to other files", file.string())
            .hint("Save it as a plain SVG or as PNG.");
    return fmt::format("data:{};base64,{}", type, base64(bytes));
}

}  // namespace hone::report
