#pragma once
// How the tests of recurrent and attention modules check: against libtorch's values, and by certified gradients.
#include <gtest/gtest.h>

#include <map>
#include <sstream>

#include "sequence_cases.h"

namespace sequences {

using Values = std::map<std::string, std::vector<std::vector<double>>>;

inline std::string printed(const nn::Module& m) {
  std::ostringstream s;
  s << m;
  return s.str();
}

inline void expect_values(const std::vector<Case>& cases, const Values& want) {
  for (const Case& c : cases)
    for (ScalarType dtype : {kFloat64, kFloat32}) {
      Setting s{dtype, {}};
      c.run(s);
      const auto& reference = want.at(c.name);
      ASSERT_EQ(s.results.size(), reference.size()) << c.name;
      for (std::size_t i = 0; i < reference.size(); ++i) {
        ASSERT_EQ(s.results[i].size(), reference[i].size()) << c.name << " result " << i;
        for (std::size_t k = 0; k < reference[i].size(); ++k)
          EXPECT_NEAR(s.results[i][k], reference[i][k], dtype == kFloat64 ? 1e-13 : 1e-5)
              << c.name << " result " << i << " element " << k << (dtype == kFloat64 ? "" : " in float32");
      }
    }
}

// The gradient of all outputs with respect to inputs and parameters, and the gradient's gradient in some places.
// use(tensors) makes the layer compute with them in place of its parameters.
template <class Use, class F>
void certify(nn::Module& layer, std::vector<Tensor> inputs, Use use, F outputs) {
  layer.to(kFloat64);
  const std::size_t n = inputs.size();
  for (const Tensor& x : inputs) x.requires_grad_();
  for (const Tensor& p : layer.parameters()) inputs.push_back(p);
  const auto f = [&](const std::vector<Tensor>& x) {
    use(std::vector<Tensor>(x.begin() + static_cast<std::ptrdiff_t>(n), x.end()));
    return std::vector<Tensor>(outputs(x));
  };
  autograd::GradcheckOptions options;
  const auto first = autograd::gradcheck(f, inputs, options);
  EXPECT_TRUE(first) << printed(layer) << first.to_string();
  options.entries = 3;
  options.allow_zero = true;  // of a bias that is added last
  const auto second = autograd::gradgradcheck(f, inputs, options);
  EXPECT_TRUE(second) << printed(layer) << second.to_string();
}
inline Tensor draw(IntArrayRef sizes) { return randn(sizes, kFloat64); }

}  // namespace sequences
