// Special values, messages, and the verification kernels' values.
#include <cmath>
#include <complex>
#include <limits>

#include "autograd/core/tensor_impl.h"
#include "expand.h"

namespace gradtape::table {
namespace {

std::vector<Real> special_values(ScalarType t) {
  const bool single = t == kFloat32;
  const Real largest = single ? std::numeric_limits<float>::max() : std::numeric_limits<double>::max();
  const Real smallest = single ? std::numeric_limits<float>::min() : std::numeric_limits<double>::min();
  const Real denormal = single ? std::numeric_limits<float>::denorm_min() : std::numeric_limits<double>::denorm_min();
  const Real inf = std::numeric_limits<Real>::infinity(), nan = std::numeric_limits<Real>::quiet_NaN();
  return {0.0L, -0.0L, 1, -1, 0.5L, -2.5L, inf, -inf, nan, largest, -largest, smallest, -smallest, denormal, -denormal};
}

// Element by element: every combination of special values.
class Special : public RowTest {};
TEST_P(Special, ValuesEqualThePlainMathematics) {
  const Row& row = *GetParam();
  for (const Sample& s : row.samples)
    for (ScalarType t : kFloatingTypes) {
      if (s.magnitude) continue;  // intermediate results may overflow
      SCOPED_TRACE(s.label + " " + dtype_name(t));
      const std::vector<Real> values = special_values(t);
      std::int64_t n = 1;
      for (const Input& i : s.inputs)
        if (i.is_value()) n *= static_cast<std::int64_t>(values.size());
      Plains in;
      std::int64_t step = 1;
      for (const Input& i : s.inputs) {
        Plain p(Shape{n});
        for (std::int64_t k = 0; k < n; ++k)
          p[k] = i.is_value() ? values[static_cast<std::size_t>(k / step) % values.size()] : k % 2;
        if (i.is_value()) step *= static_cast<std::int64_t>(values.size());
        in.push_back(p);
      }
      Tensors x;
      for (std::size_t i = 0; i < in.size(); ++i)
        x.push_back(lay_out(in[i], s.inputs[i].is_value() ? t : s.inputs[i].fixed, Layout::Contiguous));
      const Tensor y = s.call(x)[0];
      const Plain want = s.reference(read(x))[0];
      // One by one, for the message to name the values.
      const Plain got = read(y);
      for (std::int64_t k = 0; k < n; ++k) {
        count_case();
        Plain one;
        one[0] = want[k];
        std::string at;
        for (const Plain& p : in) at += " " + std::to_string(static_cast<double>(p[k]));
        Plain have;
        have[0] = got[k];
        EXPECT_TRUE(close(lay_out(have, y.scalar_type(), Layout::Contiguous), one, nullptr, row.tolerance))
            << "at" << at;
      }
    }
}
INSTANTIATE_ROWS(Special, r.is_pointwise);

// Anything else: special values scattered over inputs of every shape.
class SpecialPlaces : public RowTest {};
TEST_P(SpecialPlaces, ValuesEqualThePlainMathematics) {
  const Row& row = *GetParam();
  const double inf = std::numeric_limits<double>::infinity(), nan = std::numeric_limits<double>::quiet_NaN();
  const std::vector<std::vector<double>> mixes = {{0.0, -0.0, 1, 2, -2},
                                                  {0.0, 0.5, 1, 1, -2, -2, inf, inf, -inf, -inf},
                                                  {0.0, -0.0, 0.5, 1, 1, 1, -2, -2, 3, inf, -inf, nan}};
  for (const Sample& s : row.samples)
    for (const std::vector<Shape>& shapes : s.shapes)
      for (ScalarType t : kFloatingTypes)
        for (const std::vector<double>& mix : mixes) {
          const Case c{&s, &shapes, std::vector<Layout>(shapes.size(), Layout::Contiguous), t};
          SCOPED_TRACE(c.describe() + ", of " + std::to_string(mix.size()) + " values");
          count_case();
          Tensors x = make_inputs(row, c);
          Generator g(mix.size());
          for (std::size_t i = 0; i < x.size(); ++i) {
            if (!s.inputs[i].is_value()) continue;
            Plain p(shapes[i]);
            for (Real& v : p.v) v = mix[g.below(mix.size())];
            x[i] = lay_out(p, t, Layout::Contiguous);
          }
          const Tensors y = s.call(x);
          const Plains in = read(x), want = s.reference(in);
          Plains scale = scale_of(row, s, in);
          ASSERT_EQ(y.size(), want.size());
          for (std::size_t k = 0; k < y.size(); ++k) {
            for (Real& v : scale[k].v)
              if (!std::isfinite(v)) v = 0;
            EXPECT_TRUE(close(y[k], want[k], &scale[k], row.tolerance)) << "output " << k;
          }
        }
}
INSTANTIATE_ROWS(SpecialPlaces, r.special);

std::string message_of(const std::function<void()>& f) {
  try {
    f();
  } catch (const Error& e) {
    return e.what();
  } catch (const std::exception& e) {
    return std::string("not a gradtape::Error: ") + e.what();
  }
  return "nothing was thrown";
}

class Errors : public RowTest {};
TEST_P(Errors, NameTheOperationAndWhatIsWrong) {
  const Row& row = *GetParam();
  for (const ErrorCase& e : row.errors) {
    count_case();
    const std::string m = message_of(e.call);
    for (const std::string& part : e.parts)
      EXPECT_NE(m.find(part), std::string::npos) << "no \"" << part << "\" in: " << m;
    EXPECT_EQ(m.find('['), 0u) << m;
  }
  // An undefined tensor in every place.
  for (const Sample& s : row.samples)
    for (std::size_t i = 0; i < s.inputs.size(); ++i) {
      count_case();
      const Case c{&s, &s.shapes.back(), std::vector<Layout>(s.inputs.size(), Layout::Contiguous)};
      Tensors x = make_inputs(row, c);
      x[i] = Tensor();
      const std::string m = message_of([&] { s.call(x); });
      if (m == "nothing was thrown" && row.optional_from <= i) continue;
      EXPECT_EQ(m.find("[" + row.checker + "]"), 0u) << s.label << " input " << i << ": " << m;
      EXPECT_NE(m.find("undefined"), std::string::npos) << m;
    }
}
INSTANTIATE_ROWS(Errors, true);

struct Verifying {
  Verifying() { core::tls.verifying = true; }
  ~Verifying() { core::tls.verifying = false; }
};

// The reference of all gradients rests on the complex kernels: their real parts are the same function.
class Verification : public RowTest {};
TEST_P(Verification, KernelsComputeTheSameValues) {
  const Row& row = *GetParam();
  for (const Case& c : cases_of(row, {false, true, false}, 30)) {
    SCOPED_TRACE(c.describe());
    // float32 numbers, which a cast to float64 turns into the verification dtype while it is on.
    Case single = c;
    single.dtype = kFloat32;
    Tensors x = make_inputs(row, single), wide;
    for (const Tensor& t : x) wide.push_back(t.is_floating_point() ? t.to(kFloat64) : t);
    const Plains reference = c.sample->reference(read(wide));
    const Plains scale = scale_of(row, *c.sample, read(wide));
    Tensors y;
    {
      const Verifying on;
      for (std::size_t i = 0; i < x.size(); ++i)
        if (x[i].is_floating_point()) x[i] = x[i].to(kFloat64);
      y = c.sample->call(x);
    }
    for (std::size_t k = 0; k < y.size(); ++k) {
      const TensorImpl& t = *y[k].impl();
      if (t.dtype != ScalarType::Verification) {
        EXPECT_FALSE(is_floating(t.dtype)) << "output " << k << " left the verification dtype";
        EXPECT_TRUE(close(y[k], reference[k], nullptr, 0));
        continue;
      }
      Plain real{t.sizes};
      std::int64_t n = 0;
      for_each_index(t.sizes, [&](const Shape& index) {
        std::int64_t at = 0;
        for (std::size_t d = 0; d < index.size(); ++d) at += index[d] * t.strides[d];
        const std::complex<double> v = t.ptr<std::complex<double>>()[at];
        EXPECT_TRUE(v.imag() == 0 || std::isnan(v.real()));
        real[n++] = v.real();
      });
      EXPECT_TRUE(close(lay_out(real, kFloat64, Layout::Contiguous), reference[k], &scale[k], 2 * row.tolerance))
          << "output " << k;
    }
  }
}
INSTANTIATE_ROWS(Verification, r.differentiable);

}  // namespace
}  // namespace gradtape::table
