# What the toggle serves as files is written into the program: a layout page and a decoder.
set(advanced_folder ${CMAKE_CURRENT_LIST_DIR})
set(advanced_page ${CMAKE_SOURCE_DIR}/resources/docs/columnar.md)
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${advanced_page} ${advanced_folder}/columnar_decoder.js)
file(READ ${advanced_page} advanced_format)
file(READ ${advanced_folder}/columnar_decoder.js advanced_decoder)
file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/generated/toggles/advanced/files.h
     CONTENT "#pragma once\nnamespace hone::toggles::advanced {\ninline constexpr char kColumnarFormat[] = R\"hone_doc(@advanced_format@)hone_doc\";\ninline constexpr char kColumnarDecoder[] = R\"hone_doc(@advanced_decoder@)hone_doc\";\n}\n" @ONLY)
target_link_libraries(hone_toggles PRIVATE OpenSSL::Crypto)
