#pragma once
// The operation table: one row an operation of autograd/ops.h. A row says what the operation computes, in plain
// mathematics, and what may go in; the expand_*.cpp files turn it into the cases that are checked: values in all
// dtypes, layouts and shapes, gradients of first and second order against the complex step, in-place forms, saved
// values, special values, messages.
//
// Adding an operation: one row in its family's table_*.cpp. Most rows are one call:
//   rows.push_back(unary("exp", exp, [](Real x) { return std::exp(x);
//   }).result(Result::Floating).in_place(&Tensor::exp_));
// The default run samples the cases; GRADTAPE_FULL_TABLE=1 runs all of them.
#include <gradtape/gradtape.h>

#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace gradtape::table {

using Tensors = std::vector<Tensor>;
using Call = std::function<Tensors(const Tensors&)>;
using Real = long double;

// Elements in row-major order: what references see and give.
struct Plain {
  Shape sizes;
  std::vector<Real> v;

  Plain() : v(1) {}
  explicit Plain(Shape s) : sizes(std::move(s)), v(static_cast<std::size_t>(numel_of(sizes))) {}
  std::int64_t numel() const { return static_cast<std::int64_t>(v.size()); }
  Real& operator[](std::int64_t k) { return v[static_cast<std::size_t>(k)]; }
  Real operator[](std::int64_t k) const { return v[static_cast<std::size_t>(k)]; }
  Real& at(const Shape& index) { return (*this)[number(index)]; }
  Real at(const Shape& index) const { return (*this)[number(index)]; }
  std::int64_t number(const Shape& index) const;
};
using Plains = std::vector<Plain>;
using Reference = std::function<Plains(const Plains&)>;

// The index of element `number` in row-major order.
Shape index_of(std::int64_t number, const Shape& sizes);
// f(index) for every index of `sizes`, in row-major order.
void for_each_index(const Shape& sizes, const std::function<void(const Shape&)>& f);

using Draw = std::function<double(Generator&)>;
double normal(Generator& g);
Draw uniform(double low, double high);
Draw index_below(std::int64_t n);
// Magnitude in [low, high], either sign.
Draw away_from_zero(double low = 0.1, double high = 2);

struct Input {
  Input(Draw d = normal, ScalarType only = ScalarType::Undefined)  // NOLINT(google-explicit-constructor)
      : draw(std::move(d)), fixed(only) {}
  Draw draw;         // integer dtypes round 4 times this toward zero
  ScalarType fixed;  // dtype of an input that has only one: an index, a condition
  bool is_value() const { return fixed == ScalarType::Undefined; }
};
Input index_input(std::int64_t n);
Input condition();

// One way to call the operation. Each entry of `shapes` has one shape an input.
struct Sample {
  std::string label;
  Call call;
  Reference reference;
  std::vector<std::vector<Shape>> shapes = {};
  std::vector<Input> inputs = {};
  ScalarType number = ScalarType::Undefined;  // int64 or float64 when a number takes part in promotion
  Reference magnitude = {};                   // what rounding scales with, where it is not the result
};

enum class Result : std::uint8_t {
  Promoted,  // what the inputs promote to
  Floating,  // the same, and the default dtype for integers
  Sum,       // the same, and int64 for integers
  Bool,
  Logical,  // bool, and uint8 for uint8
  Int64,
  Int32,
  Float32,
  Float64
};

struct ErrorCase {
  std::function<void()> call;
  std::vector<std::string> parts;  // each must be in the message
};

// Inputs of one dimension at which the convention counts, and the gradient of the sum of the first output.
struct Convention {
  std::vector<std::vector<double>> inputs, gradients;
};

enum class Layout : std::uint8_t { Contiguous, Transposed, StepTwo, Offset, Expanded };
extern const std::vector<Layout> kAllLayouts;

struct Row {
  std::string op;       // its name in ops.h
  std::string variant;  // of rows that share the name
  std::vector<Sample> samples;
  std::vector<ScalarType> dtypes;
  std::vector<Result> results = {Result::Promoted};  // of each output, the last for all that follow
  std::vector<Layout> layouts = kAllLayouts;         // of inputs
  bool differentiable = true;
  bool flat = false;               // has derivative 0 wherever it has one
  bool saving = true;              // saves values for its rule
  bool is_pointwise = false;       // output k depends on the k-th elements of the broadcast inputs
  bool special = false;            // the reference holds for NaN, infinities, zeros and ties in any place
  bool adds_up = false;            // rounding scales with the result for |inputs|
  bool may_cancel = false;         // some gradients are sums of terms that cancel exactly, and keep their rounding
  double tolerance = 4;            // in units of the last place
  std::string saver;               // the operation that saves values, when it is not `op`
  std::string checker;             // the operation that messages name, when it is not `op`
  std::size_t optional_from = 99;  // inputs from here on may be undefined
  bool several_views = false;      // results are views of which none may change
  std::function<void(Tensor&, const Tensors&)> inplace;  // (self, the other inputs), for the first sample
  std::function<void(Tensor&, const Tensors&)> out;      // (result, inputs), for the first sample
  std::vector<ErrorCase> errors;
  std::vector<Convention> conventions;

  std::string name() const { return variant.empty() ? op : op + "_" + variant; }

