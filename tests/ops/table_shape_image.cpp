// Rows of shuffles and patches of images.
#include "table_shape.h"

namespace gradtape::table {
namespace {

struct Patches {
  Shape kernel, dilation, padding, stride;
  std::int64_t steps(std::size_t d, std::int64_t n) const {
    return (n + 2 * padding[d] - dilation[d] * (kernel[d] - 1) - 1) / stride[d] + 1;
  }
};

// f(index of the image [n, c, h, w], number of the row, of the column) for all places inside the image.
void for_each_place(const Patches& p, const Shape& image,
                    const std::function<void(Shape, std::int64_t, std::int64_t)>& f) {
  const std::int64_t rows = p.steps(0, image[2]), columns = p.steps(1, image[3]);
  for_each_index({image[0], image[1], p.kernel[0], p.kernel[1], rows, columns}, [&](const Shape& i) {
    const std::int64_t y = i[4] * p.stride[0] + i[2] * p.dilation[0] - p.padding[0];
    const std::int64_t x = i[5] * p.stride[1] + i[3] * p.dilation[1] - p.padding[1];
    if (y < 0 || x < 0 || y >= image[2] || x >= image[3]) return;
    f({i[0], i[1], y, x}, (i[1] * p.kernel[0] + i[2]) * p.kernel[1] + i[3], i[4] * columns + i[5]);
  });
}

Sample columns_of(const std::string& label, const Patches& p, const std::vector<Shape>& shapes) {
  return single(
      label, [=](const Tensor& x) { return im2col(x, p.kernel, p.dilation, p.padding, p.stride); },
      [=](Plain x) {
        const bool batched = x.sizes.size() == 4;
        if (!batched) x.sizes.insert(0, 1);
        Plain y(
            Shape{x.sizes[0], x.sizes[1] * p.kernel[0] * p.kernel[1], p.steps(0, x.sizes[2]) * p.steps(1, x.sizes[3])});
        for_each_place(p, x.sizes, [&](const Shape& at, std::int64_t row, std::int64_t column) {
          y.at({at[0], row, column}) = x.at(at);
        });
        return batched ? y : without(y, 0);
      },
      shapes);
}

Sample images_of(const std::string& label, const Patches& p, const Shape& image, const std::vector<Shape>& shapes) {
  return single(
      label, [=](const Tensor& x) { return col2im(x, image, p.kernel, p.dilation, p.padding, p.stride); },
      [=](Plain x) {
        const bool batched = x.sizes.size() == 3;
        if (!batched) x.sizes.insert(0, 1);
        Plain y(Shape{x.sizes[0], x.sizes[1] / (p.kernel[0] * p.kernel[1]), image[0], image[1]});
        for_each_place(p, y.sizes, [&](const Shape& at, std::int64_t row, std::int64_t column) {
          y.at(at) += x.at({at[0], row, column});
        });
        return batched ? y : without(y, 0);
      },
      shapes);
}

}  // namespace

void add_images(const Add& add) {
  const auto enlarged = [](std::int64_t r) {
    return [r](const Plain& x) {
      const std::size_t k = x.sizes.size() - 3;
      Shape s = x.sizes;
      s[k] /= r * r;
      s[k + 1] *= r;
      s[k + 2] *= r;
      return picked(x, s, [=](Shape i) {
        i[k] = (i[k] * r + i[k + 1] % r) * r + i[k + 2] % r;
        i[k + 1] /= r;
        i[k + 2] /= r;
        return i;
      });
    };
  };
  const auto reduced = [](std::int64_t r) {
    return [r](const Plain& x) {
      const std::size_t k = x.sizes.size() - 3;
      Shape s = x.sizes;
      s[k] *= r * r;
      s[k + 1] /= r;
      s[k + 2] /= r;
      return picked(x, s, [=](Shape i) {
        const std::int64_t within = i[k] % (r * r);
        i[k] /= r * r;
        i[k + 1] = i[k + 1] * r + within / r;
        i[k + 2] = i[k + 2] * r + within % r;
        return i;
      });
    };
  };
  add(row("pixel_shuffle", single("2", [](const Tensor& x) { return pixel_shuffle(x, 2); }, enlarged(2),
                                  {{4, 2, 3}, {2, 8, 1, 3}, {0, 4, 2, 2}, {2, 1, 4, 2, 2}}))
          .also(single("3", [](const Tensor& x) { return pixel_shuffle(x, 3); }, enlarged(3), {{1, 9, 4, 5}}))
          .error([] { pixel_shuffle(zero(1, 3, 2, 2), 2); }, {"[pixel_shuffle]", "r = 2", "float32[1, 3, 2, 2]"})
          .error([] { pixel_shuffle(zero(4, 2, 2), 0); }, {"[pixel_shuffle]", "positive", "0"}));
  add(row("pixel_unshuffle", single("2", [](const Tensor& x) { return pixel_unshuffle(x, 2); }, reduced(2),
                                    {{1, 4, 6}, {2, 2, 2, 6}, {0, 1, 4, 4}, {2, 1, 1, 4, 4}}))
          .also(single("3", [](const Tensor& x) { return pixel_unshuffle(x, 3); }, reduced(3), {{1, 1, 9, 6}}))
          .error([] { pixel_unshuffle(zero(1, 3, 2), 2); }, {"[pixel_unshuffle]", "r = 2", "float32[1, 3, 2]"}));
  const auto shuffled = [](std::int64_t g) {
    return [g](const Plain& x) {
      return picked(x, x.sizes, [&](Shape i) {
        i[1] = i[1] % g * (x.sizes[1] / g) + i[1] / g;
        return i;
      });
    };
  };
  add(row("channel_shuffle", single("2", [](const Tensor& x) { return channel_shuffle(x, 2); }, shuffled(2),
                                    {{1, 6, 2}, {2, 4, 2, 3}, {0, 4, 1}}))
          .also(single("3", [](const Tensor& x) { return channel_shuffle(x, 3); }, shuffled(3), {{2, 6, 2, 3}}))
          .error([] { channel_shuffle(zero(1, 5, 2), 2); }, {"[channel_shuffle]", "2", "float32[1, 5, 2]"}));
  const Patches plain{{2, 3}, {1, 1}, {0, 0}, {1, 1}}, full{{2, 2}, {2, 1}, {1, 2}, {2, 3}};
  add(row("im2col", columns_of("", plain, {{2, 3, 4, 5}, {2, 4, 5}, {0, 1, 2, 3}}))
          .only({kFloat64, kFloat32})
          .also(columns_of("dilated, padded, in steps", full, {{2, 2, 5, 4}, {1, 6, 7}}))
          .also(columns_of("1 by 1", {{1, 1}, {1, 1}, {0, 0}, {1, 1}}, {{1, 2, 3, 4}}))
          .error([] { im2col(zero(1, 2, 3), ints(4, 1), ints(1, 1), ints(0, 0), ints(1, 1)); },
                 {"[im2col]", "[4, 1]", "[2, 3]", "fit"})
          .error([] { im2col(zero(2, 3), ints(1, 1), ints(1, 1), ints(0, 0), ints(1, 1)); },
                 {"[im2col]", "float32[2, 3]"})
          .error([] { im2col(zero(1, 2, 3), 2, ints(1, 1), ints(0, 0), ints(1, 1)); }, {"[im2col]", "two", "[2]"})
          .error([] { im2col(zero(1, 2, 3), ints(1, 1), ints(1, 1), ints(0, 0), ints(0, 1)); },
                 {"[im2col]", "positive", "[0, 1]"}));
  add(row("col2im", images_of("", plain, {4, 5}, {{2, 18, 9}, {6, 9}, {0, 6, 9}}))
          .sums()
          .within(8)
          .also(images_of("dilated, padded, in steps", full, {5, 4}, {{2, 8, 9}, {4, 9}}))

          .error([] { col2im(zero(1, 6, 8), ints(4, 5), ints(2, 3), ints(1, 1), ints(0, 0), ints(1, 1)); },
                 {"[col2im]", "9 patches", "6", "float32[1, 6, 8]"}));
}

}  // namespace gradtape::table
