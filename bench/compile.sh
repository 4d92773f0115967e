#!/bin/sh
# CPU seconds to compile a two-layer training program at -O2, and the size of its static executable, stripped.
#   bench/compile.sh BUILD_DIR        (a build of the library)
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
build=$(cd "$1" && pwd)
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cxx=${CXX:-g++}
for header in gradtape/gradtape.h torch/torch.h; do
  { echo "#include <$header>"; cat "$root/bench/two_layers.inc"; } >"$tmp/two.cpp"
  for run in 1 2 3; do
    /usr/bin/env bash -c "TIMEFORMAT='%U %S'; time $cxx -O2 -std=c++17 -I'$build/include' -I'$root/nn/compat' \
      -c '$tmp/two.cpp' -o '$tmp/two.o'" 2>&1 | awk -v h="$header" '{ printf "%s: %.2f CPU s\n", h, $1 + $2 }'
  done
done
$cxx -O2 -static -Wl,--gc-sections "$tmp/two.o" "$build/libgradtape.a" -lpthread -lz -o "$tmp/two"
strip "$tmp/two"
echo "static executable, stripped: $(stat -c %s "$tmp/two") bytes"
