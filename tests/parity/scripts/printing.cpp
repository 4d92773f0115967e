// operator<< of tensors, to the letter.
#include "scripts.h"

namespace {
using torch::Tensor;
}

void printing(Report& r) {
  r.section("print");
  const double inf = std::numeric_limits<double>::infinity(), nan = std::numeric_limits<double>::quiet_NaN();
  r.printed("undefined", Tensor());
  for (auto t : {torch::kFloat32, torch::kFloat64, torch::kInt64, torch::kInt32, torch::kUInt8, torch::kBool}) {
    std::ostringstream name;
    name << t;
    const std::string n = name.str();
    r.printed(n + " 0-d", values({}, 1, t));
    r.printed(n + " 1-d", values({7}, 2, t));
    r.printed(n + " matrix", values({3, 4}, 3, t));
    r.printed(n + " 3-d", values({2, 2, 3}, 4, t));
    r.printed(n + " 4-d", values({2, 1, 2, 2}, 5, t));
    r.printed(n + " wide", values({2, 40}, 6, t));
    r.printed(n + " long", values({30}, 7, t));
    r.printed(n + " empty", torch::zeros({0}, t));
    r.printed(n + " empty matrix", torch::zeros({0, 3}, t));
    r.printed(n + " empty inside", torch::zeros({2, 0, 3}, t));
    r.printed(n + " zeros", torch::zeros({2, 2}, t));
    r.printed(n + " ones", torch::ones({3}, t));
    r.printed(n + " hundreds", (values({2, 3}, 8) * 400).abs().to(t));
  }
  const std::vector<std::vector<double>> rows = {
      {1, 2, 3},          {1.5, 2, 3},    {-1, 2},          {1e5, 1},       {1e4, 1},
      {123456, 1},        {1e5, 1.5},     {99999, 0.5},     {1e-3, 1},      {1e-4, 1},
      {1e-5, 1},          {1e-5, 1e-6},   {1e-10, 1e10},    {1e10},         {1.25e10},
      {1e15, 2e15},       {1e16, 1},      {1e38, 1},        {1e-38},        {0.1, 0.2},
      {1.0 / 3, 2.0 / 3}, {1000.5, -3},   {inf, 1},         {-inf, 1.5},    {nan, 1},
      {nan, 1.5},         {nan},          {inf, -inf, nan}, {0, -0.0},      {-0.0, 0.5},
      {12345.678, 0.001}, {0.9999999, 1}, {0.99999999999},  {9.99995, 1.5}, {99999.5, 1},
      {100000.5, 1}};
  int k = 0;
  for (const auto& row : rows)
    for (auto t : {torch::kFloat32, torch::kFloat64}) {
      const Tensor v = torch::tensor(row, torch::kFloat64).to(t);
      std::ostringstream name;
      name << "row " << k << ' ' << t;
      r.printed(name.str(), v);
      r.printed(name.str() + " matrix", torch::stack({v, -v, v / 2}));
      r.printed(name.str() + " first", v[0]);
      ++k;
    }
  r.printed("large int", torch::tensor({1, 1000000, -5}));
  r.printed("larger int", torch::tensor({std::int64_t(1) << 60, std::int64_t(-1)}));
  r.printed("transposed", values({3, 2}, 9).t());
  r.printed("expanded", values({3, 1}, 9).expand({3, 2}));
  r.printed("requires grad", variable({2}, 9));
  r.printed("recorded", variable({2}, 9) * 2);
  r.printed("many columns of different width", torch::cat({values({2, 15}, 10), values({2, 15}, 10) * 1e4}, 1));
  std::ostringstream s;
  torch::print(s, values({2, 12}, 11), 40);
  r.text("line size 40", s.str());
  s.str("");
  s << std::setprecision(2) << values({2}, 12) << ' ' << 0.123456789;
  r.text("precision is kept", s.str());
  r.printed("sizes", values({2, 3}, 1).sizes());
  r.printed("no sizes", torch::tensor(1).sizes());
  r.printed("device", torch::Device(torch::kCPU));
  for (auto t : {torch::kFloat32, torch::kFloat64, torch::kInt64, torch::kInt32, torch::kUInt8, torch::kBool}) {
    std::ostringstream name;
    name << "dtype " << t;
    r.printed(name.str(), t);
    r.printed(name.str() + " toString", torch::zeros({1}, t).toString());
  }
  r.printed("item", torch::tensor(0.1).item<double>());
  r.printed("slice", torch::indexing::Slice(1, 5, 2));
}
