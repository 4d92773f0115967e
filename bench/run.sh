#!/bin/sh
# Builds the benchmarks and runs them beside libtorch and hand-written code, in turns; installs what is missing (Debian).
# Prints a table, the rows slower than libtorch and the targets missed; writes out/bench.json and out/bench.svg.
#   bench/run.sh                            everything
#   bench/run.sh --quick                    one short turn a row, without the longest rows
#   bench/run.sh --filter 'tiny|small' --rounds 9
# Arguments go on to bench_compare (compare.cpp lists them). BUILD_DIR (default build/bench) and JOBS (default: all cores) may be set.
set -eu
cd "$(dirname "$0")/.."
build=${BUILD_DIR:-build/bench}
jobs=${JOBS:-$(nproc)}

missing=''
for package in g++ cmake ninja-build libeigen3-dev libfmt-dev zlib1g-dev libbenchmark-dev nlohmann-json3-dev \
  libtorch-dev libopenblas0-pthread; do
  dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing="$missing $package"
done
if [ -n "$missing" ]; then
  echo "bench/run.sh: installing$missing (build tools, Eigen, fmt, Google Benchmark, JSON; libtorch with a fast BLAS to compare with)"
  as_root=''
  if [ "$(id -u)" != 0 ]; then
    as_root=sudo
  fi
  $as_root apt-get update -qq </dev/null
  # shellcheck disable=SC2086
  $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing </dev/null
fi

mkdir -p out "$build"
if ! cmake -S . -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Release -DGRADTAPE_BENCH=ON -DGRADTAPE_TESTS=OFF \
  -DGRADTAPE_EXAMPLES=OFF >"$build/configure.log" 2>&1; then
  cat "$build/configure.log" >&2
  exit 1
fi
cmake --build "$build" --parallel "$jobs"
exec "$build/bench/bench_compare" "$build/bench" --json out/bench.json --svg out/bench.svg "$@"