  Row&& named(std::string v) &&;
  Row&& only(std::vector<ScalarType> types) &&;
  Row&& laid_out(std::vector<Layout> l) &&;
  Row&& result(std::vector<Result> r) &&;
  Row&& result(Result r) && { return std::move(*this).result(std::vector<Result>{r}); }
  Row&& draws(std::vector<Input> in) &&;  // of all samples
  Row&& saves_nothing() &&;               // that a caller could overwrite
  Row&& sums() &&;
  Row&& cancels() &&;
  Row&& constant() &&;  // has no gradient
  Row&& steps() &&;     // has gradient 0
  Row&& within(double ulps) &&;
  Row&& with_special_values() &&;
  Row&& saved_by(std::string name) &&;  // empty: any operation
  Row&& checked_by(std::string name) &&;
  Row&& optional_inputs_from(std::size_t i) &&;
  Row&& gives_several_views() &&;
  Row&& in_place(std::function<void(Tensor&, const Tensors&)> f) &&;
  Row&& in_place(Tensor& (Tensor::*f)() const) &&;
  Row&& in_place(Tensor& (Tensor::*f)(const Tensor&) const) &&;
  Row&& to_out(Tensor& (*f)(Tensor&, const Tensor&)) &&;
  Row&& to_out(Tensor& (*f)(Tensor&, const Tensor&, const Tensor&)) &&;
  Row&& to_out(std::function<void(Tensor&, const Tensors&)> f) &&;  // (result, inputs)
  Row&& error(std::function<void()> call, std::vector<std::string> parts) &&;
  Row&& convention(std::vector<std::vector<double>> in, std::vector<std::vector<double>> gradients) &&;
  // Another way to call it, with the inputs and shapes of the first unless given.
  Row&& also(Sample s) &&;
};

// Shapes and dims without braces, around which the formatter breaks every line.
template <class... N>
Shape ints(N... n) {
  return Shape{static_cast<std::int64_t>(n)...};
}
template <class... N>
Tensor zero(N... sizes) {
  return zeros(ints(sizes...));
}

extern const std::vector<ScalarType> kAllTypes, kNumbers, kFloatingTypes;
// {0-d, empty, one element, odd, larger than a block}, and for two operands broadcasting each way.
extern const std::vector<std::vector<Shape>> kOne, kTwo, kThree;

// f(x) element by element.
Row unary(std::string op, std::function<Tensor(const Tensor&)> call, std::function<Real(Real)> reference);
// Function, methods, in-place and out form of one line of GRADTAPE_UNARY_OPS.
#define GRADTAPE_ROW(name, reference)                                \
  unary(                                                             \
      #name, [](const Tensor& x) { return at::name(x); }, reference) \
      .in_place(&Tensor::name##_)                                    \
      .to_out(at::name##_out)
// The same without methods.
#define GRADTAPE_FUNCTION_ROW(name, reference)                       \
  unary(                                                             \
      #name, [](const Tensor& x) { return at::name(x); }, reference) \
      .in_place([](Tensor& x, const Tensors&) { at::name##_(x); })   \
      .only(kFloatingTypes)
Row binary(std::string op, std::function<Tensor(const Tensor&, const Tensor&)> call,
           std::function<Real(Real, Real)> reference);
// Function, method, in-place and out form of a line of GRADTAPE_BINARY_OPS or GRADTAPE_PAIR_OPS; `original` is the
// operation of which it is another name, or itself.
#define GRADTAPE_PAIR_ROW(name, original, reference)                                     \
  binary(                                                                                \
      #name, [](const Tensor& x, const Tensor& y) { return at::name(x, y); }, reference) \
      .saved_by(#original)                                                               \
      .checked_by(#original)                                                             \
      .in_place(&Tensor::name##_)                                                        \
      .to_out(at::name##_out)                                                            \
      .error(                                                                            \
          [] {                                                                           \
            at::name(zeros({2, 3}), zeros({4}));                                         \
          },                                                                             \
          {"[" #original "]", "[2, 3]", "[4]"})
// A second way to call it, on one tensor and a number.
Sample with_number(std::function<Tensor(const Tensor&)> call, std::function<Real(Real)> reference, ScalarType number);
// The same sample, with rounding measured by `magnitude` instead of the result.
Sample scaled(Sample s, Reference magnitude);
// Anything else; the sample gives shapes and inputs.
Row row(std::string op, Sample s);
// References for also().
Reference elementwise(std::function<Real(const std::vector<Real>&)> f);
Call call_one(std::function<Tensor(const Tensor&)> f);
// One input, one result.
Sample single(std::string label, std::function<Tensor(const Tensor&)> call, std::function<Plain(const Plain&)> f,
              const std::vector<Shape>& shapes = {});
Call call_two(std::function<Tensor(const Tensor&, const Tensor&)> f);

// All rows, in the order of ops.h.
const std::vector<Row>& rows();

void add_pointwise(std::vector<Row>& rows);
void add_special(std::vector<Row>& rows);
void add_activations(std::vector<Row>& rows);
void add_binary(std::vector<Row>& rows);
void add_pairs(std::vector<Row>& rows);
void add_bits(std::vector<Row>& rows);
void add_reduce(std::vector<Row>& rows);
void add_linalg(std::vector<Row>& rows);
void add_shape(std::vector<Row>& rows);
void add_index(std::vector<Row>& rows);
void add_loss(std::vector<Row>& rows);
void add_margin_losses(std::vector<Row>& rows);
void add_convolutions(std::vector<Row>& rows);
void add_normalization(std::vector<Row>& rows);
void add_pooling(std::vector<Row>& rows);
void add_backward(std::vector<Row>& rows);

}  // namespace gradtape::table
