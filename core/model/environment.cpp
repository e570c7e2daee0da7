#include "core/model/run.h"

#include "core/base/version.h"

#include <sys/utsname.h>
#include <unistd.h>

#include <fstream>
#include <thread>

namespace hone::model {
namespace {

/// The value behind the first "key<separator>value" line of a file, without quotes; empty when there is none.
std::string valueOf(const char* file, std::string_view key, char separator) {
    std::ifstream lines(file);
    for (std::string line; std::getline(lines, line);) {
        if (!line.starts_with(key))
            continue;
        const auto at = line.find(separator);
        const auto from = at == std::string::npos ? at : line.find_first_not_of(" \t\"", at + 1);
        if (from == std::string::npos)
            continue;
        return line.substr(from, line.find_last_not_of(" \t\"") - from + 1);
    }
    return {};
}

std::string firstLine(const char* file) {
    std::ifstream stream(file);
    std::string line;
    std::getline(stream, line);
    return line;
}

std::string compilerText() {
#if defined(__clang__)
    return fmt::format("clang {}.{}.{}", __clang_major__, __clang_minor__, __clang_patchlevel__);
#else
    return fmt::format("gcc {}.{}.{}", __GNUC__, __GNUC_MINOR__, __GNUC_PATCHLEVEL__);
#endif
}

double loadAverage() {
    double averages[1] = {0};
    return getloadavg(averages, 1) == 1 ? averages[0] : 0;
}

}  // namespace

Environment currentEnvironment() {
    Environment environment;
    utsname system{};
    if (::uname(&system) == 0)
        environment.kernel = fmt::format("{} {} {}", system.sysname, system.release, system.machine);
    environment.os = valueOf("/etc/os-release", "PRETTY_NAME", '=');
    environment.cpu = valueOf("/proc/cpuinfo", "model name", ':');
    if (environment.cpu.empty())  // ARM kernels print no model name
        environment.cpu = system.machine;
    environment.governor = firstLine("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor");
    environment.cores = static_cast<int>(std::thread::hardware_concurrency());
    environment.memoryBytes = static_cast<std::int64_t>(::sysconf(_SC_PHYS_PAGES)) * ::sysconf(_SC_PAGESIZE);
    environment.loadAverage = loadAverage();
    environment.build = fmt::format("hone {}, {}", kVersion, compilerText());
#ifdef __OPTIMIZE__
    environment.optimised = true;
#else
    environment.optimised = false;
#endif
    return environment;
}

}  // namespace hone::model
