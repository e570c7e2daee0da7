#include "core/net/http3_endpoint.h"

/// What the QUIC library tells a connection.
namespace hone::net {

struct Http3Connection::Callbacks {
    static Http3Connection& self(void* user) { return *static_cast<Http3Connection*>(user); }
    static int result(bool goesOn) { return goesOn ? 0 : NGTCP2_ERR_CALLBACK_FAILURE; }
    static int session(Http3Connection& connection, bool goesOn) {
        connection.m_sessionFailed |= !goesOn;
        return result(goesOn);
    }

    static int data(ngtcp2_conn*, uint32_t flags, int64_t id, uint64_t, const uint8_t* data, size_t size,
                    void* user, void*) {
        const std::string_view bytes(reinterpret_cast<const char*>(data), size);
        return session(self(user),
                       !self(user).m_session ||
                           self(user).m_session->received(id, bytes, flags & NGTCP2_STREAM_DATA_FLAG_FIN));
    }
    static int acknowledged(ngtcp2_conn*, int64_t id, uint64_t, uint64_t size, void* user, void*) {
        return session(self(user), !self(user).m_session || self(user).m_session->acknowledged(id, size));
    }
    static int closed(ngtcp2_conn* conn, uint32_t flags, int64_t id, uint64_t code, void* user, void*) {
        if (!(flags & NGTCP2_STREAM_CLOSE_FLAG_APP_ERROR_CODE_SET))
            code = NGHTTP3_H3_NO_ERROR;
        if (ngtcp2_is_bidi_stream(id))
            ngtcp2_conn_extend_max_streams_bidi(conn, 1);
        return session(self(user), !self(user).m_session || self(user).m_session->streamClosed(id, code));
    }
    static int reset(ngtcp2_conn*, int64_t id, uint64_t, uint64_t, void* user, void*) {
        return session(self(user), !self(user).m_session || self(user).m_session->streamReset(id));
    }
    static int stopSending(ngtcp2_conn*, int64_t id, uint64_t, void* user, void*) {
        return session(self(user), !self(user).m_session || self(user).m_session->streamReset(id));
    }
    static int unblocked(ngtcp2_conn*, int64_t id, uint64_t, void* user, void*) {
        return session(self(user), !self(user).m_session || self(user).m_session->unblocked(id));
    }
    static int mayOpen(ngtcp2_conn*, uint64_t streams, void* user) {
        if (self(user).m_session)
            self(user).m_session->mayOpen(streams);
        return 0;
    }
    static int canSend(ngtcp2_conn*, ngtcp2_crypto_level level, void* user) {
        return result(level != NGTCP2_CRYPTO_LEVEL_APPLICATION || self(user).openSession());
    }
    static int shookHands(ngtcp2_conn*, void* user) { return result(self(user).handshakeDone()); }
    static int newId(ngtcp2_conn*, ngtcp2_cid* id, uint8_t* token, size_t size, void* user) {
        Http3Connection& connection = self(user);
        *id = connection.m_endpoint.stateless().newId();
        if (size != id->datalen || !connection.m_endpoint.stateless().resetToken(*id, token))
            return NGTCP2_ERR_CALLBACK_FAILURE;
        connection.m_ids.push_back(*id);
        connection.m_endpoint.addRoute(*id, connection);
        return 0;
    }
    static int removeId(ngtcp2_conn*, const ngtcp2_cid* id, void* user) {
        Http3Connection& connection = self(user);
        connection.m_endpoint.removeRoute(*id);
        std::erase_if(connection.m_ids, [&](const ngtcp2_cid& known) { return ngtcp2_cid_eq(&known, id); });
        return 0;
    }
    static void random(uint8_t* out, size_t size, const ngtcp2_rand_ctx*) { fillRandom({out, size}); }
};

ngtcp2_callbacks Http3Connection::callbackTable() {
    ngtcp2_callbacks out{};
    out.recv_client_initial = ngtcp2_crypto_recv_client_initial_cb;
    out.recv_crypto_data = ngtcp2_crypto_recv_crypto_data_cb;
    out.encrypt = ngtcp2_crypto_encrypt_cb;
    out.decrypt = ngtcp2_crypto_decrypt_cb;
    out.hp_mask = ngtcp2_crypto_hp_mask_cb;
    out.update_key = ngtcp2_crypto_update_key_cb;
    out.delete_crypto_aead_ctx = ngtcp2_crypto_delete_crypto_aead_ctx_cb;
    out.delete_crypto_cipher_ctx = ngtcp2_crypto_delete_crypto_cipher_ctx_cb;
    out.get_path_challenge_data = ngtcp2_crypto_get_path_challenge_data_cb;
    out.version_negotiation = ngtcp2_crypto_version_negotiation_cb;
    out.recv_stream_data = Callbacks::data;
    out.acked_stream_data_offset = Callbacks::acknowledged;
    out.stream_close = Callbacks::closed;
    out.stream_reset = Callbacks::reset;
    out.stream_stop_sending = Callbacks::stopSending;
    out.extend_max_stream_data = Callbacks::unblocked;
    out.extend_max_remote_streams_bidi = Callbacks::mayOpen;
    out.recv_tx_key = Callbacks::canSend;
    out.handshake_completed = Callbacks::shookHands;
    out.get_new_connection_id = Callbacks::newId;
    out.remove_connection_id = Callbacks::removeId;
    out.rand = Callbacks::random;
    return out;
}

ngtcp2_crypto_conn_ref Http3Connection::connectionOf(Http3Connection& connection) {
    return {
        .get_conn = [](ngtcp2_crypto_conn_ref* ref) { return Callbacks::self(ref->user_data).m_transport; },
        .user_data = &connection};
}

}  // namespace hone::net
