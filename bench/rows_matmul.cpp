// Products of matrices and vectors, operands as they lie or transposed; picking, joining and moving of elements.
#include <string>

#include "rows.h"

namespace {

using bench::Inputs;
using T = torch::Tensor;

// [m, k] times [k, n]; a letter t: the operand is the transpose of what lies in memory.
void product(const std::string& kind, std::int64_t m, std::int64_t k, std::int64_t n,
             torch::Dtype dtype = torch::kFloat32) {
  const bool ta = kind[0] == 't', tb = kind[1] == 't';
  const double flops = 2.0 * static_cast<double>(m * k * n);
  const double bytes = 4.0 * static_cast<double>(m * k + k * n + m * n) * (dtype == torch::kFloat64 ? 2 : 1);
  bench::add(
      {"matmul/" + kind + "/" + std::to_string(m) + "x" + std::to_string(k) + "x" + std::to_string(n) +
           (dtype == torch::kFloat64 ? "/f64" : ""),
       [=]() {
         return Inputs{
             bench::uniform(ta ? std::vector<std::int64_t>{k, m} : std::vector<std::int64_t>{m, k}, 1, -1, 1, dtype),
             bench::uniform(tb ? std::vector<std::int64_t>{n, k} : std::vector<std::int64_t>{k, n}, 2, -1, 1, dtype)};
       },
       [=](const Inputs& x) { return torch::matmul(ta ? x[0].t() : x[0], tb ? x[1].t() : x[1]); },
       {bytes, flops},
       {bytes * 3, flops * 3}});
}

void add_products() {
  for (const char* kind : {"nn", "nt", "tn", "tt"}) {
    product(kind, 64, 64, 64);
    product(kind, 512, 512, 512);
  }
  product("nn", 8, 8, 8);
  product("nn", 1024, 1024, 1024);
  product("nt", 64, 784, 128);
  product("nn", 1024, 1024, 1);
  product("nt", 256, 512, 10);
  product("nn", 256, 256, 256, torch::kFloat64);
  bench::add({"bmm/32x64x64x64",
              []() {
                return Inputs{bench::uniform({32, 64, 64}, 1, -1, 1), bench::uniform({32, 64, 64}, 2, -1, 1)};
              },
              [](const Inputs& x) { return torch::bmm(x[0], x[1]); },
              {3 * 32 * 4096 * 4.0, 32 * 2 * 262144.0},
              {9 * 32 * 4096 * 4.0, 3 * 32 * 2 * 262144.0}});
}

void add_moves() {
  constexpr double kPass = 4e6;
  const auto square = [](std::uint64_t seed) { return bench::uniform({1000, 1000}, seed, -1, 1); };
  bench::add({"index_select/rows",
              [=]() {
                return Inputs{square(1), bench::labels({1000}, 2, 1000)};
              },
              [](const Inputs& x) { return torch::index_select(x[0], 0, x[1]); },
              {2 * kPass},
              {5 * kPass}});
  bench::add({"index_select/columns",
              [=]() {
                return Inputs{square(1), bench::labels({1000}, 2, 1000)};
              },
              [](const Inputs& x) { return torch::index_select(x[0], 1, x[1]); },
              {2 * kPass},
              {5 * kPass}});
  bench::add({"gather/rows",
              [=]() {
                return Inputs{square(1), bench::labels({1000, 1000}, 2, 1000)};
              },
              [](const Inputs& x) { return torch::gather(x[0], 1, x[1]); },
              {4 * kPass},
              {9 * kPass}});
  bench::add({"scatter_add/rows",
              [=]() {
                return Inputs{square(1), square(3), bench::labels({1000, 1000}, 2, 1000)};
              },
              [](const Inputs& x) { return torch::scatter_add(x[0], 1, x[2], x[1]); },
              {5 * kPass},
              {10 * kPass}});
  bench::add({"embedding/1000x1000",
              []() {
                return Inputs{bench::uniform({1000, 1000}, 1, -1, 1), bench::labels({1000}, 2, 1000)};
              },
              [](const Inputs& x) { return torch::embedding(x[0], x[1]); },
              {2 * kPass},
              {5 * kPass}});
  bench::add({"embedding/10000x64",
              []() {
                return Inputs{bench::uniform({10000, 64}, 1, -1, 1), bench::labels({16000}, 2, 10000)};
              },
              [](const Inputs& x) { return torch::embedding(x[0], x[1]); },
              {2 * kPass},
              {5 * kPass}});
  bench::add({"cat/rows",
              [=]() {
                return Inputs{square(1), square(2)};
              },
              [](const Inputs& x) {
                return torch::cat({x[0], x[1]}, 0);
              },
              {4 * kPass},
              {8 * kPass}});
  bench::add({"cat/columns",
              [=]() {
                return Inputs{square(1), square(2)};
              },
              [](const Inputs& x) {
                return torch::cat({x[0], x[1]}, 1);
              },
              {4 * kPass},
              {8 * kPass}});
  bench::add({"transpose_copy",
              [=]() { return Inputs{square(1)}; },
              [](const Inputs& x) { return x[0].t().contiguous(); },
              {2 * kPass},
              {4 * kPass}});
  bench::add({"add_row",
              [=]() {
                return Inputs{square(1), bench::uniform({1000}, 2, -1, 1)};
              },
              [](const Inputs& x) { return x[0] + x[1]; },
              {2 * kPass},
              {4 * kPass}});
  bench::add({"mul_column",
              [=]() {
                return Inputs{square(1), bench::uniform({1000, 1}, 2, -1, 1)};
              },
              [](const Inputs& x) { return x[0] * x[1]; },
              {2 * kPass},
              {5 * kPass}});
}

const int registered = (add_products(), add_moves(), 0);

}  // namespace
