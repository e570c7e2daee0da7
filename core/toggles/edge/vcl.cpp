#include "core/toggles/edge/vcl.h"

#include <fmt/format.h>

#include <charconv>

namespace hone::toggles::edge {
namespace {

// Texts in which {0}, {1} … are filled in; braces of VCL are doubled.
constexpr std::string_view kHead = R"vcl(vcl 4.1;
# Made by Hone from the settings of the edge toggle. Start it, for example, with
#   varnishd -F -a 127.0.0.1:8081 -f edge.vcl -s malloc,{3}M

import std;

backend origin {{
    .host = "{0}";
    .port = "{1}";
    .probe = {{ .url = "{2}"; .interval = 1s; .timeout = 1s; .window = 4; .threshold = 2; .initial = 2; }}
}}

acl purgers {{ "127.0.0.1"; "::1"; }}
)vcl";

constexpr std::string_view kReceive = R"vcl(
sub vcl_recv {{
    # One entry whatever name the edge is asked by; the origin checks its own.
    set req.http.Host = "{0}:{1}";
    set req.url = std.querysort(req.url);
    if (req.method == "PURGE") {{
        if (client.ip !~ purgers) {{
            return (synth(403, "Not allowed"));
        }}
        if (req.http.Hone-Tag) {{
            ban("obj.http.X-Hone-Tags ~ (^|[\s,])" + req.http.Hone-Tag + "([\s,]|$)");  # no blank inside
            return (synth(200, "Purged by tag"));
        }}
        if (req.url ~ "\*$") {{
            set req.http.X-Hone-Begin = regsuball(regsub(req.url, "\*$", ""), "([][.?+(){{}}|^$])", "\\\1");
            ban("obj.http.X-Hone-Url ~ ^" + req.http.X-Hone-Begin);
            return (synth(200, "Purged by beginning"));
        }}
        return (purge);
    }}
    # Stale while renewing as long as the origin is well; when it is not, as long as errors allow.
    if (req.restarts == 0 && std.healthy(req.backend_hint)) {{
        set req.grace = {2}s;
    }}
}}
)vcl";

constexpr std::string_view kFetch = R"vcl(
sub vcl_backend_response {{
    set beresp.http.X-Hone-Url = bereq.url;
    set beresp.http.X-Hone-Tags = beresp.http.Surrogate-Key + " " + beresp.http.Cache-Tag;
    if (beresp.http.X-Hone-Tags !~ "[^ ]") {{
        set beresp.http.X-Hone-Tags = regsub(bereq.url, "^/api/([^/?]+).*$", "\1");
    }}
{3}    if (bereq.method != "GET" && bereq.method != "HEAD") {{
        return (deliver);
    }}
    if (beresp.status >= 500) {{
        if (bereq.is_bgfetch) {{
            return (abandon);  # the stale answer stays
        }}
        set beresp.ttl = 0s;
        set beresp.grace = 0s;
        set beresp.keep = 0s;
        return (deliver);
    }}
    # Targeted fields count before the others (RFC 9213).
    if (beresp.http.CDN-Cache-Control) {{
        if (beresp.http.CDN-Cache-Control ~ "(?i)no-store|private|no-cache") {{
            set beresp.uncacheable = true;
            return (deliver);
        }}
        set beresp.ttl = std.duration(
            regsub(beresp.http.CDN-Cache-Control, "(?i)^.*max-age=([0-9]+).*$", "\1s"), {0}s);
    }} elseif (beresp.status == 404 || beresp.status == 410) {{
        if (!beresp.http.Cache-Control) {{
            set beresp.uncacheable = true;
            set beresp.ttl = 1s;
            return (deliver);
        }}
    }} elseif (!beresp.http.Cache-Control && !beresp.http.Expires) {{
        set beresp.ttl = {0}s;
    }}
    set beresp.grace = {1}s;
    set beresp.keep = {2}s;  # long enough to ask with If-None-Match
}}
)vcl";

constexpr std::string_view kDeliver = R"vcl(
sub vcl_deliver {{
{0}    if (obj.hits > 0) {{
        set resp.http.X-Hone-Status = "varnish; hit; ttl=" + regsub(obj.ttl, "\..*$", "");
    }} else {{
        set resp.http.X-Hone-Status = "varnish; fwd=miss";
    }}
    if (resp.http.Cache-Status) {{
        set resp.http.Cache-Status = resp.http.Cache-Status + ", " + resp.http.X-Hone-Status;
    }} else {{
        set resp.http.Cache-Status = resp.http.X-Hone-Status;
    }}
    unset resp.http.X-Hone-Status;
    unset resp.http.X-Hone-Url;
    unset resp.http.X-Hone-Tags;
}}
)vcl";

/// A failed fetch once more, this time content with what is kept.
constexpr std::string_view kOnError =
    R"vcl(    if (resp.status >= 500 && req.restarts == 0 && (req.method == "GET" || req.method == "HEAD")) {
        return (restart);
    }
)vcl";

constexpr std::string_view kBanAll =
    R"vcl(    if (bereq.method !~ "^(GET|HEAD|OPTIONS|TRACE)$" && beresp.status < 400) {
        ban("obj.status != 0");  # a write may have changed any answer
    }
)vcl";

constexpr std::string_view kBanTable =
    R"vcl(    if (bereq.method !~ "^(GET|HEAD|OPTIONS|TRACE)$" && beresp.status < 400) {
        ban("obj.http.X-Hone-Tags ~ (^|[\s,])(" +
            regsuball(regsub(beresp.http.X-Hone-Tags, "\s+$", ""), "[\s,]+", "|") + ")([\s,]|$)");
    }
)vcl";

}  // namespace

Result<OriginAddress> OriginAddress::parse(std::string_view text) {
    const auto wrong = [&](std::string_view why) {
        return fail(Error::InvalidArgument, "the origin must be http://HOST:PORT, got \"{}\" ({})", text, why)
            .hint("For an engine on this machine: http://127.0.0.1:8080.");
    };
    std::string_view rest = text;
    if (rest.starts_with("https://"))
        return wrong("Varnish speaks plain HTTP to its backends");
    if (rest.starts_with("http://"))
        rest.remove_prefix(7);
    rest = rest.substr(0, rest.find('/'));
    OriginAddress address;
    if (const auto colon = rest.rfind(':'); colon != rest.npos) {
        const auto number = rest.substr(colon + 1);
        const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), address.port);
        if (error != std::errc() || end != number.data() + number.size() || address.port == 0)
            return wrong("no port");
        rest = rest.substr(0, colon);
    }
    // It ends up between quotes.
    constexpr std::string_view kAllowed = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-";
    if (rest.empty() || rest.find_first_not_of(kAllowed) != rest.npos)
        return wrong("no host name or IPv4 address");
    address.host = rest;
    return address;
}

std::string writeVcl(const ParamSet& settings, const OriginAddress& origin) {
    const auto ttl = settings.integer("ttl"), swr = settings.integer("swr"),
               onError = settings.integer("staleIfError");
    const auto onWrite = settings.text("onWrite");
    const auto megabytes = std::max<std::int64_t>(settings.integer("size") / (1024 * 1024), 1);
    std::string out = fmt::format(kHead, origin.host, origin.port, origin.probe, megabytes);
    out += fmt::format(kReceive, origin.host, origin.port, swr);
    out += fmt::format(kFetch, ttl, std::max(swr, onError), 86'400,
                       onWrite == "everything" ? kBanAll
                       : onWrite == "table"    ? kBanTable
                                               : "");
    out += fmt::format(kDeliver, onError > 0 ? kOnError : "");
    return out;
}

}  // namespace hone::toggles::edge
