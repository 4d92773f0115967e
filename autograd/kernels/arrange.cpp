#include "autograd/kernels/arrange.h"

#include <cstring>

namespace gradtape::kernels {

void triangle(void* out, const void* in, std::int64_t element, std::int64_t batch, std::int64_t rows, std::int64_t cols,
              std::int64_t diagonal, bool upper) {
  auto* to = static_cast<char*>(out);
  auto* from = static_cast<const char*>(in);
  const auto bytes = [element](std::int64_t n) { return static_cast<std::size_t>(n * element); };
  for (std::int64_t r = 0; r < batch * rows; ++r) {
    // Columns [0, edge) lie below the diagonal, or on it for a lower triangle.
    std::int64_t edge = r % rows + diagonal + (upper ? 0 : 1);
    edge = edge < 0 ? 0 : edge > cols ? cols : edge;
    const std::int64_t left = r * cols * element, right = (r * cols + edge) * element;
    if (upper) {
      std::memset(to + left, 0, bytes(edge));
      std::memmove(to + right, from + right, bytes(cols - edge));
    } else {
      std::memmove(to + left, from + left, bytes(edge));
      std::memset(to + right, 0, bytes(cols - edge));
    }
  }
}

}  // namespace gradtape::kernels
