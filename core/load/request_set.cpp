#include "core/load/request_set.h"

#include "core/base/version.h"
#include "core/http/message.h"
#include "core/http/semantics.h"

#include <algorithm>
#include <map>

namespace hone::load {

namespace {

using Piece = RequestSet::Piece;
using Header = std::pair<std::string, std::string>;

bool isControl(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }

bool hasControl(std::string_view text) { return std::ranges::any_of(text, isControl); }

const Header* find(const std::vector<Header>& headers, std::string_view name) {
    const auto found =
        std::ranges::find_if(headers, [&](const Header& h) { return http::iequals(h.first, name); });
    return found == headers.end() ? nullptr : &*found;
}

}  // namespace

/// Turns a workload into a RequestSet; lives for one compile().
class RequestCompiler {
public:
    RequestCompiler(const model::Workload& workload, std::string_view baseUrl,
                    const std::vector<Header>& extraHeaders)
        : m_workload(workload), m_baseUrl(baseUrl), m_extra(extraHeaders) {}

    Result<RequestSet> compile() {
        if (m_workload.requests.empty())
            return fail(Error::InvalidArgument, "workload \"{}\" has no requests", m_workload.name)
                .hint("Add at least one, such as GET /api/cities.");
        for (const auto& request : m_workload.requests)
            if (auto done = add(request); !done)
                return fail(std::move(done.error()));
        return std::move(m_set);
    }

private:
    using Pieces = std::vector<Piece>;
    using Slot = Piece::Slot;

    Result<> add(const model::WorkloadRequest& source) {
        if (!(source.weight >= 0) || source.method.empty() || hasControl(source.method) ||
            source.method.contains(' '))
            return fail(Error::InvalidArgument, "request \"{}\" has method \"{}\" and weight {}", source.name,
                        source.method, source.weight)
                .hint("Use a method such as GET and a weight of 0 or more.");
        RequestSet::Request out;
        out.name = source.name.empty() ? source.method + " " + source.url : source.name;
        const auto method = http::methodFrom(source.method);
        out.isHead = method == http::Method::Head;
        out.isSafe = http::isSafe(method);
        auto split = splitUrl(source.url);
        if (!split)
            return fail(std::move(split.error()));
        out.endpoint = split->endpoint;
        out.checks = AnswerChecks(source.checks);
        if (out.checks.readBody() && asksForCoding(source))
            return fail(Error::InvalidArgument,
                        "request \"{}\" checks the body of its answers and asks for coded ones", out.name)
                .hint("Remove Accept-Encoding from its headers: checks read a body as it comes.");
        if (auto done = parse(split->target, Slot::Encoded, out, out.target); !done)
            return done;
        for (const auto& piece : out.target)
            if (hasControl(piece.literal) || piece.literal.contains(' '))
                return fail(Error::InvalidArgument, "the URL \"{}\" contains a space or control character",
                            source.url)
                    .hint("Write a space as %20.");
        if (auto done = parse(source.body, Slot::Plain, out, out.body); !done)
            return done;
        if (auto done = buildHead(source, split->authority, out); !done)
            return done;
        if (out.variables.empty())
            for (const auto* part : {&out.head, &out.body})
                for (const auto& piece : *part)
                    out.fixed += piece.literal +
                                 (piece.slot == Slot::BodyLength ? std::to_string(source.body.size()) : "");
        m_set.m_requests.push_back(std::move(out));
        m_set.m_weights.push_back(source.weight);
        return {};
    }

    [[nodiscard]] bool asksForCoding(const model::WorkloadRequest& source) const {
        const auto* header = find(m_extra, "Accept-Encoding");
        header = header ? header : find(source.headers, "Accept-Encoding");
        return header && !http::iequals(header->second, "identity");
    }

