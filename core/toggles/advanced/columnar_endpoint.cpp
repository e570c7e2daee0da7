#include "core/toggles/advanced/columnar_endpoint.h"

#include "core/data/columnar_format.h"
#include "core/http/semantics.h"

namespace hone::toggles::advanced {

using engine::Exchange;
using engine::Payload;

bool wantsColumnar(const http::Request& request) {
    constexpr auto kName = data::kColumnarType.substr(data::kColumnarType.find("vnd"));
    int columnar = 0, others = 0;
    for (const auto& line : request.fields) {
        if (!http::iequals(line.name, "Accept") || line.value.find(kName) == line.value.npos)
            continue;
        for (const auto& entry : http::parseWeighted(request.joined("Accept"))) {
            auto& best = http::iequals(entry.value, data::kColumnarType) ? columnar : others;
            best = std::max(best, entry.q);
        }
        break;
    }
    return columnar > 0 && columnar >= others;
}

void ColumnarEndpoint::handle(Exchange& exchange) const {
    exchange.route.endpoint = &m_inner;
    m_inner.handle(exchange);
    if (exchange.answered || exchange.payload.kind != Payload::List)
        return;
    const Nanos begin = monotonicNow();
    auto& response = exchange.response;
    data::writeColumnar(exchange.payload.rows, response.body);
    exchange.payload = {};
    response.fields.set("Content-Type", data::kColumnarType);
    m_totals.answers.fetch_add(1, std::memory_order_relaxed);
    m_totals.bytes.fetch_add(response.body.size(), std::memory_order_relaxed);
    exchange.note("columnar", monotonicNow() - begin);
}

}  // namespace hone::toggles::advanced
