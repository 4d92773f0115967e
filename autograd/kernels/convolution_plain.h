#pragma once
// The convolution's form as one loop over all its terms, for dtypes that need no speed.
#include "autograd/kernels/convolution.h"

namespace gradtape::kernels {

// f(number in x, number in w, number in y) for every term that lies inside the image.
template <class F>
void for_each_term(const Convolution& c, F f) {
  const auto area = [](const std::int64_t(&d)[3]) { return d[0] * d[1] * d[2]; };
  const std::int64_t in = area(c.in), out = area(c.out), taps = area(c.kernel);
  for (std::int64_t n = 0; n < c.batch * c.groups; ++n) {
    const std::int64_t group = n % c.groups;
    for (std::int64_t o = 0; o < c.out_channels; ++o)
      for (std::int64_t i = 0; i < c.in_channels; ++i)
        for (std::int64_t k = 0; k < taps; ++k)
          for (std::int64_t p = 0; p < out; ++p) {
            const std::int64_t kernel[3] = {k / c.kernel[2] / c.kernel[1], k / c.kernel[2] % c.kernel[1],
                                            k % c.kernel[2]};
            const std::int64_t place[3] = {p / c.out[2] / c.out[1], p / c.out[2] % c.out[1], p % c.out[2]};
            std::int64_t x = 0;
            bool inside = true;
            for (int d = 0; d < 3; ++d) {
              const std::int64_t at = place[d] * c.stride[d] - c.padding[d] + kernel[d] * c.dilation[d];
              inside = inside && at >= 0 && at < c.in[d];
              x = x * c.in[d] + at;
            }
            if (!inside) continue;
            f((n * c.in_channels + i) * in + x, ((group * c.out_channels + o) * c.in_channels + i) * taps + k,
              (n * c.out_channels + o) * out + p);
          }
  }
}

// `to`, batch x channels x area elements, set to the bias of each channel, or to 0.
template <class T>
void start_with(T* to, const T* bias, std::int64_t batch, std::int64_t channels, std::int64_t area) {
  for (std::int64_t n = 0; n < batch * channels; ++n)
    for (std::int64_t k = 0; k < area; ++k) *to++ = bias ? bias[n % channels] : T(0);
}

}  // namespace gradtape::kernels