    struct Split {
        std::size_t endpoint = 0;
        std::string authority, target;
    };
    /// Only the origin goes through the URL parser: {{slots}} are no URL characters, and targets are sent as
    /// written.
    Result<Split> splitUrl(const std::string& url) {
        const bool absolute = url.contains("://");
        if (!absolute && m_baseUrl.empty())
            return fail(Error::InvalidArgument,
                        "\"{}\" is no absolute URL and there is no server to resolve it against", url)
                .hint("Write http://127.0.0.1:8080{}.", url);
        const std::string base = absolute ? url : m_baseUrl;
        const auto slash = base.find_first_of("/?", base.find("://") + 3);
        auto origin = http::parseUrl(base.substr(0, slash));
        if (!origin)
            return fail(std::move(origin.error()));
        if (origin->scheme != "http" && origin->scheme != "https")
            return fail(Error::Unsupported, "the load generator speaks http and https, not {}",
                        origin->scheme);
        Split out{endpointOf(*origin), origin->authority(), absolute ? "" : url};
        if (absolute && slash != std::string::npos)
            out.target = url.substr(slash, url.find('#') - slash);
        if (!out.target.starts_with('/'))
            out.target.insert(0, "/");
        return out;
    }

    std::size_t endpointOf(const http::Url& url) {
        auto& all = m_set.m_servers;
        const bool isSecure = url.scheme == "https";
        const auto known = std::ranges::find_if(all, [&](const RequestSet::Server& server) {
            return server.endpoint.host == url.host && server.endpoint.port == url.port &&
                   server.isSecure == isSecure;
        });
        if (known != all.end())
            return static_cast<std::size_t>(known - all.begin());
        all.push_back({{url.host, url.port}, isSecure});
        return all.size() - 1;
    }

    /// Appends `text` to `out`, cut at its {{variables}}.
    Result<> parse(std::string_view text, Slot slot, RequestSet::Request& request, Pieces& out) {
        if (out.empty() || out.back().slot != Slot::None)
            out.emplace_back();
        while (!text.empty()) {
            const auto open = text.find("{{");
            const auto close = open == text.npos ? text.npos : text.find("}}", open);
            out.back().literal += text.substr(0, close == text.npos ? text.npos : open);
            if (close == text.npos)
                return {};
            std::string_view name = text.substr(open + 2, close - open - 2);
            while (name.starts_with(' '))
                name.remove_prefix(1);
            while (name.ends_with(' '))
                name.remove_suffix(1);
            const auto variable = variableIndex(name, slot);
            if (!variable)
                return fail(variable.error());
            out.back().slot = slot;
            out.back().variable = *variable;
            out.emplace_back();
            if (std::ranges::find(request.variables, *variable) == request.variables.end())
                request.variables.push_back(*variable);
            text.remove_prefix(close + 2);
        }
        return {};
    }

    Result<std::size_t> variableIndex(std::string_view name, Slot) {
        if (const auto known = m_variableIndex.find(name); known != m_variableIndex.end())
            return known->second;
        const auto defined = m_workload.variables.find(name);
        if (defined == m_workload.variables.end()) {
            std::string known;
            for (const auto& [id, variable] : m_workload.variables)
                known += (known.empty() ? "" : ", ") + id;
            return fail(Error::InvalidArgument, "variable \"{}\" is not defined", name)
                .hint("Defined are: {}.", known.empty() ? "none" : known);
        }
        const auto& source = defined->second;
        if (source.values.empty() && source.last < source.first)
            return fail(Error::InvalidArgument, "variable \"{}\" goes from {} to {}", name, source.first,
                        source.last)
                .hint("The last value must not be below the first.");
        if (source.draw == model::Variable::Draw::Zipf && !(source.skew >= 0))
            return fail(Error::InvalidArgument, "variable \"{}\" has skew {}", name, source.skew)
                .hint("Use 0 or more; 0.9 is usual.");
        if (std::ranges::any_of(source.values, hasControl))
            return fail(Error::InvalidArgument, "a value of variable \"{}\" contains a control character",
                        name)
                .hint("Remove line breaks from its values.");
        RequestSet::Variable variable{source, {}};
        for (const auto& value : source.values)
            variable.encoded.push_back(http::percentEncode(value));
        m_set.m_variables.push_back(std::move(variable));
        return m_variableIndex.emplace(name, m_set.m_variables.size() - 1).first->second;
    }

