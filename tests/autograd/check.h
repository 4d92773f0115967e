#pragma once
// What the tests of this folder share.
#include <gradtape/gradtape.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace check {

using gradtape::Tensor;
using Numbers = std::vector<double>;

inline Numbers values(const Tensor& t) {
  if (!t.defined()) return {};
  const gradtape::NoGradGuard off;
  const Tensor d = t.detach().to(gradtape::kFloat64).contiguous();
  const double* p = d.data_ptr<double>();
  return Numbers(p, p + d.numel());
}

// A leaf that requires grad.
inline Tensor leaf(const Numbers& v, gradtape::IntArrayRef sizes = {},
                   gradtape::ScalarType dtype = gradtape::kFloat64) {
  Tensor t = gradtape::zeros({static_cast<std::int64_t>(v.size())}, gradtape::kFloat64);
  double* p = t.data_ptr<double>();
  for (std::size_t i = 0; i < v.size(); ++i) p[i] = v[i];
  if (!sizes.empty()) t = t.reshape(sizes).clone();
  t = t.to(dtype);
  return t.requires_grad_(true);
}

// The message of the E that f throws; a failure when it throws none or another one.
template <class E = gradtape::Error, class F>
std::string error_of(F f) {
  try {
    f();
  } catch (const E& e) {
    return e.what();
  } catch (const std::exception& e) {
    ADD_FAILURE() << "another exception: " << e.what();
    return {};
  }
  ADD_FAILURE() << "nothing was thrown";
  return {};
}

}  // namespace check

// The statement throws an E whose message contains `part`.
#define EXPECT_ERROR(E, statement, part)                                                          \
  {                                                                                               \
    const std::string message_ = ::check::error_of<E>([&] { statement; });                        \
    EXPECT_NE(message_.find(part), std::string::npos) << "the message is: \"" << message_ << '"'; \
  }
