#include "core/net/port_owner.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

namespace hone::net {

namespace {

namespace fs = std::filesystem;

constexpr char kListening[] = "0A";  ///< TCP_LISTEN in /proc/net/tcp's "st" column.

/// Inodes of the sockets listening on the port. Columns: sl local_address rem_address st tx:rx tr:tm retrnsmt
/// uid timeout inode.
void addListeners(const char* table, std::uint16_t port, std::set<std::string>& links) {
    const std::string suffix = fmt::format(":{:04X}", port);
    std::ifstream in(table);
    std::string line;
    std::getline(in, line);  // the heading
    while (std::getline(in, line)) {
        std::istringstream columns(line);
        std::string number, local, remote, state, queues, timer, retransmits, uid, timeout, inode;
        columns >> number >> local >> remote >> state >> queues >> timer >> retransmits >> uid >> timeout >>
            inode;
        if (columns && state == kListening && local.ends_with(suffix))
            links.insert("socket:[" + inode + "]");
    }
}

bool holdsAny(const fs::path& process, const std::set<std::string>& links) {
    std::error_code error;
    // Processes end and forbid while we look: whatever cannot be read is not the one.
    for (fs::directory_iterator it(process / "fd", error), end; !error && it != end; it.increment(error)) {
        std::error_code unreadable;
        if (links.contains(fs::read_symlink(it->path(), unreadable).string()) && !unreadable)
            return true;
    }
    return false;
}

}  // namespace

std::optional<std::string> portOwner(std::uint16_t port) {
    std::set<std::string> links;
    addListeners("/proc/net/tcp", port, links);
    addListeners("/proc/net/tcp6", port, links);
    if (links.empty())
        return std::nullopt;
    std::error_code error;
    for (fs::directory_iterator it("/proc", error), end; !error && it != end; it.increment(error)) {
        const std::string pid = it->path().filename().string();
        const bool isProcess = std::ranges::all_of(pid, [](char c) { return c >= '0' && c <= '9'; });
        if (!isProcess || !holdsAny(it->path(), links))
            continue;
        std::string name;
        std::getline(std::ifstream(it->path() / "comm"), name);
        return fmt::format("{} (pid {})", name.empty() ? "a process" : name, pid);
    }
    return std::nullopt;
}

}  // namespace hone::net
