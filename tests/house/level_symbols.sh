#!/bin/sh
# level_symbols.sh NM LEVEL OBJECT...: weak symbols of an instruction-set level lie in that level's namespace. Another
# one could be chosen by the linker for the whole program and would fail on an older processor.
set -eu
nm=$1 level=$2
shift 2
foreign=$("$nm" -C --defined-only "$@" | grep -E '^[0-9a-f]+ [WVu] ' | grep -vE "gradtape::kernels::$level::|DW\.ref\." || true)
if [ -n "$foreign" ]; then
  echo "weak symbols of level $level outside of gradtape::kernels::$level:"
  echo "$foreign"
  exit 1
fi
"$nm" -C --defined-only "$@" | grep -q "gradtape::kernels::$level::kName"
