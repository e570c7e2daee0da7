#include "core/report/archive.h"

#include <openssl/evp.h>

#include <archive.h>
#include <archive_entry.h>

#include <algorithm>
#include <memory>
#include <vector>

namespace hone::report {
namespace {

struct ReaderEnd {
    void operator()(archive* a) const { archive_read_free(a); }
};
struct WriterEnd {
    void operator()(archive* a) const { archive_write_free(a); }
};
struct EntryEnd {
    void operator()(archive_entry* e) const { archive_entry_free(e); }
};
using Reader = std::unique_ptr<archive, ReaderEnd>;
using Writer = std::unique_ptr<archive, WriterEnd>;
using Entry = std::unique_ptr<archive_entry, EntryEnd>;

constexpr std::size_t kLongestName = 200;

std::string reasonOf(archive* a) {
    const char* text = archive_error_string(a);
    return text != nullptr ? text : "unknown reason";
}

/// Why a name may not stand in an archive; empty when it may. Slashes alone part folders, as in
/// APPNOTE 4.4.17.
std::string_view refusal(std::string_view name) {
    if (name.empty() || name.size() > kLongestName)
        return "its name is empty or too long";
    if (name.front() == '/' || (name.size() > 1 && name[1] == ':'))
        return "its name is absolute";
    if (name.find('\\') != std::string_view::npos)
        return "its name has a backslash";
    if (std::ranges::any_of(name, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }))
        return "its name has a control character";
    for (std::size_t from = 0; from <= name.size();) {
        const auto to = std::min(name.find('/', from), name.size());
        const auto part = name.substr(from, to - from);
        if (part.empty() || part == "." || part == "..")
            return "its name leaves the archive";
        from = to + 1;
    }
    return {};
}

/// For errors: a hostile name must not steer a terminal.
std::string shown(std::string_view name) {
    std::string out(name.substr(0, 80));
    std::ranges::replace_if(
        out, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }, '?');
    return out;
}

Failure refused(std::string_view name, std::string_view why) {
    return fail(Error::Malformed, "the archive holds \"{}\", which is refused: {}", shown(name), why)
        .hint("Do not trust this file; ask for it again from where it was made.");
}

/// The content of the current entry, counted as it comes: sizes in headers are claims.
Result<std::string> contentOf(archive* a, std::string_view name, std::uint64_t most) {
    std::string content;
    std::vector<char> buffer(64 * 1024);
    for (;;) {
        const auto got = archive_read_data(a, buffer.data(), buffer.size());
        if (got == 0)
            return content;
        if (got < 0)
            return fail(Error::Malformed, "\"{}\" in the archive is damaged: {}", shown(name), reasonOf(a))
                .hint("Copy the file again: it may have been cut on the way.");
        if (content.size() + static_cast<std::size_t>(got) > most)
            return fail(Error::ResourceExhausted, "\"{}\" in the archive unpacks to more than {} bytes",
                        shown(name), most)
                .hint("Do not trust this file: results are far smaller.");
        content.append(buffer.data(), static_cast<std::size_t>(got));
    }
}

la_ssize_t append(archive* /*a*/, void* to, const void* bytes, std::size_t size) {
    static_cast<std::string*>(to)->append(static_cast<const char*>(bytes), size);
    return static_cast<la_ssize_t>(size);
}

}  // namespace

Result<std::string> pack(const Files& files, std::int64_t at) {
    std::string bytes;
    const Writer writer(archive_write_new());
    const auto failed = [&] {
        return fail(Error::Internal, "the archive cannot be written: {}", reasonOf(writer.get()))
            .hint("Use --to json instead.");
    };
    archive* a = writer.get();
    if (archive_write_set_format_zip(a) != ARCHIVE_OK ||
        archive_write_zip_set_compression_deflate(a) != ARCHIVE_OK ||
        archive_write_set_bytes_per_block(a, 0) != ARCHIVE_OK ||
        archive_write_open(a, &bytes, nullptr, append, nullptr) != ARCHIVE_OK)
        return failed();
    for (const auto& [name, content] : files) {
        if (const auto why = refusal(name); !why.empty())
            return fail(Error::InvalidArgument, "\"{}\" cannot stand in an archive: {}", shown(name), why);
        const Entry entry(archive_entry_new());
        archive_entry_set_pathname_utf8(entry.get(), name.c_str());
        archive_entry_set_filetype(entry.get(), AE_IFREG);
        archive_entry_set_perm(entry.get(), 0644);
        archive_entry_set_mtime(entry.get(), at, 0);
        archive_entry_set_size(entry.get(), static_cast<la_int64_t>(content.size()));
        if (archive_write_header(a, entry.get()) != ARCHIVE_OK ||
            archive_write_data(a, content.data(), content.size()) != static_cast<la_ssize_t>(content.size()))
            return failed();
    }
    return archive_write_close(a) == ARCHIVE_OK ? Result<std::string>(std::move(bytes)) : failed();
}

Result<Files> unpack(std::string_view bytes, const ArchiveLimits& limits) {
    const Reader reader(archive_read_new());
    archive* a = reader.get();
    // ZIP alone: every further format would be one more parser that foreign bytes reach.
    if (archive_read_support_format_zip_seekable(a) != ARCHIVE_OK ||
        archive_read_open_memory(a, bytes.data(), bytes.size()) != ARCHIVE_OK)
        return fail(Error::Malformed, "this is no .hone archive: {}", reasonOf(a))
            .hint("Make one with: hone report RUN --to hone -o FILE.hone");
    Files files;
    std::uint64_t total = 0;
    for (;;) {
        archive_entry* entry = nullptr;
        const int got = archive_read_next_header(a, &entry);
        if (got == ARCHIVE_EOF)
            break;
        if (got != ARCHIVE_OK)
            return fail(Error::Malformed, "this is no whole .hone archive: {}", reasonOf(a))
                .hint("Copy the file again: it may have been cut on the way.");
        const char* path = archive_entry_pathname_utf8(entry);
        const std::string name = path != nullptr ? path : "";
        if (archive_entry_filetype(entry) != AE_IFREG || archive_entry_symlink(entry) != nullptr ||
            archive_entry_hardlink(entry) != nullptr)
            return refused(name, "only plain files may be in it");
        if (const auto why = refusal(name); !why.empty())
            return refused(name, why);
        if (files.contains(name))
            return refused(name, "the name comes twice");
        if (files.size() == limits.entries)
            return fail(Error::ResourceExhausted, "the archive holds more than {} files", limits.entries)
                .hint("Do not trust this file: a result needs about ten.");
        auto content = contentOf(a, name, std::min(limits.entryBytes, limits.totalBytes - total));
        if (!content)
            return fail(std::move(content.error()));
        total += content->size();
        files.emplace(name, std::move(*content));
    }
    return files;
}

std::string sha256Hex(std::string_view bytes) {
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned int size = 0;
    EVP_Digest(bytes.data(), bytes.size(), digest, &size, EVP_sha256(), nullptr);
    std::string out;
    for (unsigned int i = 0; i < size; ++i)
        out += fmt::format("{:02x}", digest[i]);
    return out;
}

}  // namespace hone::report
