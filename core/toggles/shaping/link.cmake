# Cursors are signed (HMAC-SHA256).
target_link_libraries(hone_toggles PRIVATE OpenSSL::Crypto)
