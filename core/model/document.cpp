#include "core/model/document.h"

#include "core/base/ids.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cmath>
#include <cstring>
#include <fstream>

namespace hone::model {
namespace {

using nlohmann::json;
namespace fs = std::filesystem;

constexpr std::uintmax_t kMaxFileBytes = 16 << 20;
constexpr int kMaxDepth = 64;
constexpr int kMaxValues = 1'000'000;

bool hasYamlName(const fs::path& file) { return file.extension() == ".yaml" || file.extension() == ".yml"; }

template <class T>
bool readsAs(const std::string& text, T& out) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
    return error == std::errc{} && end == text.data() + text.size();
}

/// A plain scalar by YAML's core schema; what is nothing else is a text.
json plainScalar(const std::string& text) {
    if (text.empty() || text == "~" || text == "null" || text == "Null" || text == "NULL")
        return nullptr;
    if (text == "true" || text == "True" || text == "TRUE")
        return true;
    if (text == "false" || text == "False" || text == "FALSE")
        return false;
    const std::string digits = text.starts_with('+') ? text.substr(1) : text;
    const bool looksNumeric = digits.find_first_not_of("0123456789+-.eE") == std::string::npos;
    if (std::int64_t number = 0; looksNumeric && readsAs(digits, number))
        return number;
    if (std::uint64_t number = 0; looksNumeric && readsAs(digits, number))
        return number;
    if (double number = 0; looksNumeric && readsAs(digits, number) && std::isfinite(number))
        return number;
    return text;
}

/// Turns a YAML tree into JSON and throws std::runtime_error when it is too deep or too large.
json fromYaml(const YAML::Node& node, int depth, int& values) {
    if (depth > kMaxDepth)
        throw std::runtime_error(fmt::format("nested deeper than {} levels", kMaxDepth));
    if (++values > kMaxValues)
        throw std::runtime_error(fmt::format("more than {} values", kMaxValues));
    if (node.IsScalar())
        return node.Tag() == "!" ? json(node.Scalar()) : plainScalar(node.Scalar());  // "!": was quoted
    if (node.IsSequence()) {
        json list = json::array();
        for (const auto& element : node)
            list.push_back(fromYaml(element, depth + 1, values));
        return list;
    }
    if (!node.IsMap())
        return nullptr;
    json object = json::object();
    for (const auto& entry : node)
        object[entry.first.Scalar()] = fromYaml(entry.second, depth + 1, values);
    return object;
}

void toYaml(YAML::Emitter& out, const json& value) {
    if (value.is_object()) {
        out << YAML::BeginMap;
        for (const auto& [name, member] : value.items()) {
            out << YAML::Key;
            toYaml(out, name);
            out << YAML::Value;
            toYaml(out, member);
        }
        out << YAML::EndMap;
    } else if (value.is_array()) {
        out << YAML::BeginSeq;
        for (const auto& element : value)
            toYaml(out, element);
        out << YAML::EndSeq;
    } else if (value.is_string()) {
        const auto text = value.get<std::string>();
        if (!plainScalar(text).is_string() || text.contains('\n'))
            out << YAML::DoubleQuoted;
        out << text;
    } else {
        out << value.dump();
    }
}

int depthOf(const json& value) {
    int deepest = 0;
    if (value.is_structured())
        for (const auto& element : value)
            deepest = std::max(deepest, depthOf(element));
    return deepest + 1;
}

std::string lineAndColumn(std::string_view text, std::size_t byte) {
    const auto before = text.substr(0, byte > 0 ? byte - 1 : 0);
    const auto line = std::ranges::count(before, '\n') + 1;
    const auto lastBreak = before.rfind('\n');
    return fmt::format("line {}, column {}", line,
                       before.size() - (lastBreak == std::string_view::npos ? 0 : lastBreak + 1) + 1);
}

Result<json> parseJson(std::string_view text, std::string_view name) {
    // Depth is bounded before the tree is built: the parser itself does not recurse, its destructor does.
    const auto tooDeep = [](int depth, json::parse_event_t, json&) {
        if (depth > kMaxDepth)
            throw std::runtime_error(fmt::format("nested deeper than {} levels", kMaxDepth));
        return true;
    };
    try {
        return json::parse(text, tooDeep);
    } catch (const json::parse_error& error) {
        return fail(Error::Malformed, "{} is not JSON: {}", name, lineAndColumn(text, error.byte))
            .hint("A missing comma, quote or bracket is the usual cause.");
    } catch (const std::exception& error) {
        return fail(Error::Malformed, "{} cannot be read: {}", name, error.what());
    }
}

Result<json> parseYaml(std::string_view text, std::string_view name) {
    try {
        int values = 0;
        return fromYaml(YAML::Load(std::string(text)), 0, values);
    } catch (const YAML::Exception& error) {
        return fail(Error::Malformed, "{} is not YAML: line {}, column {}: {}", name, error.mark.line + 1,
                    error.mark.column + 1, error.msg)
            .hint("Indent with spaces, and quote texts that contain a colon.");
    } catch (const std::exception& error) {
        return fail(Error::Malformed, "{} cannot be read: {}", name, error.what());
    }
}

Error::Code codeOf(int number) {
    switch (number) {
        case ENOENT: return Error::NotFound;
        case EACCES:
        case EPERM:
        case EROFS: return Error::PermissionDenied;
        case ENOSPC:
        case EDQUOT: return Error::ResourceExhausted;
        default: return Error::Io;
    }
}

Failure ioFailure(std::string_view doing, const fs::path& file, int number) {
    return fail(codeOf(number), "cannot {} {}: {}", doing, file.string(), std::strerror(number));
}

/// A file descriptor that closes itself.
class OpenFile {
public:
    OpenFile(const fs::path& path, int flags, mode_t mode = 0)
        : m_fd(::open(path.c_str(), flags | O_CLOEXEC, mode)) {}
    ~OpenFile() {
        if (m_fd >= 0)
            ::close(m_fd);
    }
    OpenFile(const OpenFile&) = delete;
    OpenFile& operator=(const OpenFile&) = delete;
    [[nodiscard]] int fd() const { return m_fd; }

private:
    int m_fd;
};

/// 0, or the errno of what failed.
int writeThrough(const fs::path& path, std::string_view text, mode_t mode) {
    const OpenFile file(path, O_WRONLY | O_CREAT | O_EXCL, mode);
    if (file.fd() < 0)
        return errno;
    while (!text.empty()) {
        const ssize_t written = ::write(file.fd(), text.data(), text.size());
        if (written < 0 && errno != EINTR)
            return errno;
        text.remove_prefix(written > 0 ? static_cast<std::size_t>(written) : 0);
    }
    return ::fsync(file.fd()) == 0 ? 0 : errno;
}

mode_t modeOf(const fs::path& file) {
    struct stat facts{};
    return ::stat(file.c_str(), &facts) == 0 ? facts.st_mode & 0777 : 0644;
}

}  // namespace

