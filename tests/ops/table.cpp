#include "table.h"

#include <cmath>

namespace gradtape::table {

const std::vector<ScalarType> kAllTypes = {kFloat32, kFloat64, kInt64, kInt32, kUInt8, kBool};
const std::vector<ScalarType> kNumbers = {kFloat32, kFloat64, kInt64, kInt32, kUInt8};
const std::vector<ScalarType> kFloatingTypes = {kFloat32, kFloat64};

const std::vector<Layout> kAllLayouts = {Layout::Contiguous, Layout::Transposed, Layout::StepTwo, Layout::Offset,
                                         Layout::Expanded};

const std::vector<std::vector<Shape>> kOne = {{Shape()},   {Shape{0}},  {Shape{1}},     {Shape{7}},   {{3, 5}},
                                              {{2, 0, 3}}, {{2, 3, 4}}, {{1, 5, 1, 2}}, {Shape{301}}, {{17, 19}}};
const std::vector<std::vector<Shape>> kTwo = {
    {Shape(), Shape()},    {{3, 5}, Shape()},   {Shape(), {3, 5}},   {Shape{7}, Shape{7}}, {{3, 5}, Shape{5}},
    {Shape{5}, {3, 5}},    {{3, 1}, {1, 5}},    {{2, 3, 4}, {3, 1}}, {{4, 1}, {2, 1, 3}},  {Shape{0}, Shape{0}},
    {{2, 0, 3}, Shape{3}}, {Shape{1}, {2, 0}},  {Shape{0}, Shape()}, {Shape{1}, Shape{1}}, {Shape{301}, Shape{301}},
    {{2, 150}, {2, 1}},    {{17, 19}, {17, 19}}};
const std::vector<std::vector<Shape>> kThree = {
    {Shape(), Shape(), Shape()}, {Shape{7}, Shape{7}, Shape{7}}, {{3, 5}, {3, 5}, {3, 5}},
    {Shape{5}, {3, 5}, {3, 1}},  {{3, 1}, Shape(), {2, 1, 4}},   {{2, 1}, Shape{3}, Shape()},
    {Shape(), {2, 3}, {2, 3}},   {Shape{0}, Shape{1}, Shape{0}}, {Shape{301}, Shape{301}, Shape{1}}};

#define GRADTAPE_SET(signature, statement) \
  Row&& Row::signature&& {                 \
    statement;                             \
    return std::move(*this);               \
  }
GRADTAPE_SET(named(std::string v), variant = std::move(v))
GRADTAPE_SET(only(std::vector<ScalarType> types), dtypes = std::move(types))
GRADTAPE_SET(laid_out(std::vector<Layout> l), layouts = std::move(l))
GRADTAPE_SET(result(std::vector<Result> r), results = std::move(r))
GRADTAPE_SET(draws(std::vector<Input> in), for (Sample& s : samples) s.inputs = in)
GRADTAPE_SET(saves_nothing(), saving = false)
GRADTAPE_SET(sums(), adds_up = true)
GRADTAPE_SET(cancels(), may_cancel = true)
GRADTAPE_SET(constant(), differentiable = false)
GRADTAPE_SET(steps(), flat = true; saving = false)
GRADTAPE_SET(within(double ulps), tolerance = ulps)
GRADTAPE_SET(with_special_values(), special = true)
GRADTAPE_SET(saved_by(std::string name), saver = std::move(name))
GRADTAPE_SET(checked_by(std::string name), checker = std::move(name))
GRADTAPE_SET(optional_inputs_from(std::size_t i), optional_from = i)
GRADTAPE_SET(gives_several_views(), several_views = true)
GRADTAPE_SET(in_place(std::function<void(Tensor&, const Tensors&)> f), inplace = std::move(f))
GRADTAPE_SET(
    in_place(Tensor& (Tensor::*f)() const), inplace = [f](Tensor& self, const Tensors&) { (self.*f)(); })
GRADTAPE_SET(
    in_place(Tensor& (Tensor::*f)(const Tensor&) const),
    inplace = [f](Tensor& self, const Tensors& others) { (self.*f)(others[0]); })
GRADTAPE_SET(
    to_out(Tensor& (*f)(Tensor&, const Tensor&, const Tensor&)),
    out = [f](Tensor& y, const Tensors& x) { f(y, x[0], x[1]); })
GRADTAPE_SET(
    to_out(Tensor& (*f)(Tensor&, const Tensor&)), out = [f](Tensor& y, const Tensors& x) { f(y, x[0]); })
GRADTAPE_SET(to_out(std::function<void(Tensor&, const Tensors&)> f), out = std::move(f))
GRADTAPE_SET(error(std::function<void()> call, std::vector<std::string> parts),
             errors.push_back({std::move(call), std::move(parts)}))
GRADTAPE_SET(convention(std::vector<std::vector<double>> in, std::vector<std::vector<double>> gradients),
             conventions.push_back({std::move(in), std::move(gradients)}))
#undef GRADTAPE_SET

Row&& Row::also(Sample s) && {
  if (s.inputs.empty()) s.inputs = samples[0].inputs;
  if (s.shapes.empty()) s.shapes = samples[0].shapes;
  samples.push_back(std::move(s));
  return std::move(*this);
}

std::int64_t Plain::number(const Shape& index) const {
  std::int64_t n = 0;
  for (std::size_t d = 0; d < sizes.size(); ++d) n = n * sizes[d] + index[d];
  return n;
}

Shape index_of(std::int64_t number, const Shape& sizes) {
  Shape at(sizes.size(), 0);
  for (std::size_t d = sizes.size(); d-- > 0;) {
    at[d] = number % sizes[d];
    number /= sizes[d];
  }
  return at;
}

void for_each_index(const Shape& sizes, const std::function<void(const Shape&)>& f) {
  const std::int64_t n = numel_of(sizes);
  for (std::int64_t k = 0; k < n; ++k) f(index_of(k, sizes));
}

double normal(Generator& g) { return g.normal(); }
Draw uniform(double low, double high) {
  return [=](Generator& g) { return low + (high - low) * g.uniform(); };
}
Draw index_below(std::int64_t n) {
  return [=](Generator& g) { return static_cast<double>(g.below(static_cast<std::uint64_t>(n))); };
}
Draw away_from_zero(double low, double high) {
  return [=](Generator& g) {
    const double u = 2 * g.uniform() - 1;
    return u < 0 ? (high - low) * u - low : (high - low) * u + low;
  };
}
Input index_input(std::int64_t n) { return Input(index_below(n), kInt64); }
Input condition() { return Input(normal, kBool); }

Reference elementwise(std::function<Real(const std::vector<Real>&)> f) {
  return [f = std::move(f)](const Plains& in) {
    Shape sizes;
    for (const Plain& p : in) sizes = broadcast_shapes("reference", sizes, p.sizes);
    Plain y(sizes);
    std::vector<Real> x(in.size());
    std::int64_t k = 0;
    for_each_index(sizes, [&](const Shape& index) {
      for (std::size_t i = 0; i < in.size(); ++i) {
        Shape own = in[i].sizes;
        const std::size_t lead = index.size() - own.size();
        for (std::size_t d = 0; d < own.size(); ++d) own[d] = own[d] == 1 ? 0 : index[lead + d];
        x[i] = in[i].at(own);
      }
      y[k++] = f(x);
    });
    return Plains{y};
  };
}
Call call_one(std::function<Tensor(const Tensor&)> f) {
  return [f = std::move(f)](const Tensors& x) { return Tensors{f(x[0])}; };
}
Sample single(std::string label, std::function<Tensor(const Tensor&)> call, std::function<Plain(const Plain&)> f,
              const std::vector<Shape>& shapes) {
  Sample s{std::move(label), call_one(std::move(call)),
           [f = std::move(f)](const Plains& x) { return Plains{f(x[0])}; }};
  s.inputs.emplace_back();
  for (const Shape& shape : shapes) s.shapes.push_back({shape});
  return s;
}
Call call_two(std::function<Tensor(const Tensor&, const Tensor&)> f) {
  return [f = std::move(f)](const Tensors& x) { return Tensors{f(x[0], x[1])}; };
}

Row unary(std::string op, std::function<Tensor(const Tensor&)> call, std::function<Real(Real)> reference) {
  Row r = row(std::move(op), {"",
                              call_one(std::move(call)),
                              elementwise([f = std::move(reference)](const std::vector<Real>& x) { return f(x[0]); }),
                              kOne,
                              {Input()}});
  r.dtypes = kAllTypes;
  r.is_pointwise = true;
  return r;
}

Row binary(std::string op, std::function<Tensor(const Tensor&, const Tensor&)> call,
           std::function<Real(Real, Real)> reference) {
  Row r =
      row(std::move(op), {"",
                          call_two(std::move(call)),
                          elementwise([f = std::move(reference)](const std::vector<Real>& x) { return f(x[0], x[1]); }),
                          kTwo,
                          {Input(), Input()}});
  r.dtypes = kAllTypes;
  r.is_pointwise = true;
  return r;
}

Sample with_number(std::function<Tensor(const Tensor&)> call, std::function<Real(Real)> reference, ScalarType number) {
  return {number == kInt64 ? "number" : "floating number",
          call_one(std::move(call)),
          elementwise([f = std::move(reference)](const std::vector<Real>& x) { return f(x[0]); }),
          kOne,
          {Input(away_from_zero())},
          number};
}

Sample scaled(Sample s, Reference magnitude) {
  s.magnitude = std::move(magnitude);
  return s;
}

Row row(std::string op, Sample s) {
  Row r;
  r.op = std::move(op);
  r.saver = r.checker = r.op;
  r.dtypes = kFloatingTypes;
  r.samples.push_back(std::move(s));
  return r;
}

const std::vector<Row>& rows() {
  static const std::vector<Row> all = [] {
    std::vector<Row> r;
    add_pointwise(r);
    add_special(r);
    add_activations(r);
    add_binary(r);
    add_pairs(r);
    add_bits(r);
    add_reduce(r);
    add_linalg(r);
    add_shape(r);
    add_index(r);
    add_loss(r);
    add_convolutions(r);
    add_normalization(r);
    add_pooling(r);
    add_backward(r);
    return r;
  }();
  return all;
}

}  // namespace gradtape::table
