// Rows of the convolutions.
#include "table.h"

namespace gradtape::table {
namespace {

// What a call is given; one number a dimension.
struct Window {
  Shape stride, padding, dilation, behind;  // behind: output_padding
  std::int64_t groups = 1;
};
Window plain_window(std::size_t dims) { return {Shape(dims, 1), Shape(dims, 0), Shape(dims, 1), Shape(dims, 0)}; }

bool inside(const Shape& at, const Shape& sizes) {
  for (std::size_t d = 2; d < sizes.size(); ++d)
    if (at[d] < 0 || at[d] >= sizes[d]) return false;
  return true;
}
std::int64_t reach(const Window& g, const Shape& kernel, std::size_t d) {
  return g.dilation[d] * (kernel[d + 2] - 1) + 1;
}

// The sum over all terms of the kernel's elements: `meet(n, group, place in y, place in x, place in w)`, with channels
// within the group.
Plain convolved(Plain x, const Plain& w, const Plain* bias, const Window& g, bool transposed) {
  const bool batched = x.sizes.size() == w.sizes.size();
  if (!batched) x.sizes.insert(0, 1);
  Shape sizes{x.sizes[0], transposed ? w.sizes[1] * g.groups : w.sizes[0]};
  for (std::size_t d = 0; d < g.stride.size(); ++d) {
    const std::int64_t n = x.sizes[d + 2], r = reach(g, w.sizes, d);
    sizes.push_back(transposed ? (n - 1) * g.stride[d] - 2 * g.padding[d] + r + g.behind[d]
                               : (n + 2 * g.padding[d] - r) / g.stride[d] + 1);
  }
  Plain y(sizes);
  const std::int64_t w_group = w.sizes[0] / g.groups;
  for_each_index(y.sizes, [&](const Shape& i) {
    if (bias) y.at(i) = (*bias)[i[1]];
  });
  // The side with the places that the window stands at, and the other.
  const Plain& steps = transposed ? x : y;
  const Shape& wide = transposed ? y.sizes : x.sizes;
  for_each_index(steps.sizes, [&](const Shape& i) {
    for_each_index(w.sizes, [&](const Shape& k) {
      // steps' channel belongs to dim 0 of the kernel
      if (k[0] != i[1]) return;
      Shape at{i[0], i[1] / w_group * w.sizes[1] + k[1]};
      for (std::size_t d = 0; d < g.stride.size(); ++d)
        at.push_back(i[d + 2] * g.stride[d] - g.padding[d] + k[d + 2] * g.dilation[d]);
      if (!inside(at, wide)) return;
      if (transposed) {
        y.at(at) += x.at(i) * w.at(k);
      } else {
        y.at(i) += x.at(at) * w.at(k);
      }
    });
  });
  if (!batched) y.sizes.erase(0);
  return y;
}

Reference reference_of(const Window& g, bool transposed) {
  return [=](const Plains& x) { return Plains{convolved(x[0], x[1], x.size() > 2 ? &x[2] : nullptr, g, transposed)}; };
}
using Shapes = std::vector<std::vector<Shape>>;
using Function = std::function<Tensor(const Tensor&, const Tensor&, const optional<Tensor>&, const Window&)>;

Sample sample(const std::string& label, const Function& f, const Window& g, bool transposed, const Shapes& shapes) {
  return {label, [=](const Tensors& x) { return Tensors{f(x[0], x[1], x.size() > 2 ? x[2] : Tensor(), g)}; },
          reference_of(g, transposed), shapes, std::vector<Input>(shapes[0].size())};
}

Window with(std::size_t dims, Shape stride, Shape padding, Shape dilation, std::int64_t groups = 1, Shape behind = {}) {
  return {std::move(stride), std::move(padding), std::move(dilation), behind.empty() ? Shape(dims, 0) : behind, groups};
}

void add_forward(std::vector<Row>& rows) {
  const Function one = [](const auto& x, const auto& w, const auto& b, const Window& g) {
    return conv1d(x, w, b, g.stride, g.padding, g.dilation, g.groups);
  };
  const Function two = [](const auto& x, const auto& w, const auto& b, const Window& g) {
    return conv2d(x, w, b, g.stride, g.padding, g.dilation, g.groups);
  };
  const Function three = [](const auto& x, const auto& w, const auto& b, const Window& g) {
    return conv3d(x, w, b, g.stride, g.padding, g.dilation, g.groups);
  };
  const Function same1 = [](const auto& x, const auto& w, const auto& b, const Window& g) {
    return conv1d(x, w, b, g.stride, "same", g.dilation, g.groups);
  };
  const Function same2 = [](const auto& x, const auto& w, const auto& b, const Window& g) {
    return conv2d(x, w, b, g.stride, "same", g.dilation, g.groups);
  };
  const Function valid3 = [](const auto& x, const auto& w, const auto& b, const Window& g) {
    return conv3d(x, w, b, g.stride, "valid", g.dilation, g.groups);
  };
  rows.push_back(
      row("conv1d", sample("bias", one, plain_window(1), false,
                           {{{2, 3, 7}, {4, 3, 3}, Shape{4}},
                            {{3, 5}, {2, 3, 1}, Shape{2}},
                            {{1, 1, 1}, {1, 1, 1}, Shape{1}},
                            {{0, 2, 5}, {3, 2, 2}, Shape{3}}}))
          .also(sample("stride 3, padding 2, dilation 2, 2 groups", one, with(1, {3}, {2}, {2}, 2), false,
                       {{{2, 4, 9}, {6, 2, 3}}, {{2, 40}, {2, 1, 5}}}))
          .also(sample("same", same1, with(1, {1}, {3}, {2}), false, {{{2, 3, 9}, {2, 3, 4}}}))
          .sums()
          .within(16)
          .saved_by("convolution")
          .optional_inputs_from(2)
          .error([] { conv1d(zero(2, 3, 4), zero(2, 4, 3)); },
                 {"[conv1d]", "float32[2, 3, 4]", "float32[2, 4, 3]", "input.size(1) == 4"})
          .error([] { conv1d(zero(2, 3, 4), zero(2, 3, 5)); }, {"[conv1d]", "larger", "dim 2"})
          .error([] { conv1d(zero(4), zero(2, 3, 5)); }, {"[conv1d]", "rank 3", "float32[4]"})
          .error([] { conv1d(zero(1, 2, 4), zero(2, 2, 3), {}, 2, "same"); }, {"[conv1d]", "stride 1"})
          .error([] { conv1d(zero(1, 2, 4), zero(2, 2, 3), {}, 1, "full"); }, {"[conv1d]", "\"full\"", "\"same\""}));
  // "same" pads one more behind with an even kernel: as if with padding in front and the odd place behind.
  rows.back().samples.back().reference = [](const Plains& x) {
    Plain wide = x[0];
    wide.sizes[2] += 1;
    Plain longer(wide.sizes);
    for_each_index(x[0].sizes, [&](const Shape& i) { longer.at(i) = x[0].at(i); });
    Plain y = convolved(longer, x[1], nullptr, with(1, {1}, {3}, {2}), false);
    Plain cut(Shape{y.sizes[0], y.sizes[1], x[0].sizes[2]});
    for_each_index(cut.sizes, [&](const Shape& i) { cut.at(i) = y.at(i); });
    return Plains{cut};
  };
  rows.push_back(
      row("conv2d", sample("bias", two, plain_window(2), false,
                           {{{2, 3, 6, 5}, {4, 3, 3, 2}, Shape{4}},
                            {{3, 4, 5}, {2, 3, 3, 3}, Shape{2}},
                            {{1, 1, 1, 1}, {1, 1, 1, 1}, Shape{1}},
                            {{0, 2, 5, 5}, {3, 2, 2, 2}, Shape{3}},
                            {{3, 2, 9, 17}, {7, 2, 1, 1}, Shape{7}}}))
          .also(sample("padding 1", two, with(2, {1, 1}, {1, 1}, {1, 1}), false,
                       {{{2, 2, 4, 5}, {3, 2, 3, 3}}, {{1, 4, 12, 14}, {8, 4, 3, 3}}, {{5, 1, 2, 2}, {1, 1, 3, 3}}}))
          .also(sample("stride 2", two, with(2, {2, 2}, {1, 0}, {1, 1}), false,
                       {{{2, 2, 7, 6}, {3, 2, 3, 3}}, {{1, 1, 5, 5}, {2, 1, 2, 1}}}))
          .also(sample("stride 2 and 3, dilation 3 and 2, 3 groups", two, with(2, {2, 3}, {3, 2}, {3, 2}, 3), false,
                       {{{2, 3, 8, 9}, {6, 1, 3, 4}, Shape{6}}, {{1, 6, 7, 5}, {3, 2, 2, 2}, Shape{3}}}))
          .also(sample("each channel alone", two, with(2, {1, 1}, {1, 1}, {1, 1}, 4), false,
                       {{{2, 4, 5, 6}, {4, 1, 3, 3}}}))
          .also(sample("same", same2, with(2, {1, 1}, {1, 2}, {1, 2}), false, {{{2, 3, 4, 6}, {2, 3, 3, 3}}}))
          .sums()
          .within(16)
          .saved_by("convolution")
          .optional_inputs_from(2)
          .error([] { conv2d(zero(2, 3, 4, 4), zero(2, 3, 3, 3), zero(3)); }, {"[conv2d]", "bias", "[2]", "float32[3]"})
          .error([] { conv2d(zero(2, 3, 4, 4), zero(2, 3, 3, 3), {}, ints(1, 2, 3)); },
                 {"[conv2d]", "stride", "[1, 2, 3]"})
          .error([] { conv2d(zero(2, 3, 4, 4), zero(2, 3, 3, 3), {}, ints(1, 0)); },
                 {"[conv2d]", "stride", "at least 1"})
          .error([] { conv2d(zero(2, 3, 4, 4), zero(2, 3, 3, 3), {}, ints(1), ints(-1)); },
                 {"[conv2d]", "padding", "at least 0"})
          .error([] { conv2d(zero(2, 4, 4, 4), zero(3, 2, 3, 3), {}, ints(1), ints(0), ints(1), 2); },
                 {"[conv2d]", "multiple of groups 2", "float32[3, 2, 3, 3]"})
          .error(
              [] {
                conv2d(zero(2, 3, 4, 4), zeros({2, 3, 3, 3}, kFloat64));
              },
              {"[conv2d]", "one dtype", "float64"}));
  rows.push_back(
      row("conv3d", sample("bias", three, with(3, {1, 2, 1}, {1, 0, 1}, {1, 1, 2}), false,
                           {{{2, 2, 3, 4, 5}, {3, 2, 2, 3, 2}, Shape{3}}, {{1, 2, 3, 3}, {2, 1, 2, 1, 1}, Shape{2}}}))
          .also(sample("valid, 2 groups", valid3, with(3, {1, 1, 1}, {0, 0, 0}, {1, 1, 1}, 2), false,
                       {{{1, 2, 3, 4, 3}, {4, 1, 2, 2, 2}}}))
          .sums()
          .within(16)
          .saved_by("convolution")
          .optional_inputs_from(2)
          .error([] { conv3d(zero(1, 2, 3, 4), zero(1, 2, 3, 3)); }, {"[conv3d]", "weight", "rank 5"}));
}

void add_transposed(std::vector<Row>& rows) {
  const Function one = [](const auto& x, const auto& w, const auto& b, const Window& g) {
    return conv_transpose1d(x, w, b, g.stride, g.padding, g.behind, g.groups, g.dilation);
  };
  const Function two = [](const auto& x, const auto& w, const auto& b, const Window& g) {
    return conv_transpose2d(x, w, b, g.stride, g.padding, g.behind, g.groups, g.dilation);
  };
  const Function three = [](const auto& x, const auto& w, const auto& b, const Window& g) {
    return conv_transpose3d(x, w, b, g.stride, g.padding, g.behind, g.groups, g.dilation);
  };
  const Function any = [](const auto& x, const auto& w, const auto& b, const Window& g) {
    return convolution(x, w, b, g.stride, g.padding, g.dilation, false, g.behind, g.groups);
  };
  const Function any_transposed = [](const auto& x, const auto& w, const auto& b, const Window& g) {
    return convolution(x, w, b, g.stride, g.padding, g.dilation, true, g.behind, g.groups);
  };
  const auto add = [&](Row r) {
    rows.push_back(std::move(r).sums().within(16).saved_by("convolution").optional_inputs_from(2));
  };
  add(row("conv_transpose1d",
          sample("bias", one, plain_window(1), true,
                 {{{2, 3, 5}, {3, 4, 3}, Shape{4}}, {{2, 4}, {2, 3, 1}, Shape{3}}, {{0, 2, 3}, {2, 1, 2}, Shape{1}}}))
          .also(sample("stride 3, padding 1, 2 more behind, 2 groups", one, with(1, {3}, {1}, {2}, 2, {2}), true,
                       {{{2, 4, 5}, {4, 2, 3}}, {{4, 7}, {4, 1, 2}}}))
          .error([] { conv_transpose1d(zero(2, 3, 4), zero(2, 4, 3)); },
                 {"[conv_transpose1d]", "float32[2, 3, 4]", "input.size(1) == 2"})
          .error([] { conv_transpose1d(zero(2, 3, 4), zero(3, 4, 3), {}, 2, 0, 2); },
                 {"[conv_transpose1d]", "output_padding [2]", "stride [2]"})
          .error([] { conv_transpose1d(zero(2, 3, 1), zero(3, 4, 3), {}, 1, 2); },
                 {"[conv_transpose1d]", "nothing is left"}));
  add(row("conv_transpose2d", sample("bias", two, plain_window(2), true,
                                     {{{2, 3, 4, 5}, {3, 2, 3, 2}, Shape{2}}, {{2, 3, 2}, {2, 3, 1, 1}, Shape{3}}}))
          .also(sample("stride 2", two, with(2, {2, 2}, {1, 1}, {1, 1}), true,
                       {{{2, 3, 3, 4}, {3, 2, 4, 4}}, {{1, 4, 5, 6}, {4, 7, 3, 3}}}))
          .also(sample("stride 2 and 3, dilation 2 and 1, 2 groups", two, with(2, {2, 3}, {0, 1}, {2, 1}, 2, {1, 2}),
                       true, {{{2, 4, 3, 4}, {4, 3, 3, 2}, Shape{6}}, {{1, 2, 2, 2}, {2, 1, 1, 1}, Shape{2}}}))
          .error([] { conv_transpose2d(zero(1, 4, 3, 3), zero(4, 2, 3, 3), zero(2), 1, 0, 0, 2); },
                 {"[conv_transpose2d]", "bias", "[4]"}));
  add(row("conv_transpose3d",
          sample("bias", three, with(3, {1, 2, 1}, {1, 0, 1}, {1, 1, 2}), true,
                 {{{2, 2, 3, 2, 4}, {2, 3, 2, 3, 2}, Shape{3}}, {{1, 2, 3, 2}, {1, 2, 2, 1, 2}, Shape{2}}})));
  add(row("convolution",
          sample("2-d", any, with(2, {1, 2}, {1, 1}, {1, 1}), false, {{{2, 3, 4, 5}, {2, 3, 3, 3}, Shape{2}}}))
          .also(sample("1-d transposed", any_transposed, with(1, {2}, {1}, {1}, 1, {1}), true,
                       {{{2, 3, 4}, {3, 2, 3}, Shape{2}}}))
          .error([] { convolution(zero(2, 3, 4), zero(2, 3, 4, 4), {}, 1, 0, 1, false, 0, 1); },
                 {"[convolution]", "float32[2, 3, 4]", "same rank"}));
}

}  // namespace

void add_convolutions(std::vector<Row>& rows) {
  add_forward(rows);
  add_transposed(rows);
}

}  // namespace gradtape::table
