#!/bin/sh
# Builds the library and trains the lecture's network on the breast-cancer data; installs what is missing (Debian).
# Arguments go on to the program:
#   examples/run.sh
#   examples/run.sh --layers 32,16 --epochs 100 --data my.csv --label class
#   examples/run.sh --help
# BUILD_DIR (default build/examples) and JOBS (default: all cores) may be set.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
build=${BUILD_DIR:-$root/build/examples}
jobs=${JOBS:-$(nproc)}

missing=''
why=''
need() { # package, what for
  missing="$missing $1"
  why="$why
  $1: $2"
}
have() { dpkg-query -W -f='${Status}' "$1" 2>/dev/null | grep -q 'ok installed'; }
command -v g++ >/dev/null || need g++ 'the C++ compiler'
command -v cmake >/dev/null || need cmake 'configures the build'
command -v ninja >/dev/null || need ninja-build 'runs the build'
have libeigen3-dev || need libeigen3-dev 'Eigen, matrix products and the hand-coded network'
have libfmt-dev || need libfmt-dev 'fmt, printing of tensors'
have zlib1g-dev || need zlib1g-dev 'zlib, for gzipped data files'
if [ -n "$missing" ]; then
  echo "examples/run.sh: installing what is missing:$why"
  as_root=''
  if [ "$(id -u)" != 0 ]; then
    as_root=sudo
  fi
  if ! command -v apt-get >/dev/null || { [ -n "$as_root" ] && ! command -v sudo >/dev/null; }; then
    echo "examples/run.sh: this needs apt-get and root or sudo; please install the packages above by hand" >&2
    exit 1
  fi
  $as_root apt-get update -qq </dev/null
  # shellcheck disable=SC2086
  $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing </dev/null
fi

echo "examples/run.sh: building in $build"
mkdir -p "$build" "$root/out"
if ! cmake -S "$root" -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Release -DGRADTAPE_TESTS=OFF -DGRADTAPE_EXAMPLES=ON \
  >"$build/configure.log" 2>&1; then
  cat "$build/configure.log" >&2
  exit 1
fi
cmake --build "$build" --parallel "$jobs" --target 01_breast_cancer
echo
exec "$build/examples/01_breast_cancer" --svg "$root/out/breast_cancer_loss.svg" "$@"
