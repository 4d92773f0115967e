#pragma once
// Learning rate schedulers: step() once an epoch (or batch) sets the learning rate of every group of the optimizer.
// Of all but StepLR, n calls of step() leave the rate that Python's scheduler has after n steps.
#include <cstdint>
#include <functional>
#include <vector>

#include "optimizer.h"

namespace gradtape::optim {

class LRScheduler {
 public:
  explicit LRScheduler(Optimizer& optimizer);
  LRScheduler(const LRScheduler&) = delete;
  LRScheduler& operator=(const LRScheduler&) = delete;
  virtual ~LRScheduler();
  void step();

 protected:
  // The new rates, one a group; step_count_ calls came before.
  virtual std::vector<double> get_lrs() = 0;
  std::vector<double> get_current_lrs() const;
  // Rates when the scheduler was made, times f(number of calls with this one).
  template <class F>
  std::vector<double> scaled(F f) const {
    std::vector<double> lrs = base_lrs_;
    for (double& lr : lrs) lr *= f(static_cast<double>(step_count_ + 1));
    return lrs;
  }
  unsigned step_count_ = 0;
  std::vector<double> base_lrs_;
  Optimizer& optimizer_;
};

// Times gamma at every step_size-th call after the first, as libtorch counts (one call later than Python).
class StepLR : public LRScheduler {
 public:
  StepLR(Optimizer& optimizer, unsigned step_size, double gamma = 0.1);

 private:
  std::vector<double> get_lrs() override;
  unsigned step_size_;
  double gamma_;
};

// Times gamma at each milestone, in calls.
class MultiStepLR : public LRScheduler {
 public:
  MultiStepLR(Optimizer& optimizer, std::vector<unsigned> milestones, double gamma = 0.1);

 private:
  std::vector<double> get_lrs() override;
  std::vector<unsigned> milestones_;
  double gamma_;
};

// lr_0 gamma^n
class ExponentialLR : public LRScheduler {
 public:
  ExponentialLR(Optimizer& optimizer, double gamma);

 private:
  std::vector<double> get_lrs() override;
  double gamma_;
};

// eta_min + (lr_0 - eta_min) (1 + cos(pi n / T_max)) / 2. (Loshchilov and Hutter, arXiv 1608.03983.)
class CosineAnnealingLR : public LRScheduler {
 public:
  CosineAnnealingLR(Optimizer& optimizer, unsigned T_max, double eta_min = 0);

 private:
  std::vector<double> get_lrs() override;
  double period_, eta_min_;
};

// lr_0 times a line from start_factor to 1 over the first total_iters calls, then lr_0.
class LinearWarmup : public LRScheduler {
 public:
  LinearWarmup(Optimizer& optimizer, unsigned total_iters, double start_factor = 0);

 private:
  std::vector<double> get_lrs() override;
  double total_, start_;
};

// lr_0 f(n)
class LambdaLR : public LRScheduler {
 public:
  LambdaLR(Optimizer& optimizer, std::function<double(std::int64_t)> lr_lambda);

 private:
  std::vector<double> get_lrs() override;
  std::function<double(std::int64_t)> lambda_;
};

// One cosine up from max_lr / div_factor to max_lr in pct_start of total_steps, one down to max_lr / div_factor /
// final_div_factor. Sets the first rate when it is made; more calls than total_steps - 1 are an error. Momentum is left
// alone. (Smith and Topin, arXiv 1708.07120.)
class OneCycleLR : public LRScheduler {
 public:
  OneCycleLR(Optimizer& optimizer, double max_lr, unsigned total_steps, double pct_start = 0.3, double div_factor = 25,
             double final_div_factor = 1e4);

 private:
  std::vector<double> get_lrs() override;
  double rate_at(double step) const;
  double max_, first_, last_, total_, peak_;
};

// Times `factor` when a metric has not improved for more than `patience` calls; then `cooldown` calls do not count.
// An improvement is below best (1 - threshold), or best - threshold with the absolute mode; for max the mirror image.
class ReduceLROnPlateauScheduler {
 public:
  enum SchedulerMode { min, max };
  enum ThresholdMode { rel, abs };
  ReduceLROnPlateauScheduler(Optimizer& optimizer, SchedulerMode mode = min, float factor = 0.1F, int patience = 10,
                             double threshold = 1e-4, ThresholdMode threshold_mode = rel, int cooldown = 0,
                             const std::vector<float>& min_lr = {}, double eps = 1e-8, bool verbose = false);
  void step(double metric);

 private:
  bool is_better(double metric) const;
  Optimizer& optimizer_;
  SchedulerMode mode_;
  double factor_;
  int patience_;
  double threshold_;
  ThresholdMode threshold_mode_;
  int cooldown_;
  std::vector<double> min_lrs_;
  double eps_;
  double best_;
  bool verbose_;
  int bad_ = 0, cooling_ = 0;
  std::int64_t calls_ = 0;
};

}  // namespace gradtape::optim
