#ifdef HONE_HTTP3

#include "core/net/http3_stateless.h"

#include <QTest>

#include <netinet/in.h>

#include <vector>

using namespace hone::net;

namespace {

constexpr ngtcp2_tstamp kNow = 1'000 * NGTCP2_SECONDS;
constexpr std::uint32_t kVersion = NGTCP2_PROTO_VER_V1;

sockaddr_in address(std::uint32_t host, std::uint16_t port = 4433) {
    return {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr = {htonl(host)}, .sin_zero = {}};
}

ngtcp2_vec vec(const std::vector<std::uint8_t>& bytes) {
    return {const_cast<std::uint8_t*>(bytes.data()), bytes.size()};
}

const sockaddr* raw(const sockaddr_in& from) { return reinterpret_cast<const sockaddr*>(&from); }

/// The client's first packet with the ids it chose.
ngtcp2_pkt_hd initialOf(const Http3Stateless& ids) {
    ngtcp2_pkt_hd out{};
    out.version = kVersion;
    out.dcid = ids.newId();
    out.scid = ids.newId();
    return out;
}

/// The client's second packet: the id and the token of a Retry packet (RFC 9000 section 17.2.5).
ngtcp2_pkt_hd afterRetry(ngtcp2_pkt_hd initial, const std::vector<std::uint8_t>& retry,
                         std::vector<std::uint8_t>& token) {
    const std::size_t idAt = 6 + retry[5];
    ngtcp2_cid_init(&initial.dcid, retry.data() + idAt + 1, retry[idAt]);
    token.assign(retry.begin() + static_cast<std::ptrdiff_t>(idAt + 1 + retry[idAt]), retry.end() - 16);
    initial.token = vec(token);
    return initial;
}

}  // namespace

/// Tokens and packets that need no connection, driven in memory.
class Http3StatelessTest : public QObject {
    Q_OBJECT
private slots:
    void aTokenIsGoodForItsAddressAndAnHour();
    void aTokenOfAnotherProcessIsNot();
    void aRetryTokenBringsBackTheFirstId();
    void aRetryTokenIsGoodForItsAddressIdAndTenSeconds();
    void resetTokensBelongToTheirId();
};

void Http3StatelessTest::aTokenIsGoodForItsAddressAndAnHour() {
    Http3Stateless door;
    const sockaddr_in home = address(0x7f000001), moved = address(0x7f000001, 9), other = address(0x7f000002);
    const auto made = door.newToken(raw(home), sizeof home, kNow);
    std::vector<std::uint8_t> token(made.begin(), made.end());
    QVERIFY(door.isValidToken(vec(token), raw(home), sizeof home, kNow));
    QVERIFY(door.isValidToken(vec(token), raw(moved), sizeof moved, kNow));  // ports change all the time
    QVERIFY(door.isValidToken(vec(token), raw(home), sizeof home, kNow + 3'599 * NGTCP2_SECONDS));
    QVERIFY(!door.isValidToken(vec(token), raw(home), sizeof home, kNow + 3'601 * NGTCP2_SECONDS));
    QVERIFY(!door.isValidToken(vec(token), raw(other), sizeof other, kNow));
    token.back() ^= 1;
    QVERIFY(!door.isValidToken(vec(token), raw(home), sizeof home, kNow));
    QVERIFY(!door.isValidToken({nullptr, 0}, raw(home), sizeof home, kNow));
}

void Http3StatelessTest::aTokenOfAnotherProcessIsNot() {
    Http3Stateless before, now;
    const sockaddr_in home = address(0x7f000001);
    const auto made = before.newToken(raw(home), sizeof home, kNow);
    const std::vector<std::uint8_t> token(made.begin(), made.end());
    QVERIFY(!now.isValidToken(vec(token), raw(home), sizeof home, kNow));
}

void Http3StatelessTest::aRetryTokenBringsBackTheFirstId() {
    Http3Stateless door;
    const sockaddr_in home = address(0x7f000001);
    const ngtcp2_pkt_hd first = initialOf(door);
    const auto packet = door.retry(first, raw(home), sizeof home, kNow);
    std::vector<std::uint8_t> token;
    const auto second = afterRetry(first, {packet.begin(), packet.end()}, token);
    QVERIFY(Http3Stateless::isRetryToken(second.token));
    const auto original = door.openRetryToken(second, raw(home), sizeof home, kNow);
    QVERIFY(original && ngtcp2_cid_eq(&*original, &first.dcid));
}

void Http3StatelessTest::aRetryTokenIsGoodForItsAddressIdAndTenSeconds() {
    Http3Stateless door;
    const sockaddr_in home = address(0x7f000001), moved = address(0x7f000001, 9);
    const ngtcp2_pkt_hd first = initialOf(door);
    const auto packet = door.retry(first, raw(home), sizeof home, kNow);
    std::vector<std::uint8_t> token;
    ngtcp2_pkt_hd second = afterRetry(first, {packet.begin(), packet.end()}, token);
    QVERIFY(!door.openRetryToken(second, raw(moved), sizeof moved, kNow));
    QVERIFY(!door.openRetryToken(second, raw(home), sizeof home, kNow + 11 * NGTCP2_SECONDS));
    second.dcid = door.newId();
    QVERIFY(!door.openRetryToken(second, raw(home), sizeof home, kNow));
}

void Http3StatelessTest::resetTokensBelongToTheirId() {
    Http3Stateless door;
    const ngtcp2_cid id = door.newId(), other = door.newId();
    std::array<std::uint8_t, NGTCP2_STATELESS_RESET_TOKENLEN> token, again, different;
    QVERIFY(door.resetToken(id, token.data()) && door.resetToken(id, again.data()) &&
            door.resetToken(other, different.data()));
    QVERIFY(token == again);
    QVERIFY(token != different);
    const auto packet = door.reset(id, 100);
    QVERIFY(std::equal(token.begin(), token.end(), packet.end() - NGTCP2_STATELESS_RESET_TOKENLEN));
}

QTEST_GUILESS_MAIN(Http3StatelessTest)
#include "http3_stateless_test.moc"

#else

int main() { return 0; }  // nothing of this is built in

#endif
