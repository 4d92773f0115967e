#!/bin/sh
# Uses the library as its users do, outside of its own tree: check.sh CASE BUILD SOURCE WORK CXX FLAGS GENERATOR.
set -eu
case_=$1 build=$2 source=$3 work=$4 cxx=$5 flags=$6 generator=$7
moved=$work/moved
consumer=$source/tests/consumer
warnings='-Wall -Wextra -Wconversion -Werror'

# What a fresh user has: nothing of the build in the environment.
unset CPLUS_INCLUDE_PATH LIBRARY_PATH CMAKE_PREFIX_PATH
pc_dir() { dirname "$(find "$moved" -name gradtape.pc)"; }
lib_dir() { dirname "$(pc_dir)"; }

configure() { # folder, arguments
  folder=$1
  shift
  rm -rf "$work/$folder"
  cmake -S "$consumer/$folder" -B "$work/$folder" -G "$generator" -DCMAKE_CXX_COMPILER="$cxx" -DCMAKE_CXX_FLAGS="$flags" "$@"
  cmake --build "$work/$folder" --parallel 2
}

case $case_ in
  install)
    # Installed in one place and used from another.
    rm -rf "$work/first" "$moved"
    cmake --install "$build" --prefix "$work/first" >/dev/null
    mv "$work/first" "$moved"
    for place in "$source" "$build" "$work"; do
      if grep -rIl -F "$place" "$moved"; then
        echo "the files above contain $place" >&2
        exit 1
      fi
    done
    if find "$moved" -path '*include*' -type d | grep -E '/(core|kernels|tape|ops|engine|io)$'; then
      echo "private headers were installed" >&2
      exit 1
    fi
    ;;
  package)
    # Neither Eigen nor fmt is needed by a user.
    configure package -DCMAKE_PREFIX_PATH="$moved" -DCMAKE_DISABLE_FIND_PACKAGE_Eigen3=ON \
      -DCMAKE_DISABLE_FIND_PACKAGE_fmt=ON
    "$work/package/program"
    "$work/package/shim"
    # As a project for libtorch would, which is pointed here.
    configure torch -DTorch_DIR="$(dirname "$(find "$moved" -name TorchConfig.cmake)")"
    "$work/torch/shim"
    ;;
  package-eigen)
    configure package -DCMAKE_PREFIX_PATH="$moved" -DWITH_EIGEN=ON
    "$work/package/bridge"
    ;;
  subdirectory)
    configure subdirectory -DGRADTAPE_SOURCE="$source" -DCMAKE_BUILD_TYPE=Debug -DCMAKE_CXX_FLAGS_DEBUG=-O0
    "$work/subdirectory/program"
    "$work/subdirectory/shim"
    if cmake --build "$work/subdirectory" --target help | grep -E '(test_|bench_|example_)'; then
      echo "tests, benchmarks or examples came along" >&2
      exit 1
    fi
    ;;
  pkg-config)
    # One plain compiler line, warnings in our headers included.
    PKG_CONFIG_PATH=$(pc_dir)
    LD_LIBRARY_PATH=$(lib_dir)
    export PKG_CONFIG_PATH LD_LIBRARY_PATH
    mkdir -p "$work/pkg-config"
    # The compiler's arguments are split on purpose.
    # shellcheck disable=SC2046,SC2086
    "$cxx" -std=c++17 -O1 $flags $warnings "$consumer/program.cpp" "$consumer/second.cpp" \
      $(pkg-config --cflags --libs gradtape) -o "$work/pkg-config/program"
    # shellcheck disable=SC2046,SC2086
    "$cxx" -std=c++17 -O1 $flags $warnings "$consumer/shim.cpp" \
      $(pkg-config --cflags --libs gradtape-torch) -o "$work/pkg-config/shim"
    "$work/pkg-config/program"
    "$work/pkg-config/shim"
    # The README's programs, as they stand: the first is whole, the second goes into a main.
    snippet() { awk -v n="$1" '/^```cpp$/ { k++; inside = 1; next } /^```$/ { inside = 0 } inside && k == n' "$source/README.md"; }
    snippet 1 >"$work/pkg-config/readme.cpp"
    {
      printf '#include <gradtape/gradtape.h>\n#include <iostream>\nusing namespace gradtape;\nint main() {\n'
      snippet 2
      printf 'return result ? 0 : 1;\n}\n'
    } >"$work/pkg-config/readme_check.cpp"
    for program in readme readme_check; do
      # shellcheck disable=SC2046,SC2086
      "$cxx" -std=c++17 -O1 $flags $warnings "$work/pkg-config/$program.cpp" $(pkg-config --cflags --libs gradtape) \
        -o "$work/pkg-config/$program"
      "$work/pkg-config/$program" | tee "$work/pkg-config/$program.txt"
    done
    awk 'NR == 1 { first = $2 } { last = $2 } END { exit !(last < first / 2) }' "$work/pkg-config/readme.txt"
    ;;
  *)
    echo "unknown case $case_" >&2
    exit 2
    ;;
esac
