#include "app/cli/progress.h"

#include "app/cli/cli.h"
#include "core/base/units.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cmath>
#include <cstdio>

namespace hone::cli {
namespace {

std::size_t terminalWidth() {
    winsize size{};
    return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

/// At most `columns` characters (not bytes), so that a narrow terminal does not wrap the line.
std::string clipped(const std::string& text, std::size_t columns) {
    std::size_t seen = 0, end = 0;
    while (end < text.size() && seen < columns) {
        ++end;
        while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80)
            ++end;
        ++seen;
    }
    return text.substr(0, end);
}

std::string secondsText(double seconds) { return fmt::format("{:.0f} s", std::max(0.0, seconds)); }

}  // namespace

ProgressLine::~ProgressLine() {
    if (m_shown)
        std::fputs("\r\033[K", stderr);
}

void ProgressLine::show(const std::string& text) {
    if (!stderrIsTerminal())
        return;
    m_shown = true;
    std::fprintf(stderr, "\r\033[K%s", clipped(text, terminalWidth() - 1).c_str());
    std::fflush(stderr);
}

std::string progressText(const load::LoadProgress& progress) {
    return fmt::format("{}{} of {} · {} · p50 {} · p99 {} · {} errors · {} left",
                       progress.warmup ? "warm-up · " : "", secondsText(progress.elapsedS),
                       secondsText(progress.totalS), formatRate(progress.rps),
                       formatMicros(progress.last.p50Us), formatMicros(progress.last.p99Us), progress.errors,
                       secondsText(progress.totalS - progress.elapsedS));
}

std::string progressText(const experiment::CompareProgress& progress, std::string_view metric) {
    std::string effect;
    for (const auto& candidate : progress.effects)
        if (candidate.metric == metric && std::isfinite(candidate.anytime.hi) && candidate.anytime.lo > 0)
            effect =
                fmt::format(" · {} {} ({} … {})", candidate.metric, formatChange(candidate.anytime.ratio),
                            formatChange(candidate.anytime.lo), formatChange(candidate.anytime.hi));
    return fmt::format("{} · {}{} · at most {} left", progress.phase, formatRate(progress.load.rps), effect,
                       secondsText(progress.leftS));
}

}  // namespace hone::cli
