#pragma once
// Error and gamma functions where std:: has none: of a real number the inverse error function and the polygamma family,
// of a complex one (for the verification dtype, hence near the real axis and holomorphic) all of them.
#include "autograd/kernels/array.h"

namespace gradtape::kernels::special {

Complex erf(Complex z);
Complex erfc(Complex z);
double erfinv(double x);
Complex erfinv(Complex z);
double lgamma(double x);  // ln |gamma(x)|
Complex lgamma(Complex z);
double digamma(double x);
Complex digamma(Complex z);
// (-1)^(n+1) n! zeta(n + 1, x), n >= 1
double polygamma(int n, double x);
Complex polygamma(int n, Complex z);

}  // namespace gradtape::kernels::special
