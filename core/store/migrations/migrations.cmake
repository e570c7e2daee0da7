# Every NNNN_name.sql becomes a step, in the order of its number; released steps never change.
file(GLOB migration_files CONFIGURE_DEPENDS ${CMAKE_CURRENT_LIST_DIR}/*.sql)
list(SORT migration_files)
set(steps "")
foreach(file IN LISTS migration_files)
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
    file(READ ${file} sql)
    string(APPEND steps "    R\"hone_sql(@sql@)hone_sql\",\n")
    string(CONFIGURE "${steps}" steps @ONLY)
endforeach()
file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/generated/store/migration_list.h
     CONTENT "#pragma once\nnamespace hone::store {\ninline constexpr const char* kMigrations[] = {\n@steps@};\n}\n" @ONLY)
