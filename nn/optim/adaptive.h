#pragma once
// Optimizers that scale every element by a memory of its own. g is the gradient, t = 1, 2, .. the step; weight_decay
// adds weight_decay p to g unless said otherwise. Defaults are libtorch's, or those of Python's torch.optim.
#include <cstdint>
#include <tuple>

#include "declare.h"

namespace gradtape::optim {

// p *= 1 - lr weight_decay, then Adam without it (Loshchilov and Hutter, arXiv 1711.05101).
struct AdamWOptions : public OptimizerOptions {
  using betas_t = std::tuple<double, double>;
  GRADTAPE_OPTIMIZER_OPTIONS(AdamW, 1e-3);
  GRADTAPE_ARG(betas_t, betas) = betas_t(0.9, 0.999);
  GRADTAPE_ARG(double, eps) = 1e-8;
  GRADTAPE_ARG(double, weight_decay) = 1e-2;
  GRADTAPE_ARG(bool, amsgrad) = false;
};
struct AdamWParamState : public OptimizerParamState {
  GRADTAPE_OPTIMIZER_STATE(AdamW);
  GRADTAPE_ARG(std::int64_t, step) = 0;
  GRADTAPE_ARG(Tensor, exp_avg);
  GRADTAPE_ARG(Tensor, exp_avg_sq);
  GRADTAPE_ARG(Tensor, max_exp_avg_sq);
};
GRADTAPE_OPTIMIZER(AdamW);

// v = alpha v + (1 - alpha) g^2;  a = v^(1/2) + eps, centered: (v - m^2)^(1/2) + eps with m = alpha m + (1 - alpha) g;
// p -= lr g / a, with momentum: b = momentum b + g / a, p -= lr b. (Hinton, lecture 6e; Graves, arXiv 1308.0850.)
struct RMSpropOptions : public OptimizerOptions {
  GRADTAPE_OPTIMIZER_OPTIONS(RMSprop, 1e-2);
  GRADTAPE_ARG(double, alpha) = 0.99;
  GRADTAPE_ARG(double, eps) = 1e-8;
  GRADTAPE_ARG(double, weight_decay) = 0;
  GRADTAPE_ARG(double, momentum) = 0;
  GRADTAPE_ARG(bool, centered) = false;
};
struct RMSpropParamState : public OptimizerParamState {
  GRADTAPE_OPTIMIZER_STATE(RMSprop);
  GRADTAPE_ARG(std::int64_t, step) = 0;
  GRADTAPE_ARG(Tensor, square_avg);
  GRADTAPE_ARG(Tensor, momentum_buffer);
  GRADTAPE_ARG(Tensor, grad_avg);
};
GRADTAPE_OPTIMIZER(RMSprop);

// s += g^2;  p -= lr / (1 + (t - 1) lr_decay) g / (s^(1/2) + eps). (Duchi, Hazan and Singer, JMLR 12, 2011.)
struct AdagradOptions : public OptimizerOptions {
  GRADTAPE_OPTIMIZER_OPTIONS(Adagrad, 1e-2);
  GRADTAPE_ARG(double, lr_decay) = 0;
  GRADTAPE_ARG(double, weight_decay) = 0;
  GRADTAPE_ARG(double, initial_accumulator_value) = 0;
  GRADTAPE_ARG(double, eps) = 1e-10;
};
struct AdagradParamState : public OptimizerParamState {
  GRADTAPE_OPTIMIZER_STATE(Adagrad);
  GRADTAPE_ARG(std::int64_t, step) = 0;
  GRADTAPE_ARG(Tensor, sum);
};
GRADTAPE_OPTIMIZER(Adagrad);

// v = rho v + (1 - rho) g^2;  d = ((a + eps) / (v + eps))^(1/2) g;  p -= lr d;  a = rho a + (1 - rho) d^2.
// (Zeiler, arXiv 1212.5701.)
struct AdadeltaOptions : public OptimizerOptions {
  GRADTAPE_OPTIMIZER_OPTIONS(Adadelta, 1.0);
  GRADTAPE_ARG(double, rho) = 0.9;
  GRADTAPE_ARG(double, eps) = 1e-6;
  GRADTAPE_ARG(double, weight_decay) = 0;
};
struct AdadeltaParamState : public OptimizerParamState {
  GRADTAPE_OPTIMIZER_STATE(Adadelta);
  GRADTAPE_ARG(std::int64_t, step) = 0;
  GRADTAPE_ARG(Tensor, square_avg);
  GRADTAPE_ARG(Tensor, acc_delta);
};
GRADTAPE_OPTIMIZER(Adadelta);

// m = beta1 m + (1 - beta1) g;  u = max(beta2 u, |g| + eps);  p -= lr / (1 - beta1^t) m / u.
// (Kingma and Ba, arXiv 1412.6980, algorithm 2.)
struct AdamaxOptions : public OptimizerOptions {
  using betas_t = std::tuple<double, double>;
  GRADTAPE_OPTIMIZER_OPTIONS(Adamax, 2e-3);
  GRADTAPE_ARG(betas_t, betas) = betas_t(0.9, 0.999);
  GRADTAPE_ARG(double, eps) = 1e-8;
  GRADTAPE_ARG(double, weight_decay) = 0;
};
struct AdamaxParamState : public OptimizerParamState {
  GRADTAPE_OPTIMIZER_STATE(Adamax);
  GRADTAPE_ARG(std::int64_t, step) = 0;
  GRADTAPE_ARG(Tensor, exp_avg);
  GRADTAPE_ARG(Tensor, exp_inf);
};
GRADTAPE_OPTIMIZER(Adamax);

// Adam with Nesterov's momentum: mu_t = beta1 (1 - 0.96^(t momentum_decay) / 2), M_t = mu_1 .. mu_t;
// p -= lr ((1 - mu_t) / (1 - M_t) g + mu_(t+1) / (1 - M_(t+1)) m) / ((v / (1 - beta2^t))^(1/2) + eps).
// (Dozat, ICLR workshop 2016.)
struct NAdamOptions : public OptimizerOptions {
  using betas_t = std::tuple<double, double>;
  GRADTAPE_OPTIMIZER_OPTIONS(NAdam, 2e-3);
  GRADTAPE_ARG(betas_t, betas) = betas_t(0.9, 0.999);
  GRADTAPE_ARG(double, eps) = 1e-8;
  GRADTAPE_ARG(double, weight_decay) = 0;
  GRADTAPE_ARG(double, momentum_decay) = 4e-3;
};
struct NAdamParamState : public OptimizerParamState {
  GRADTAPE_OPTIMIZER_STATE(NAdam);
  GRADTAPE_ARG(std::int64_t, step) = 0;
  GRADTAPE_ARG(double, mu_product) = 1;
  GRADTAPE_ARG(Tensor, exp_avg);
  GRADTAPE_ARG(Tensor, exp_avg_sq);
};
GRADTAPE_OPTIMIZER(NAdam);

// Adam whose step is rectified by the variance of its scale, and a plain one while that is not known: with r_inf =
// 2 / (1 - beta2) - 1, r = r_inf - 2 t beta2^t / (1 - beta2^t), for r > 5 p -= lr c m / (1 - beta1^t)
// (1 - beta2^t)^(1/2) / (v^(1/2) + eps), c^2 = (r - 4) (r - 2) r_inf / ((r_inf - 4) (r_inf - 2) r), else
// p -= lr m / (1 - beta1^t). (Liu et al., arXiv 1908.03265.)
struct RAdamOptions : public OptimizerOptions {
  using betas_t = std::tuple<double, double>;
  GRADTAPE_OPTIMIZER_OPTIONS(RAdam, 1e-3);
  GRADTAPE_ARG(betas_t, betas) = betas_t(0.9, 0.999);
  GRADTAPE_ARG(double, eps) = 1e-8;
  GRADTAPE_ARG(double, weight_decay) = 0;
};
struct RAdamParamState : public OptimizerParamState {
  GRADTAPE_OPTIMIZER_STATE(RAdam);
  GRADTAPE_ARG(std::int64_t, step) = 0;
  GRADTAPE_ARG(Tensor, exp_avg);
  GRADTAPE_ARG(Tensor, exp_avg_sq);
};
GRADTAPE_OPTIMIZER(RAdam);

// p *= 1 - lr weight_decay;  p -= lr sign(beta1 m + (1 - beta1) g);  m = beta2 m + (1 - beta2) g.
// (Chen et al., arXiv 2302.06675.)
struct LionOptions : public OptimizerOptions {
  using betas_t = std::tuple<double, double>;
  GRADTAPE_OPTIMIZER_OPTIONS(Lion, 1e-4);
  GRADTAPE_ARG(betas_t, betas) = betas_t(0.9, 0.99);
  GRADTAPE_ARG(double, weight_decay) = 0;
};
struct LionParamState : public OptimizerParamState {
  GRADTAPE_OPTIMIZER_STATE(Lion);
  GRADTAPE_ARG(Tensor, exp_avg);
};
GRADTAPE_OPTIMIZER(Lion);

// Every element has a step of its own, lr at first: times etas' second while its gradient keeps its sign, times the
// first when it turns (and that gradient counts as 0), within step_sizes; p -= step sign(g).
// (Riedmiller and Braun, ICNN 1993.)
struct RpropOptions : public OptimizerOptions {
  using pair_t = std::tuple<double, double>;
  GRADTAPE_OPTIMIZER_OPTIONS(Rprop, 1e-2);
  GRADTAPE_ARG(pair_t, etas) = pair_t(0.5, 1.2);
  GRADTAPE_ARG(pair_t, step_sizes) = pair_t(1e-6, 50);
};
struct RpropParamState : public OptimizerParamState {
  GRADTAPE_OPTIMIZER_STATE(Rprop);
  GRADTAPE_ARG(std::int64_t, step) = 0;
  GRADTAPE_ARG(Tensor, prev);
  GRADTAPE_ARG(Tensor, step_size);
};
GRADTAPE_OPTIMIZER(Rprop);

}  // namespace gradtape::optim
