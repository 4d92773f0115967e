// Reductions, softmax and losses over 1000 x 1000 floats.
#include <string>

#include "rows.h"

namespace {

using bench::Inputs;
using T = torch::Tensor;
constexpr double kPass = 4e6;

void one(const std::string& name, T (*f)(const T&), double forward, double both) {
  bench::add({name,
              []() {
                return Inputs{bench::uniform({1000, 1000}, 1, -2, 2)};
              },
              [=](const Inputs& x) { return f(x[0]); },
              {forward * kPass},
              {both * kPass}});
}

// Prediction and target, both in [low, high).
void loss(const std::string& name, T (*f)(const T&, const T&), double low, double high) {
  bench::add({"loss/" + name,
              [=]() {
                return Inputs{bench::uniform({1000, 1000}, 1, low, high), bench::uniform({1000, 1000}, 2, low, high)};
              },
              [=](const Inputs& x) { return f(x[0], x[1]); },
              {2 * kPass},
              {5 * kPass},
              1});
}
void class_loss(const std::string& name, T (*f)(const T&, const T&), double forward, double both) {
  bench::add({"loss/" + name,
              []() {
                return Inputs{bench::uniform({1000, 1000}, 1, -2, 0), bench::labels({1000}, 2, 1000)};
              },
              [=](const Inputs& x) { return f(x[0], x[1]); },
              {forward * kPass},
              {both * kPass}});
}

void add_rows() {
  one(
      "sum/all", [](const T& x) { return torch::sum(x); }, 1, 2);
  one(
      "sum/rows", [](const T& x) { return torch::sum(x, 1); }, 1, 2);
  one(
      "sum/columns", [](const T& x) { return torch::sum(x, 0); }, 1, 2);
  one(
      "mean/all", [](const T& x) { return torch::mean(x); }, 1, 2);
  one(
      "mean/rows", [](const T& x) { return torch::mean(x, 1); }, 1, 2);
  one(
      "mean/columns", [](const T& x) { return torch::mean(x, 0); }, 1, 2);
  one(
      "max/all", [](const T& x) { return torch::max(x); }, 1, 3);
  one(
      "max/rows", [](const T& x) { return std::get<0>(torch::max(x, 1)); }, 1, 2);
  one(
      "max/columns", [](const T& x) { return std::get<0>(torch::max(x, 0)); }, 1, 2);
  one(
      "amax/rows", [](const T& x) { return torch::amax(x, 1); }, 1, 3);
  one(
      "var/all", [](const T& x) { return torch::var(x); }, 1, 3);
  one(
      "var/rows", [](const T& x) { return torch::var(x, {1}, true, false); }, 1, 3);
  one(
      "var/columns", [](const T& x) { return torch::var(x, {0}, true, false); }, 1, 3);
  one(
      "norm/all", [](const T& x) { return torch::norm(x); }, 1, 3);
  one(
      "logsumexp/rows", [](const T& x) { return torch::logsumexp(x, 1); }, 1, 3);
  one(
      "cumsum/rows", [](const T& x) { return torch::cumsum(x, 1); }, 2, 4);
  one(
      "softmax/rows", [](const T& x) { return torch::softmax(x, 1); }, 2, 5);
  one(
      "softmax/columns", [](const T& x) { return torch::softmax(x, 0); }, 2, 5);
  one(
      "log_softmax/rows", [](const T& x) { return torch::log_softmax(x, 1); }, 2, 5);
  loss(
      "mse", [](const T& x, const T& y) { return torch::mse_loss(x, y); }, -1, 1);
  loss(
      "l1", [](const T& x, const T& y) { return torch::l1_loss(x, y); }, -1, 1);
  loss(
      "smooth_l1", [](const T& x, const T& y) { return torch::smooth_l1_loss(x, y); }, -1, 1);
  loss(
      "huber", [](const T& x, const T& y) { return torch::huber_loss(x, y); }, -1, 1);
  loss(
      "bce", [](const T& x, const T& y) { return torch::binary_cross_entropy(x, y); }, 0.1, 0.9);
  loss(
      "bce_with_logits", [](const T& x, const T& y) { return torch::binary_cross_entropy_with_logits(x, y); }, 0, 1);
  loss(
      "kl_div", [](const T& x, const T& y) { return torch::kl_div(x, y); }, 0.1, 0.9);
  class_loss(
      "cross_entropy", [](const T& x, const T& y) { return torch::cross_entropy_loss(x, y); }, 1, 3);
  class_loss(
      "nll", [](const T& x, const T& y) { return torch::nll_loss(x, y); }, 0, 1);
}
const int registered = (add_rows(), 0);

}  // namespace
