#pragma once
// The operations on two tensors that come in every form. A line X(name) gives the functions name(self, other) and
// name_out(out, self, other), and the methods name(other) and name_(other), in place. See ops_binary.h.
// clang-format off

// `other` may also be a number.
#define GRADTAPE_BINARY_OPS(X)                                                                                  \
  X(mul)                  /* x y */                                                                             \
  X(div)                  /* x / y; integers divide as floating point */                                        \
  X(floor_divide)         /* floor(x / y), derivative 0 */                                                      \
  X(fmod)                 /* x - y trunc(x / y), the sign of x; derivative in y: -trunc(x / y) */               \
  X(remainder)            /* x - y floor(x / y), the sign of y; derivative in y: -floor(x / y) */               \
  X(pow)                  /* x^y, 0^0 = 1; derivative 0 in x where y = 0, in y where x = 0 <= y */              \
  X(float_power)          /* the same in float64 */                                                             \
  X(xlogy)                /* x ln y, 0 where x = 0 and y is a number; derivative 0 in x where x = 0 >= y */     \
  X(copysign)             /* |x| with the sign of y; derivative 0 in x where x = 0, and in y */                 \
  X(eq) X(ne) X(lt) X(le) X(gt) X(ge)            /* comparisons: bool */                                        \
  X(bitwise_and) X(bitwise_or) X(bitwise_xor)    /* integers and bool */                                        \
  X(bitwise_left_shift)   /* integers; 0 where the shift is negative or past the width */                       \
  X(bitwise_right_shift)  /* integers; copies of the sign come in from the left */
#define GRADTAPE_BINARY_ALIASES(X)                                                                              \
  X(multiply, mul) X(divide, div) X(true_divide, div) X(not_equal, ne)                                          \
  X(less, lt) X(less_equal, le) X(greater, gt) X(greater_equal, ge)
// `other` is a tensor.
#define GRADTAPE_PAIR_OPS(X)                                                                                    \
  X(atan2)                /* angle in (-pi, pi] of the point with first coordinate other, second self */        \
  X(hypot)                /* (x^2 + y^2)^(1/2), floating; derivative NaN where both are 0 */                    \
  X(ldexp)                /* x 2^y */                                                                           \
  X(heaviside)            /* 0, y or 1 where x < 0, x = 0, x > 0; 0 for NaN; one dtype */                       \
  X(nextafter)            /* the next number from x toward y; floating; not recorded */                         \
  X(gcd) X(lcm)           /* greatest common divisor, least common multiple; integers */                        \
  X(logical_and) X(logical_or) X(logical_xor)    /* of x != 0 and y != 0: bool */
#define GRADTAPE_PAIR_ALIASES(X) X(arctan2, atan2)
// The same without the in-place method.
#define GRADTAPE_CHOICE_OPS(X)                                                                                  \
  X(maximum) X(minimum)   /* NaN wins; the gradient goes to the one chosen, half to each in a tie */            \
  X(fmax) X(fmin)         /* NaN loses; the gradient of a tie goes to x */                                      \
  X(logaddexp)            /* ln(e^x + e^y), floating */                                                         \
  X(logaddexp2)           /* log2(2^x + 2^y), floating */
// clang-format on