Result<json> parseDocument(std::string_view text, std::string_view name, bool preferYaml) {
    if (text.starts_with("\xEF\xBB\xBF"))
        text.remove_prefix(3);
    const auto start = text.find_first_not_of(" \t\r\n");
    const bool looksLikeJson = start != std::string_view::npos && (text[start] == '{' || text[start] == '[');
    return looksLikeJson && !preferYaml ? parseJson(text, name) : parseYaml(text, name);
}

Result<json> readDocument(const fs::path& file) {
    std::error_code error;
    const auto size = fs::file_size(file, error);
    if (error)
        return ioFailure("read", file, error.value());
    if (size > kMaxFileBytes)
        return fail(Error::ResourceExhausted, "{} has {} bytes, at most {} are read", file.string(), size,
                    kMaxFileBytes);
    std::ifstream stream(file, std::ios::binary);
    if (!stream)
        return ioFailure("read", file, errno);
    const std::string text(std::istreambuf_iterator<char>(stream), {});
    return parseDocument(text, file.string(), hasYamlName(file));
}

Result<> writeDocument(const fs::path& file, const json& document) {
    if (depthOf(document) > kMaxDepth)
        return fail(Error::InvalidArgument, "{} would be nested deeper than {} levels", file.string(),
                    kMaxDepth);
    std::string text;
    if (hasYamlName(file)) {
        YAML::Emitter out;
        toYaml(out, document);
        text = std::string(out.c_str(), out.size()) + "\n";
    } else {
        text = document.dump(2, ' ', false, json::error_handler_t::replace) + "\n";
    }
    std::error_code unresolved;
    fs::path target = fs::weakly_canonical(file, unresolved);
    if (unresolved)
        target = file;
    const fs::path beside =
        target.parent_path() / fmt::format(".{}.{}", target.filename().string(), randomHex(6));
    int failed = writeThrough(beside, text, modeOf(target));
    if (failed == 0 && ::rename(beside.c_str(), target.c_str()) != 0)
        failed = errno;
    if (failed != 0) {
        ::unlink(beside.c_str());
        return ioFailure("write", file, failed);
    }
    // The rename itself must survive a power cut; a file system that cannot say so has done what it can.
    const OpenFile folder(target.has_parent_path() ? target.parent_path() : ".", O_RDONLY | O_DIRECTORY);
    if (folder.fd() >= 0)
        ::fsync(folder.fd());
    return {};
}

}  // namespace hone::model
