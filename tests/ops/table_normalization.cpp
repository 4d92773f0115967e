// Rows of the normalisations.
#include <cmath>

#include "table.h"

namespace gradtape::table {
namespace {

using Number = std::function<std::int64_t(const Shape&)>;

// (x - m) / sqrt(v + eps) w[..] + b[..] over the groups that `group` numbers; `affine` numbers weight and bias, which
// may be missing. With `moments`, m and v of a group are given.
Plain normalized(const Plains& x, Real eps, const Number& group, const Number& affine, const Plain* mean = nullptr,
                 const Plain* variance = nullptr) {
  std::vector<Real> sums, counts, squares;
  const auto at = [](std::vector<Real>& v, std::int64_t k) -> Real& {
    if (v.size() <= static_cast<std::size_t>(k)) v.resize(static_cast<std::size_t>(k) + 1, 0);
    return v[static_cast<std::size_t>(k)];
  };
  for_each_index(x[0].sizes, [&](const Shape& i) {
    at(sums, group(i)) += x[0].at(i);
    at(counts, group(i)) += 1;
  });
  const auto mean_of = [&](const Shape& i) {
    return mean ? (*mean)[group(i)] : at(sums, group(i)) / at(counts, group(i));
  };
  for_each_index(x[0].sizes, [&](const Shape& i) {
    const Real d = x[0].at(i) - mean_of(i);
    at(squares, group(i)) += d * d;
  });
  Plain y(x[0].sizes);
  for_each_index(y.sizes, [&](const Shape& i) {
    const Real v = variance ? (*variance)[group(i)] : at(squares, group(i)) / at(counts, group(i));
    y.at(i) = (x[0].at(i) - mean_of(i)) / std::sqrt(v + eps);
    if (x.size() > 1) y.at(i) *= x[1][affine(i)];
    if (x.size() > 2) y.at(i) += x[2][affine(i)];
  });
  return y;
}
Number channel() {
  return [](const Shape& i) { return i[1]; };
}
optional<Tensor> given(const Tensors& x, std::size_t i) { return x.size() > i ? optional<Tensor>(x[i]) : nullopt; }

using Shapes = std::vector<std::vector<Shape>>;
Sample sample(const std::string& label, std::function<Tensor(const Tensors&)> call,
              std::function<Plain(const Plains&)> f, const Shapes& shapes) {
  Sample s{label, [call = std::move(call)](const Tensors& x) { return Tensors{call(x)}; },
           [f](const Plains& x) { return Plains{f(x)}; }, shapes, std::vector<Input>(shapes[0].size())};
  // Normalised elements are at most a few; a small spread about a large mean is not drawn.
  s.magnitude = [f](const Plains& x) {
    Plain y = f(x);
    Real largest = 0;
    for (Real v : y.v) largest = std::max(largest, std::fabs(v));
    for (Real& v : y.v) v = largest;
    return Plains{y};
  };
  return s;
}

const double kEps = 1e-3;
// Without repetition, which may make all elements of a group equal: then results are rounding errors magnified.
const std::vector<Layout> kSpread = {Layout::Contiguous, Layout::Transposed, Layout::StepTwo, Layout::Offset};

void add_layer_norm(std::vector<Row>& rows) {
  const auto call = [](std::size_t dims) {
    return [dims](const Tensors& x) {
      const IntArrayRef sizes = x[0].defined() ? x[0].sizes() : IntArrayRef();
      return layer_norm(x[0], sizes.slice(sizes.size() - (sizes.empty() ? 0 : dims), sizes.empty() ? 0 : dims),
                        given(x, 1), given(x, 2), kEps);
    };
  };
  const auto reference = [](std::size_t dims) {
    return [dims](const Plains& x) {
      const Shape& sizes = x[0].sizes;
      const auto part = [sizes](std::size_t from, std::size_t to) -> Number {
        return [=](const Shape& i) {
          std::int64_t k = 0;
          for (std::size_t d = from; d < to; ++d) k = k * sizes[d] + i[d];
          return k;
        };
      };
      return normalized(x, static_cast<Real>(kEps), part(0, sizes.size() - dims),
                        part(sizes.size() - dims, sizes.size()));
    };
  };
  rows.push_back(row("layer_norm", sample("1 dim", call(1), reference(1),
                                          {{{3, 5}, Shape{5}, Shape{5}},
                                           {{2, 3, 4}, Shape{4}, Shape{4}},
                                           {{0, 3}, Shape{3}, Shape{3}},
                                           {Shape{7}, Shape{7}, Shape{7}},
                                           {{70, 19}, Shape{19}, Shape{19}}}))
                     .also(sample("2 dims", call(2), reference(2), {{{2, 3, 4}, {3, 4}, {3, 4}}}))
                     .also(sample("no bias", call(1), reference(1), {{{4, 6}, Shape{6}}}))
                     .also(sample("neither", call(1), reference(1), {{{3, 5}}, {{2, 0}}, {{3, 1}}, {{2, 300}}}))
                     .within(32)
                     .cancels()
                     .laid_out(kSpread)
                     .optional_inputs_from(1)
                     .error([] { layer_norm(zero(2, 3), ints(2)); }, {"[layer_norm]", "float32[2, 3]", "[2]"})
                     .error([] { layer_norm(zero(2, 3), ints(3), zero(2)); }, {"[layer_norm]", "float32[2]", "[3]"})
                     .error([] { layer_norm(zero(2, 3), ints(3), zeros({3}, kFloat64)); },
                            {"[layer_norm]", "one dtype", "float64[3]"})
                     .error(
                         [] {
                           layer_norm(zeros({2, 3}, kInt64), ints(3));
                         },
                         {"[layer_norm]", "int64[2, 3]"}));
}

void add_batch_norm(std::vector<Row>& rows) {
  const auto training = [](const Tensors& x) {
    return batch_norm(x[0], given(x, 1), given(x, 2), {}, {}, true, 0.1, kEps, true);
  };
  const auto of_channel = [](const Plains& x) { return normalized(x, static_cast<Real>(kEps), channel(), channel()); };
  const std::int64_t channels = 3;
  Plain mean(Shape{channels}), variance(Shape{channels});
  for (std::int64_t c = 0; c < channels; ++c) {
    mean[c] = static_cast<Real>(c) / 4 - 0.5L;
    variance[c] = static_cast<Real>(c + 1) / 2;
  }
  const auto with_statistics = [](const Tensors& x) {
    const auto type = x[0].defined() ? x[0].options() : TensorOptions();
    const Tensor c = arange(3, type);
    return batch_norm(x[0], given(x, 1), given(x, 2), c / 4 - 0.5, (c + 1) / 2, false, 0.1, kEps, true);
  };
  const auto of_statistics = [=](const Plains& x) {
    return normalized(x, static_cast<Real>(kEps), channel(), channel(), &mean, &variance);
  };
  rows.push_back(
      row("batch_norm", sample("training", training, of_channel,
                               {{{2, 3, 4}, Shape{3}, Shape{3}},
                                {{5, 3}, Shape{3}, Shape{3}},
                                {{2, 2, 3, 5}, Shape{2}, Shape{2}},
                                {{0, 3, 2}, Shape{3}, Shape{3}},
                                {{1, 2, 2, 2, 3}, Shape{2}, Shape{2}},
                                {{70, 4}, Shape{4}, Shape{4}},
                                {{2, 2, 300}, Shape{2}, Shape{2}}}))
          .also(sample("no bias", training, of_channel, {{{2, 3, 4}, Shape{3}}}))
          .also(sample("neither", training, of_channel, {{{2, 3, 4}}, {{6, 2}}}))
          .also(sample("statistics given", with_statistics, of_statistics,
                       {{{2, 3, 4}, Shape{3}, Shape{3}}, {{5, 3}, Shape{3}, Shape{3}}, {{0, 3}, Shape{3}, Shape{3}}}))
          .also(sample("statistics given, neither", with_statistics, of_statistics, {{{2, 3, 2, 2}}}))
          .within(32)
          .cancels()
          .laid_out(kSpread)
          .optional_inputs_from(1)
          .error([] { batch_norm(zero(2, 3), zero(2), {}, {}, {}, true, 0.1, 1e-5, true); },
                 {"[batch_norm]", "weight", "[3]", "float32[2]"})
          .error([] { batch_norm(zero(2, 3), {}, {}, zero(4), {}, true, 0.1, 1e-5, true); },
                 {"[batch_norm]", "running_mean", "[3]", "float32[4]"})
          .error([] { batch_norm(zero(2, 3), {}, {}, {}, {}, false, 0.1, 1e-5, true); },
                 {"[batch_norm]", "without training", "running_var"})
          .error([] { batch_norm(zero(3), {}, {}, {}, {}, true, 0.1, 1e-5, true); }, {"[batch_norm]", "float32[3]"}));
}

void add_groups(std::vector<Row>& rows) {
  const auto call = [](std::int64_t groups) {
    return [groups](const Tensors& x) { return group_norm(x[0], groups, given(x, 1), given(x, 2), kEps); };
  };
  const auto reference = [](std::int64_t groups) {
    return [groups](const Plains& x) {
      const std::int64_t each = x[0].sizes[1] / groups;
      return normalized(
          x, static_cast<Real>(kEps), [=](const Shape& i) { return i[0] * groups + i[1] / each; }, channel());
    };
  };
  rows.push_back(row("group_norm", sample("2 groups", call(2), reference(2),
                                          {{{2, 4, 3}, Shape{4}, Shape{4}},
                                           {{3, 6}, Shape{6}, Shape{6}},
                                           {{2, 2, 2, 3}, Shape{2}, Shape{2}},
                                           {{0, 4, 2}, Shape{4}, Shape{4}}}))
                     .also(sample("1 group, neither", call(1), reference(1), {{{2, 3, 4}}}))
                     .within(32)
                     .cancels()
                     .laid_out(kSpread)
                     .optional_inputs_from(1)
                     .error([] { group_norm(zero(2, 3), 2); }, {"[group_norm]", "num_groups 2", "float32[2, 3]"})
                     .error([] { group_norm(zero(2, 4), 2, zero(2)); }, {"[group_norm]", "weight", "[4]"}));

  const auto instance = [](const Tensors& x) {
    return instance_norm(x[0], given(x, 1), given(x, 2), {}, {}, true, 0.1, kEps, true);
  };
  const auto of_image = [](const Plains& x) {
    const std::int64_t channels = x[0].sizes[1];
    return normalized(
        x, static_cast<Real>(kEps), [=](const Shape& i) { return i[0] * channels + i[1]; }, channel());
  };
  rows.push_back(row("instance_norm", sample("", instance, of_image,
                                             {{{2, 3, 4}, Shape{3}, Shape{3}},
                                              {{1, 2, 3, 2}, Shape{2}, Shape{2}},
                                              {{0, 2, 3}, Shape{2}, Shape{2}}}))
                     .also(sample("neither", instance, of_image, {{{2, 3, 5}}}))
                     .within(32)
                     .cancels()
                     .laid_out(kSpread)
                     .saved_by("")
                     .optional_inputs_from(1)
                     .error([] { instance_norm(zero(2, 3, 2), zero(2), {}, {}, {}, true, 0.1, 1e-5, true); },
                            {"[instance_norm]", "weight", "[3]"})
                     .error([] { instance_norm(zero(2, 3, 2), {}, {}, {}, {}, false, 0.1, 1e-5, true); },
                            {"[instance_norm]", "use_input_stats"}));
}

}  // namespace

void add_normalization(std::vector<Row>& rows) {
  add_layer_norm(rows);
  add_batch_norm(rows);
  add_groups(rows);
}

}  // namespace gradtape::table
