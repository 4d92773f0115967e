// Rows of comparisons, logical and bitwise operations, and divisors.
#include <cmath>
#include <numeric>

#include "table.h"

namespace gradtape::table {
namespace {

// Whole numbers in [low, high).
Input whole(std::int64_t low, std::int64_t high) {
  return Input(
      [=](Generator& g) {
        return static_cast<double>(low + static_cast<std::int64_t>(g.below(static_cast<std::uint64_t>(high - low))));
      },
      kInt64);
}
Reference of_integers(std::function<std::int64_t(std::int64_t, std::int64_t)> f) {
  return elementwise([f = std::move(f)](const std::vector<Real>& x) -> Real {
    return static_cast<Real>(f(static_cast<std::int64_t>(x[0]), static_cast<std::int64_t>(x[1])));
  });
}
bool gone(std::int64_t by) { return by < 0 || by > 63; }

}  // namespace

void add_bits(std::vector<Row>& rows) {
  const auto add_row = [&](Row r) { rows.push_back(std::move(r)); };

#define GRADTAPE_COMPARISON(name, original, op)                                                                    \
  add_row(GRADTAPE_PAIR_ROW(name, original, [](Real x, Real y) -> Real { return x op y; })                         \
              .result(Result::Bool)                                                                                \
              .constant()                                                                                          \
              .also(with_number([](const Tensor& x) { return name(x, 1); }, [](Real x) -> Real { return x op 1; }, \
                                kInt64)))
  GRADTAPE_COMPARISON(eq, eq, ==);
  GRADTAPE_COMPARISON(ne, ne, !=);
  GRADTAPE_COMPARISON(not_equal, ne, !=);
  GRADTAPE_COMPARISON(lt, lt, <);
  GRADTAPE_COMPARISON(less, lt, <);
  GRADTAPE_COMPARISON(le, le, <=);
  GRADTAPE_COMPARISON(less_equal, le, <=);
  GRADTAPE_COMPARISON(gt, gt, >);
  GRADTAPE_COMPARISON(greater, gt, >);
  GRADTAPE_COMPARISON(ge, ge, >=);
  GRADTAPE_COMPARISON(greater_equal, ge, >=);
#undef GRADTAPE_COMPARISON

#define GRADTAPE_LOGICAL(name, op)                                                                  \
  add_row(GRADTAPE_PAIR_ROW(name, name, [](Real x, Real y) -> Real { return (x != 0) op(y != 0); }) \
              .result(Result::Bool)                                                                 \
              .constant())
  GRADTAPE_LOGICAL(logical_and, &&);
  GRADTAPE_LOGICAL(logical_or, ||);
  GRADTAPE_LOGICAL(logical_xor, !=);
#undef GRADTAPE_LOGICAL

  add_row(binary(
              "isclose", [](const Tensor& x, const Tensor& y) { return isclose(x, y, 0.1, 0.5); },
              [](Real x, Real y) -> Real {
                return x == y || (std::isfinite(x - y) && std::fabs(x - y) <= 0.5L + 0.1L * std::fabs(y));
              })
              .result(Result::Bool)
              .constant()
              .error(
                  [] {
                    isclose(zeros({2, 3}), zeros({4}));
                  },
                  {"[2, 3]", "[4]"})
              .error([] { isclose(zeros({2}), zeros({4}, kInt64)); }, {"[isclose]", "float32[2]", "int64[4]"})
              .error([] { isclose(zeros({2}), zeros({2}), -1); }, {"[isclose]", "rtol -1"}));

#define GRADTAPE_INTEGERS(name, first, second, reference)                                        \
  add_row(row(#name, {"",                                                                        \
                      call_two([](const Tensor& x, const Tensor& y) { return at::name(x, y); }), \
                      of_integers(reference),                                                    \
                      kTwo,                                                                      \
                      {first, second}})                                                          \
              .only({kInt64})                                                                    \
              .result(Result::Int64)                                                             \
              .constant()                                                                        \
              .in_place(&Tensor::name##_)                                                        \
              .to_out(at::name##_out)                                                            \
              .error(                                                                            \
                  [] {                                                                           \
                    at::name(zeros({2, 3}, kInt64), zeros({4}, kInt64));                         \
                  },                                                                             \
                  {"[2, 3]", "[4]"})                                                             \
              .error([] { at::name(ones({2}), ones({2}, kInt64)); }, {"[" #name "]", "float32[2]", "int64[2]"}))
  const Input any = whole(-100, 100), shift = whole(-2, 68);
  using Int = std::int64_t;
  GRADTAPE_INTEGERS(bitwise_and, any, any, [](Int x, Int y) { return x & y; });
  GRADTAPE_INTEGERS(bitwise_or, any, any, [](Int x, Int y) { return x | y; });
  GRADTAPE_INTEGERS(bitwise_xor, any, any, [](Int x, Int y) { return x ^ y; });
  GRADTAPE_INTEGERS(bitwise_left_shift, any, shift,
                    [](Int x, Int by) { return gone(by) ? 0 : static_cast<Int>(static_cast<std::uint64_t>(x) << by); });
  GRADTAPE_INTEGERS(bitwise_right_shift, any, shift, [](Int x, Int by) {
    return gone(by) ? (x < 0 ? -1 : 0)
                    : static_cast<Int>(std::floor(std::ldexp(static_cast<Real>(x), -static_cast<int>(by))));
  });
  GRADTAPE_INTEGERS(gcd, any, any, [](Int x, Int y) { return std::gcd(x, y); });
  GRADTAPE_INTEGERS(lcm, any, any, [](Int x, Int y) { return std::lcm(x, y); });
#undef GRADTAPE_INTEGERS
  add_row(row("bitwise_not", {"",
                              call_one([](const Tensor& x) { return ~x; }),
                              elementwise([](const std::vector<Real>& x) { return -x[0] - 1; }),
                              kOne,
                              {any}})
              .only({kInt64})
              .result(Result::Int64)
              .constant()
              .in_place(&Tensor::bitwise_not_)
              .to_out(bitwise_not_out)
              .error([] { bitwise_not(ones({2})); }, {"[bitwise_not]", "float32[2]"}));
}

}  // namespace gradtape::table