    /// Ours first, unless the request or the plan brings its own; the plan's (Hone-Arm) win.
    std::vector<Header> headersOf(const model::WorkloadRequest& source, const std::string& authority) const {
        std::vector<Header> out;
        const auto given = [&](std::string_view name) {
            return find(source.headers, name) || find(m_extra, name);
        };
        const auto byDefault = [&](std::string name, std::string value) {
            if (!given(name))
                out.emplace_back(std::move(name), std::move(value));
        };
        byDefault("Host", authority);
        byDefault("User-Agent", std::string("hone/") + kVersion);
        byDefault("Accept", "*/*");
        if (source.body.starts_with('{') || source.body.starts_with('['))
            byDefault("Content-Type", "application/json");
        for (const auto& header : source.headers)
            if (!find(m_extra, header.first) && !http::iequals(header.first, "Content-Length"))
                out.push_back(header);
        out.insert(out.end(), m_extra.begin(), m_extra.end());
        if (!m_workload.keepAlive && !given("Connection"))
            out.emplace_back("Connection", "close");
        return out;
    }

    Result<> buildHead(const model::WorkloadRequest& source, const std::string& authority,
                       RequestSet::Request& out) {
        auto& head = out.head;
        head.push_back({source.method + " ", Slot::None, 0});
        for (const auto& piece : out.target) {
            head.back().literal += piece.literal;
            head.back().slot = piece.slot;
            head.back().variable = piece.variable;
            if (piece.slot != Slot::None)
                head.emplace_back();
        }
        head.back().literal += " HTTP/1.1\r\n";
        for (const auto& [name, value] : headersOf(source, authority)) {
            if (name.empty() || hasControl(name) || hasControl(value) || name.contains(':') ||
                name.contains(' '))
                return fail(Error::InvalidArgument, "request \"{}\" has a malformed header \"{}\"", out.name,
                            name)
                    .hint("A header is a name without spaces and a value on one line.");
            if (http::iequals(name, "Transfer-Encoding"))
                return fail(Error::Unsupported, "request \"{}\" sets Transfer-Encoding", out.name)
                    .hint("Remove it; bodies are sent with Content-Length.");
            head.back().literal += name + ": ";
            if (auto done = parse(value, Slot::Plain, out, head); !done)
                return done;
            head.back().literal += "\r\n";
        }
        const auto method = http::methodFrom(source.method);
        const bool usuallyHasBody =
            method == http::Method::Post || method == http::Method::Put || method == http::Method::Patch;
        if (usuallyHasBody || !source.body.empty()) {
            head.back().literal += "Content-Length: ";
            head.back().slot = Slot::BodyLength;
            head.emplace_back().literal = "\r\n";
        }
        head.back().literal += "\r\n";
        return {};
    }

    const model::Workload& m_workload;
    std::string m_baseUrl;
    const std::vector<Header>& m_extra;
    RequestSet m_set;
    std::map<std::string, std::size_t, std::less<>> m_variableIndex;
};

std::string RequestSet::Server::url() const {
    return fmt::format("{}://{}:{}", isSecure ? "https" : "http", endpoint.host, endpoint.port);
}

Result<RequestSet> RequestSet::compile(const model::Workload& workload, std::string_view baseUrl,
                                       const std::vector<std::pair<std::string, std::string>>& extraHeaders) {
    auto set = RequestCompiler(workload, baseUrl, extraHeaders).compile();
    if (!set)
        return set;
    if (std::ranges::all_of(set->weights(), [](double weight) { return weight == 0; }))
        return fail(Error::InvalidArgument, "every request of workload \"{}\" has weight 0", workload.name)
            .hint("Give at least one a weight above 0.");
    return set;
}

}  // namespace hone::load
