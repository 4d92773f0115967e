#!/bin/sh
# Builds the library and runs all its tests; installs what is missing (Debian). Arguments go on to ctest:
#   tests/run.sh                all tests
#   tests/run.sh -R Floors      the tests whose name matches
# BUILD_DIR (default build/tests) and JOBS (default: all cores) may be set.
set -eu
cd "$(dirname "$0")/.."
build=${BUILD_DIR:-build/tests}
jobs=${JOBS:-$(nproc)}

missing=''
command -v g++ >/dev/null || missing="$missing g++"
command -v cmake >/dev/null || missing="$missing cmake"
command -v ninja >/dev/null || missing="$missing ninja-build"
command -v pkg-config >/dev/null || missing="$missing pkg-config"
for package in libeigen3-dev libfmt-dev libgtest-dev zlib1g-dev; do
  dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing="$missing $package"
done
if [ -n "$missing" ]; then
  echo "tests/run.sh: installing$missing (compiler, build tools, Eigen, fmt, GoogleTest, zlib)"
  as_root=''
  if [ "$(id -u)" != 0 ]; then
    as_root=sudo
  fi
  if ! command -v apt-get >/dev/null || { [ -n "$as_root" ] && ! command -v sudo >/dev/null; }; then
    echo "tests/run.sh: this needs apt-get and root or sudo; please install the packages above by hand" >&2
    exit 1
  fi
  $as_root apt-get update -qq </dev/null
  # shellcheck disable=SC2086
  $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing </dev/null
fi

cmake -S . -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Release
cmake --build "$build" --parallel "$jobs"
exec ctest --test-dir "$build" --output-on-failure --parallel "$jobs" "$@"
