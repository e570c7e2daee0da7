#include "core/load/request_set.h"

#include "core/base/version.h"
#include "core/http/message.h"
#include "core/http/semantics.h"
#include "core/model/value_table.h"

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
        m_set.m_isSequence = m_workload.order == model::Order::Sequence;
        if (!m_workload.replay.file.empty())
            if (auto done = m_set.addReplay(m_workload); !done)
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
        const bool readsBody =
            out.checks.readBody() || std::ranges::any_of(source.extract, &model::Extraction::readsBody);
        if (readsBody && asksForCoding(source))
            return fail(Error::InvalidArgument,
                        "request \"{}\" reads the body of its answers and asks for coded ones", out.name)
                .hint("Remove Accept-Encoding from its headers: checks and values need a body as it is.");
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
        for (const auto* part : {&out.head, &out.body})
            for (const auto& piece : *part)
                out.isFixed = out.isFixed && (piece.slot == Slot::None || piece.slot == Slot::BodyLength);
        if (out.isFixed)
            for (const auto* part : {&out.head, &out.body})
                for (const auto& piece : *part)
                    out.fixed += piece.literal +
                                 (piece.slot == Slot::BodyLength ? std::to_string(source.body.size()) : "");
        if (auto done = addExtracts(source, out); !done)
            return done;
        m_set.m_requests.push_back(std::move(out));
        m_set.m_weights.push_back(source.weight);
        return {};
    }

    /// From here on the values may be used.
    Result<> addExtracts(const model::WorkloadRequest& source, RequestSet::Request& out) {
        if (source.extract.empty())
            return {};
        if (m_workload.order != model::Order::Sequence)
            return fail(Error::InvalidArgument,
                        "request \"{}\" takes values from its answers, but the "
                        "requests are not a sequence",
                        out.name)
                .hint("Set \"order\": \"sequence\" in \"load\".");
        std::vector<std::size_t> places;
        for (const auto& extraction : source.extract) {
            const auto known = m_taken.find(extraction.name);
            if (known == m_taken.end()) {
                m_set.m_variables.push_back({{}, {}, /*isTaken=*/true});
                places.push_back(m_set.m_variables.size() - 1);
                m_taken.emplace(extraction.name, places.back());
            } else {
                places.push_back(known->second);
            }
        }
        out.extracts = AnswerExtracts(source.extract, std::move(places));
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
        if (!out.target.starts_with('/') && !out.target.starts_with("{{"))
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
            const auto place = placeOf(name);
            if (!place)
                return fail(place.error());
            const bool isTaken = m_set.m_variables[place->variable].isTaken;
            const bool begins = &out == &request.target && out.size() == 1 && out[0].literal.empty();
            if (begins && !isTaken)
                out.back().literal = "/";
            out.back().slot = begins && isTaken ? Slot::Target : slot;
            out.back().variable = place->variable;
            out.back().column = place->column;
            out.emplace_back();
            if (!isTaken && std::ranges::find(request.variables, place->variable) == request.variables.end())
                request.variables.push_back(place->variable);
            text.remove_prefix(close + 2);
        }
        return {};
    }

    struct Place {
        std::size_t variable = 0, column = 0;
    };
    Result<Place> placeOf(std::string_view name) {
        if (const auto known = m_places.find(name); known != m_places.end())
            return known->second;
        if (const auto taken = m_taken.find(name); taken != m_taken.end())
            return Place{taken->second, 0};
        const auto dot = name.find('.');
        const auto whole = m_workload.variables.find(name);
        const auto table = m_workload.variables.find(name.substr(0, dot));
        Result<Place> place;
        if (whole != m_workload.variables.end() && whole->second.file.empty())
            place = addVariable(name, whole->second);
        else if (dot != name.npos && table != m_workload.variables.end() && !table->second.file.empty())
            place = addColumn(table->first, table->second, name.substr(dot + 1));
        else
            return undefined(name);
        if (place)
            m_places.emplace(name, *place);
        return place;
    }

    [[nodiscard]] Failure undefined(std::string_view name) const {
        std::string known;
        for (const auto& [id, variable] : m_workload.variables)
            known += (known.empty() ? "" : ", ") + id + (variable.file.empty() ? "" : ".<column>");
        for (const auto& [id, index] : m_taken)
            known += (known.empty() ? "" : ", ") + id;
        return fail(Error::InvalidArgument, "variable \"{}\" is not defined", name)
            .hint("Defined are: {}.", known.empty() ? "none" : known);
    }

    static Result<> checkVariable(std::string_view name, const model::Variable& source) {
        if (source.values.empty() && source.last < source.first)
            return fail(Error::InvalidArgument, "variable \"{}\" goes from {} to {}", name, source.first,
                        source.last)
                .hint("The last value must not be below the first.");
        if (source.draw == model::Variable::Draw::Zipf && !(source.skew >= 0))
            return fail(Error::InvalidArgument, "variable \"{}\" has skew {}", name, source.skew)
                .hint("Use 0 or more; 0.9 is usual.");
        return {};
    }

    static Result<RequestSet::Column> columnOf(std::string_view name, std::vector<std::string> values) {
        if (std::ranges::any_of(values, hasControl))
            return fail(Error::InvalidArgument, "a value of variable \"{}\" contains a control character",
                        name)
                .hint("Remove line breaks from its values.");
        RequestSet::Column column;
        for (const auto& value : values)
            column.encoded.push_back(http::percentEncode(value));
        column.plain = std::move(values);
        return column;
    }

    Result<Place> addVariable(std::string_view name, const model::Variable& source) {
        if (auto done = checkVariable(name, source); !done)
            return fail(std::move(done.error()));
        RequestSet::Variable variable{source, {}};
        if (!source.values.empty()) {
            auto column = columnOf(name, source.values);
            if (!column)
                return fail(std::move(column.error()));
            variable.columns.push_back(std::move(*column));
            variable.source.values.clear();
            variable.source.first = 1;
            variable.source.last = static_cast<std::int64_t>(source.values.size());
        }
        m_set.m_variables.push_back(std::move(variable));
        return Place{m_set.m_variables.size() - 1, 0};
    }

    /// Columns of one file share a variable, so that one draw gives a whole row.
    Result<Place> addColumn(const std::string& id, const model::Variable& source,
                            std::string_view columnName) {
        auto table = m_tables.find(id);
        if (table == m_tables.end()) {
            auto read = model::readValueTable(m_workload.pathOf(source.file));
            if (!read)
                return fail(read.error().code, "variable \"{}\": {}", id, read.error().what)
                    .hint("{}", read.error().hint);
            RequestSet::Variable variable{source, {}};
            variable.source.first = 1;
            variable.source.last = static_cast<std::int64_t>(read->rows());
            variable.source.values.clear();
            if (auto done = checkVariable(id, variable.source); !done)
                return fail(std::move(done.error()));
            m_set.m_variables.push_back(std::move(variable));
            table = m_tables.emplace(id, Table{std::move(*read), m_set.m_variables.size() - 1}).first;
        }
        const auto index = table->second.values.find(columnName);
        if (!index) {
            std::string known;
            for (const auto& column : table->second.values.columns)
                known += (known.empty() ? "" : ", ") + column;
            return fail(Error::InvalidArgument, "{} has no column \"{}\" for {{{{{}.{}}}}}", source.file,
                        columnName, id, columnName)
                .hint("It has: {}.", known);
        }
        auto column = columnOf(fmt::format("{}.{}", id, columnName), table->second.values.values[*index]);
        if (!column)
            return fail(std::move(column.error()));
        auto& columns = m_set.m_variables[table->second.variable].columns;
        columns.push_back(std::move(*column));
        return Place{table->second.variable, columns.size() - 1};
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
            head.back().column = piece.column;
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
    struct Table {
        model::ValueTable values;
        std::size_t variable = 0;
    };
    std::map<std::string, Place, std::less<>> m_places;
    std::map<std::string, Table, std::less<>> m_tables;
    std::map<std::string, std::size_t, std::less<>> m_taken;  ///< From the requests so far.
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
