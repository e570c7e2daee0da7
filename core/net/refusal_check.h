#pragma once

#include "core/net/raw_client.h"
#include "core/net/server.h"

#include <QTest>
#include <nlohmann/json.hpp>

namespace hone::net::testing {

/// Checks that `request` never reaches a handler, is answered by `status` as a problem, and ends the
/// connection.
inline void expectRefusal(const QByteArray& request, int status, const ServerOptions& options = {}) {
    std::atomic<bool> handled{false};
    const auto server = serve(
        [&](const http::Request& r, Responder respond) {
            handled = true;
            echo(r, std::move(respond));
        },
        options);
    RawClient client(server->port());
    const auto answer = client.ask({request.constData(), static_cast<std::size_t>(request.size())});
    QCOMPARE(answer.status, status);
    QVERIFY(!handled);
    QVERIFY(answer.has("Connection: close"));
    QVERIFY(answer.has("Content-Type: application/problem+json"));
    const auto problem = nlohmann::json::parse(answer.body);
    QCOMPARE(problem["status"].get<int>(), status);
    QVERIFY(!problem["detail"].get<std::string>().empty());
    QVERIFY(client.ended());
    QCOMPARE(server->counters().malformed, std::uint64_t(1));
    QCOMPARE(server->counters().requests, std::uint64_t(0));
}

}  // namespace hone::net::testing
