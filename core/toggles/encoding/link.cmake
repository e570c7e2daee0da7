# Protocol Buffers: rows out (toggle) and answers in (core/coding). zlib: gzip of content that is still coming.
pkg_check_modules(protobuf REQUIRED IMPORTED_TARGET protobuf)
pkg_check_modules(zlib REQUIRED IMPORTED_TARGET zlib)
target_link_libraries(hone_coding PRIVATE PkgConfig::protobuf PkgConfig::zlib)
target_link_libraries(hone_toggles PRIVATE PkgConfig::protobuf)
# The Avro C library only checks what we write.
if(HONE_TESTS)
    pkg_check_modules(avro REQUIRED IMPORTED_TARGET avro-c)
    cmake_language(DEFER CALL target_link_libraries test.toggles.encoding.schema_rows PRIVATE PkgConfig::avro)
endif()
