#pragma once
// A benchmark program that others can drive: `PROGRAM --serve` reads lines "SECONDS ROW" and answers each with one line
// of JSON: {"ns":.., "cpu_ns":.., "peak_kb":.., "counters":{..}}. Without --serve it is a plain Google Benchmark
// program.
#include <benchmark/benchmark.h>

#include <cstdint>

namespace bench {

// How often the process has asked for heap memory (malloc and its relatives; 0 where they cannot be counted).
std::uint64_t allocations();

inline void report_allocations(benchmark::State& state, std::uint64_t before) {
  state.counters["allocations"] = static_cast<double>(allocations() - before) / static_cast<double>(state.iterations());
}

}  // namespace bench
