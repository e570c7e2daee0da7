# Stores outside the process: Redis and Memcached.
pkg_check_modules(hiredis REQUIRED IMPORTED_TARGET hiredis)
pkg_check_modules(libmemcached REQUIRED IMPORTED_TARGET libmemcached)
target_link_libraries(hone_toggles PRIVATE PkgConfig::hiredis PkgConfig::libmemcached)
# The test finds free ports for the servers it starts.
if(HONE_TESTS)
    cmake_language(DEFER CALL target_link_libraries test.toggles.cache.remote PRIVATE Qt6::Network)
endif()
