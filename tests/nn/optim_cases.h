#pragma once
// Optimizers on gradients from a formula, on either library; see sequence_cases.h.
#include "sequence_cases.h"

namespace optimizers {
using namespace sequences;  // NOLINT(google-build-using-namespace)

// Nine steps with a change of scale; the parameters after the first, the third and the last.
template <class O, class Options>
std::function<void(Setting&)> steps(Options options) {
  return [=](Setting& s) {
    std::vector<Tensor> p = {s.input({2, 3}, 1), s.input({4}, 2)};
    O optimizer(p, options);
    for (int k = 0; k < 9; ++k) {
      for (std::size_t i = 0; i < p.size(); ++i)
        p[i].mutable_grad() = values(p[i].sizes().vec(), 10 * k + static_cast<int>(i), s.dtype) * (k == 4 ? 30 : 1);
      optimizer.step();
      if (k == 0 || k == 2 || k == 8)
        for (const Tensor& t : p) s.results.push_back(digest(t));
    }
  };
}

inline std::vector<Case> optim_cases() {
  using namespace optim;  // NOLINT(google-build-using-namespace)
  std::vector<Case> all;
  all.push_back({"sgd", steps<SGD>(SGDOptions(0.1).momentum(0.9).weight_decay(0.01).nesterov(true))});
  all.push_back({"adam", steps<Adam>(AdamOptions(0.05).weight_decay(0.1).amsgrad(true))});
  all.push_back({"adamw", steps<AdamW>(AdamWOptions(0.05))});
  all.push_back({"adamw, options",
                 steps<AdamW>(AdamWOptions(0.05).betas({0.8, 0.95}).eps(1e-3).weight_decay(0.3).amsgrad(true))});
  all.push_back({"adamw, no decay", steps<AdamW>(AdamWOptions(0.05).weight_decay(0))});
  all.push_back({"rmsprop", steps<RMSprop>(RMSpropOptions(0.05))});
  all.push_back({"rmsprop, momentum", steps<RMSprop>(RMSpropOptions(0.02).momentum(0.8).weight_decay(0.1))});
  all.push_back({"rmsprop, centered", steps<RMSprop>(RMSpropOptions(0.02).alpha(0.9).eps(1e-4).centered(true))});
  all.push_back({"adagrad", steps<Adagrad>(AdagradOptions(0.1))});
  all.push_back(
      {"adagrad, options",
       steps<Adagrad>(AdagradOptions(0.1).lr_decay(0.2).weight_decay(0.1).initial_accumulator_value(0.3).eps(1e-3))});
  all.push_back({"step lr", [](Setting& s) {
                   Tensor p = s.input({3}, 1);
                   SGD optimizer(std::vector<Tensor>{p}, SGDOptions(0.4));
                   StepLR scheduler(optimizer, 2, 0.5);
                   for (int k = 0; k < 6; ++k) {
                     p.mutable_grad() = values({3}, k, s.dtype);
                     optimizer.step();
                     scheduler.step();
                     s.results.push_back({optimizer.param_groups()[0].options().get_lr()});
                   }
                   s.results.push_back(digest(p));
                 }});
  return all;
}

}  // namespace optimizers
