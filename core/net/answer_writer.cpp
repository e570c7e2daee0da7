#include "core/net/answer_writer.h"

#include "core/base/assert.h"
#include "core/http/syntax.h"

#include <charconv>

namespace hone::net {

namespace {

void appendNumber(std::string& out, std::size_t value) {
    char digits[20];
    const auto [end, error] = std::to_chars(digits, digits + sizeof digits, value);
    out.append(digits, end);
}

void appendFields(std::string& out, const http::Fields& fields) {
    for (const auto& [name, value] : fields.lines())
        if (!http::isConnectionField(name))
            http::appendFieldLine(out, name, value);
}

void appendLength(std::string& out, const http::Response& response, const AnswerFraming& framing) {
    if (framing.isStreamed && !response.sourceLength) {
        if (framing.isChunked)
            out.append("Transfer-Encoding: chunked\r\n");
        return;
    }
    out.append("Content-Length: ");
    appendNumber(out, response.sourceLength.value_or(response.body.size()));
    out.append("\r\n");
}

}  // namespace

void appendAnswer(OutputQueue& out, http::Response&& response, const AnswerFraming& framing) {
    const int status = response.finalStatus();
    HONE_ASSERT(status >= 200 && status <= 599, "handlers give final answers only");
    HONE_ASSERT(!framing.isStreamed || !response.prepared, "streamed content has no prepared form");
    std::string& text = out.text();
    if (response.prepared) {
        text.append(response.prepared->head11);
    } else {
        text.append("HTTP/1.1 ");
        appendNumber(text, static_cast<std::size_t>(status));
        text.append(1, ' ').append(http::reason(status)).append("\r\n");
        if (!http::statusHasNoContent(status))
            appendLength(text, response, framing);
    }
    appendFields(text, response.fields);
    text.append(framing.dateLine);
    if (framing.close)
        text.append("Connection: close\r\n");
    else if (framing.saysKeepAlive)
        text.append("Connection: keep-alive\r\n");
    text.append("\r\n");
    if (framing.isHead || framing.isStreamed || http::statusHasNoContent(status))
        return;
    if (response.prepared)
        out.addBody(response.prepared);
    else
        out.addBody(std::move(response.body));
}

}  // namespace hone::net
