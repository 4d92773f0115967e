#!/bin/sh
# Compares gradtape with Debian's libtorch: builds the same sources on both and lists the differences. Opt-in: neither
# the default build nor the tests need libtorch. Takes some minutes and 1.5 GB of memory a compiler job.
# BUILD_DIR (default build/parity) and JOBS (default: all cores) may be set.
set -eu
cd "$(dirname "$0")/../.."
build=${BUILD_DIR:-build/parity}
jobs=${JOBS:-$(nproc)}

missing=''
command -v g++ >/dev/null || missing="$missing g++"
command -v cmake >/dev/null || missing="$missing cmake"
command -v ninja >/dev/null || missing="$missing ninja-build"
for package in libeigen3-dev libfmt-dev libgtest-dev libtorch-dev; do
  dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing="$missing $package"
done
if [ -n "$missing" ]; then
  echo "tests/parity/run.sh: installing$missing (build tools; libtorch-dev is what gradtape is compared with, 500 MB)"
  as_root=''
  if [ "$(id -u)" != 0 ]; then
    as_root=sudo
  fi
  $as_root apt-get update -qq </dev/null
  # shellcheck disable=SC2086
  $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing </dev/null
fi

cmake --preset parity -G Ninja -B "$build" -DGRADTAPE_EXAMPLES=OFF
cmake --build "$build" --parallel "$jobs" --target parity

# Of one thread each, as sums of several threads need not be the same twice.
export OMP_NUM_THREADS=1 GLOG_minloglevel=2
# libtorch reads memory that it has not written (baddbmm() with beta 0): fresh memory is zeros in every run.
export GLIBC_TUNABLES=glibc.malloc.tcache_count=0:glibc.malloc.perturb=255
status=0
rm -f "$build"/tests/parity/*.summary
for name in scripts operations; do
  results="$build/tests/parity/$name"
  # The build on gradtape draws the inputs of the operations.
  draws=''
  [ $name = scripts ] || draws="${results}_draws.txt"
  "${results}_gradtape" "${results}_gradtape.txt" ${draws:+"$draws"}
  "${results}_libtorch" "${results}_libtorch.txt" ${draws:+"$draws"}
  printf '%s: ' "$name" >"$results.summary"
  "$build/tests/parity/parity_compare" "${results}_libtorch.txt" "${results}_gradtape.txt" \
    "tests/parity/${name}_differences.txt" >"$results.log" || status=1
  cat "$results.log"
  tail -n 1 "$results.log" >>"$results.summary"
done
for script in tests/scripts/*.cpp; do
  name=$(basename "$script" .cpp)
  mkdir -p "$build/tests/parity/users/$name"
  (cd "$build/tests/parity/users/$name" && "../../script_${name}_libtorch" >out.txt) || {
    echo "tests/scripts/$name.cpp on libtorch: outside its band"
    cat "$build/tests/parity/users/$name/out.txt"
    status=1
  }
done
echo
cat "$build"/tests/parity/*.summary
exit $status
