# SHA-256 of persisted queries.
target_link_libraries(hone_toggles PRIVATE OpenSSL::Crypto)
