# A folder with a toggle.cpp is a toggle. This file finds them, embeds each doc.md and writes the catalogue's list,
# so that adding a toggle touches no file outside its folder.
file(GLOB toggle_sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_LIST_DIR}/*/toggle.cpp)
set(declarations "")
set(entries "")
foreach(source IN LISTS toggle_sources)
    get_filename_component(folder ${source} DIRECTORY)
    get_filename_component(id ${folder} NAME)
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${folder}/doc.md)
    file(READ ${folder}/doc.md doc)
    file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/generated/toggles/${id}/doc.h
         CONTENT "#pragma once\nnamespace hone::toggles::${id} {\ninline constexpr char kDoc[] = R\"hone_doc(@doc@)hone_doc\";\n}\n" @ONLY)
    string(APPEND declarations "namespace ${id} {\nconst engine::ToggleDef& def();\n}\n")
    string(APPEND entries "        &${id}::def(),\n")
endforeach()
file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/generated/toggles/catalogue_list.h
     CONTENT "#pragma once\n#include \"core/engine/toggle_def.h\"\nnamespace hone::toggles {\n@declarations@\ninline const engine::ToggleDef* const kCatalogue[] = {\n@entries@};\n}\n" @ONLY)
hone_library(hone_toggles toggles hone_engine hone_coding hone_caching)
# What one toggle alone needs to link stands beside it.
file(GLOB toggle_links CONFIGURE_DEPENDS ${CMAKE_CURRENT_LIST_DIR}/*/link.cmake)
foreach(link IN LISTS toggle_links)
    include(${link})
endforeach()
