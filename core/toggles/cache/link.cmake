# Stores outside the process: Redis and Memcached.
pkg_check_modules(hiredis REQUIRED IMPORTED_TARGET hiredis)
pkg_check_modules(libmemcached REQUIRED IMPORTED_TARGET libmemcached)
target_link_libraries(hone_toggles PRIVATE PkgConfig::hiredis PkgConfig::libmemcached)
