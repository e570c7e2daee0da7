#include "core/engine/journal_entry.h"

#include "core/engine/masking.h"
#include "core/engine/why.h"
#include "core/http/syntax.h"

#include <algorithm>

namespace hone::engine {
namespace {

constexpr std::size_t kMostFields = 100;
constexpr std::size_t kLongestValue = 1024;

using Lines = std::vector<std::pair<std::string, std::string>>;

std::string cut(std::string text) {
    if (text.size() > kLongestValue) {
        text.resize(kLongestValue);
        text += "…";
    }
    return text;
}

void addLine(Lines& lines, std::string_view name, std::string_view value) {
    if (lines.size() < kMostFields)
        lines.emplace_back(name, cut(masked(name, value)));
}

Lines linesOf(const http::Response& response) {
    Lines lines;
    if (response.prepared)
        for (const auto& [name, value] : response.prepared->fields.lines())
            addLine(lines, name, value);
    for (const auto& [name, value] : response.fields.lines())
        addLine(lines, name, value);
    return lines;
}

bool holds(std::string_view text, std::string_view lowered) {
    return http::lower(text).find(lowered) != std::string::npos;
}

}  // namespace

JournalEntry describeExchange(const Exchange& exchange, const http::Request& asked) {
    const auto& response = exchange.response;
    JournalEntry entry{.arm = exchange.arm,
                       .method = std::string(asked.methodText),
                       .target = cut(maskedUrl(asked.target)),
                       .status = response.finalStatus(),
                       .bytesOut = contentBytes(asked, response),
                       .version = asked.version,
                       .peer = std::string(asked.peer),
                       .answerFields = linesOf(response),
                       .why = whyAnswered(exchange)};
    for (const auto& [name, value] : asked.fields)
        addLine(entry.requestFields, name, value);
    for (int i = 0; i < exchange.timingCount; ++i) {
        const auto& timing = exchange.timings[static_cast<std::size_t>(i)];
        entry.steps.push_back({std::string(timing.name), timing.duration, timing.note});
    }
    return entry;
}

std::uint64_t contentBytes(const http::Request& request, const http::Response& response) {
    if (request.method == http::Method::Head)
        return 0;
    return response.source ? response.sourceLength.value_or(0) : response.content().size();
}

Result<JournalFilter> JournalFilter::parse(std::string_view text, std::string_view status,
                                           std::string_view toggle) {
    JournalFilter filter{.text = http::lower(text)};
    const auto isDigit = [](char c) { return c >= '0' && c <= '9'; };
    if (!status.empty()) {
        const bool isClass = status.size() == 3 && isDigit(status[0]) && http::lower(status).ends_with("xx");
        if (!isClass && !(status.size() == 3 && std::ranges::all_of(status, isDigit)))
            return fail(Error::InvalidArgument, "status must be a code or a class, got \"{}\"", status)
                .hint("For example status=404 or status=5xx.");
        const int first = (status[0] - '0') * 100;
        filter.statusFrom = isClass ? first : first + (status[1] - '0') * 10 + (status[2] - '0');
        filter.statusTo = isClass ? first + 99 : filter.statusFrom;
    }
    const auto colon = toggle.find(':');
    filter.toggle = toggle.substr(0, colon);
    filter.note = colon == toggle.npos ? std::string_view() : toggle.substr(colon + 1);
    return filter;
}

bool JournalFilter::matches(const JournalEntry& entry) const {
    if (entry.status < statusFrom || entry.status > statusTo)
        return false;
    if (!toggle.empty() && std::ranges::none_of(entry.steps, [this](const JournalStep& step) {
            return step.name == toggle && (note.empty() || step.note == note);
        }))
        return false;
    return text.empty() || holds(entry.method, text) || holds(entry.target, text) ||
           holds(entry.endpoint, text) || holds(entry.why, text);
}

}  // namespace hone::engine
