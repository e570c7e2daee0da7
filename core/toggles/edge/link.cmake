# The tests find free ports for the Varnish they start.
if(HONE_TESTS)
    cmake_language(DEFER CALL target_link_libraries test.toggles.edge.varnish PRIVATE Qt6::Network)
    cmake_language(DEFER CALL target_link_libraries test.toggles.edge.served PRIVATE Qt6::Network)
endif()
if(HONE_BENCHES)
    cmake_language(DEFER CALL target_link_libraries bench.edge_varnish PRIVATE Qt6::Network)
endif()
