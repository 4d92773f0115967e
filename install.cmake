# Installs the library, its public headers, the CMake package and the pkg-config files. The tree may be moved afterwards.
include(CMakePackageConfigHelpers)

# A header directly in one of these folders (or a list one includes, *.inc) is public; every other folder is private.
foreach(folder autograd nn nn/optim nn/data)
  file(GLOB headers CONFIGURE_DEPENDS ${folder}/*.h ${folder}/*.inc)
  install(FILES ${headers} DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/gradtape/${folder})
endforeach()
install(FILES gradtape.h DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/gradtape)
install(DIRECTORY nn/compat DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/gradtape FILES_MATCHING PATTERN "*.h")

# ---- find_package(gradtape) ----
set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/gradtape)
install(TARGETS gradtape gradtape_torch EXPORT gradtape)
install(EXPORT gradtape NAMESPACE gradtape:: FILE gradtapeTargets.cmake DESTINATION ${package_dir})
# A static library hands its own zlib on to the program that links it.
set(gradtape_needs_zlib OFF)
if(ZLIB_FOUND AND NOT BUILD_SHARED_LIBS)
  set(gradtape_needs_zlib ON)
endif()
file(CONFIGURE OUTPUT gradtapeConfig.cmake @ONLY CONTENT [[
# Whatever the policies of the project that asks.
cmake_policy(PUSH)
cmake_policy(VERSION 3.25)
include(CMakeFindDependencyMacro)
find_dependency(Threads)
if(@gradtape_needs_zlib@)
  find_dependency(ZLIB)
endif()
include(${CMAKE_CURRENT_LIST_DIR}/gradtapeTargets.cmake)
set(gradtape_torch_FOUND TRUE)
# The bridge to Eigen is asked for by name: find_package(gradtape COMPONENTS eigen).
if(eigen IN_LIST gradtape_FIND_COMPONENTS)
  find_package(Eigen3 3.4 QUIET NO_MODULE)
  set(gradtape_eigen_FOUND ${Eigen3_FOUND})
  if(Eigen3_FOUND AND NOT TARGET gradtape::eigen)
    add_library(gradtape::eigen INTERFACE IMPORTED)
    target_link_libraries(gradtape::eigen INTERFACE gradtape::gradtape Eigen3::Eigen)
  endif()
endif()
foreach(component IN LISTS gradtape_FIND_COMPONENTS)
  if(gradtape_FIND_REQUIRED_${component} AND NOT gradtape_${component}_FOUND)
    set(gradtape_FOUND FALSE)
    string(APPEND gradtape_NOT_FOUND_MESSAGE "gradtape has no component '${component}' here (torch; eigen needs Eigen 3.4). ")
  endif()
endforeach()
cmake_policy(POP)
]])
write_basic_package_version_file(gradtapeConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/gradtapeConfig.cmake ${PROJECT_BINARY_DIR}/gradtapeConfigVersion.cmake
        DESTINATION ${package_dir})

# ---- find_package(Torch), for a CMakeLists.txt written for libtorch: -DTorch_DIR=<prefix>/lib/cmake/gradtape/torch ----
file(CONFIGURE OUTPUT TorchConfig.cmake @ONLY CONTENT [[
include(CMakeFindDependencyMacro)
find_dependency(gradtape CONFIG PATHS ${CMAKE_CURRENT_LIST_DIR}/.. NO_DEFAULT_PATH)
if(NOT TARGET torch)
  add_library(torch INTERFACE IMPORTED)
  target_link_libraries(torch INTERFACE gradtape::torch)
endif()
set(TORCH_FOUND TRUE)
set(TORCH_LIBRARY torch)
set(TORCH_LIBRARIES torch)
set(TORCH_INCLUDE_DIRS $<TARGET_PROPERTY:gradtape::torch,INTERFACE_INCLUDE_DIRECTORIES>)
set(TORCH_CXX_FLAGS "")
]])
install(FILES ${PROJECT_BINARY_DIR}/TorchConfig.cmake DESTINATION ${package_dir}/torch)

# ---- pkg-config gradtape, gradtape-torch ----
# The prefix is found from where the file lies. A static library names what it needs, so --libs alone links.
set(pc_dir ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
cmake_path(RELATIVE_PATH CMAKE_INSTALL_PREFIX BASE_DIRECTORY ${CMAKE_INSTALL_PREFIX}/${pc_dir} OUTPUT_VARIABLE pc_up)
set(pc_libs "-L\${libdir} -lgradtape")
if(NOT BUILD_SHARED_LIBS)
  if(GRADTAPE_GC_SECTIONS)
    string(APPEND pc_libs " -Wl,--gc-sections")
  endif()
  if(ZLIB_FOUND)
    string(APPEND pc_libs " -lz")
  endif()
  string(APPEND pc_libs " -pthread")
endif()
file(CONFIGURE OUTPUT gradtape.pc @ONLY CONTENT [[
prefix=${pcfiledir}/@pc_up@
includedir=${prefix}/@CMAKE_INSTALL_INCLUDEDIR@
libdir=${prefix}/@CMAKE_INSTALL_LIBDIR@

Name: gradtape
Description: @PROJECT_DESCRIPTION@
Version: @PROJECT_VERSION@
Cflags: -I${includedir}
Libs: @pc_libs@
]])
file(CONFIGURE OUTPUT gradtape-torch.pc @ONLY CONTENT [[
prefix=${pcfiledir}/@pc_up@
includedir=${prefix}/@CMAKE_INSTALL_INCLUDEDIR@

Name: gradtape-torch
Description: gradtape under the names of libtorch: torch/torch.h
Version: @PROJECT_VERSION@
Requires: gradtape = @PROJECT_VERSION@
Cflags: -I${includedir}/gradtape/compat
]])
install(FILES ${PROJECT_BINARY_DIR}/gradtape.pc ${PROJECT_BINARY_DIR}/gradtape-torch.pc DESTINATION ${pc_dir})
