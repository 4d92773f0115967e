// Connectionist temporal classification, in logarithms and recorded operations.
#include <ostream>

#include "autograd/error.h"
#include "autograd/ops.h"
#include "nn/cloneable.h"
#include "nn/margin_loss.h"

namespace gradtape::nn {
namespace {

constexpr const char* kOp = "ctc_loss";
// Stands for the logarithm of 0: infinity would leave no gradient.
constexpr double kNever = -1e30;

std::vector<std::int64_t> numbers(const Tensor& t, const char* what, std::int64_t n) {
  check<TypeError>(t.defined() && is_integral(t.scalar_type()), kOp, what, " must be an integer tensor");
  check<ValueError>(t.numel() == n, kOp, what, " needs one number for each of ", n, " samples, got ", t);
  const Tensor own = t.to(kInt64).reshape({-1}).contiguous();
  return {own.data_ptr<std::int64_t>(), own.data_ptr<std::int64_t>() + n};
}

// blank, first, blank, second, .. blank: [N, 2 S + 1]. And where a state can be reached from the last but one.
struct States {
  Tensor label, skips;
};
States states_of(const Tensor& targets, const std::vector<std::int64_t>& lengths, std::int64_t classes,
                 std::int64_t blank) {
  const auto n = static_cast<std::int64_t>(lengths.size());
  std::int64_t longest = 0, total = 0;
  for (const std::int64_t l : lengths) {
    check<ValueError>(l >= 0, kOp, "target_lengths has a negative number: ", l);
    longest = std::max(longest, l);
    total += l;
  }
  check<TypeError>(targets.defined() && is_integral(targets.scalar_type()), kOp, "targets must be an integer tensor");
  const bool rows = targets.dim() == 2;
  check<ValueError>(
      rows ? targets.size(0) == n && targets.size(1) >= longest : targets.dim() == 1 && targets.size(0) >= total, kOp,
      "targets ", targets, " do not hold ", n, " targets of up to ", longest, " classes");
  const Tensor t = targets.to(kInt64).contiguous();
  const std::int64_t* from = t.data_ptr<std::int64_t>();
  States s{full({n, 2 * longest + 1}, blank, kInt64), zeros({n, 2 * longest + 1}, kBool)};
  auto* label = s.label.data_ptr<std::int64_t>();
  auto* skips = s.skips.data_ptr<bool>();
  for (std::int64_t i = 0; i < n; ++i, label += 2 * longest + 1, skips += 2 * longest + 1) {
    for (std::int64_t k = 0; k < lengths[static_cast<std::size_t>(i)]; ++k) {
      const std::int64_t c = from[k];
      check<ValueError>(c >= 0 && c < classes && c != blank, kOp, "target ", c, " is no class below ", classes,
                        " other than the blank ", blank);
      label[2 * k + 1] = c;
      skips[2 * k + 1] = k > 0 && c != from[k - 1];
    }
    from += rows ? t.size(1) : lengths[static_cast<std::size_t>(i)];
  }
  return s;
}

}  // namespace

namespace functional {

Tensor ctc_loss(const Tensor& log_probs, const Tensor& targets, const Tensor& input_lengths,
                const Tensor& target_lengths, const CTCLossFuncOptions& o) {
  check(log_probs.defined() && (log_probs.dim() == 3 || log_probs.dim() == 2), kOp,
        "log_probs must be [T, N, C] or [T, C]");
  const bool alone = log_probs.dim() == 2;
  const Tensor lp = alone ? log_probs.unsqueeze(1) : log_probs;
  const std::int64_t time = lp.size(0), n = lp.size(1), classes = lp.size(2);
  check<ValueError>(o.blank() >= 0 && o.blank() < classes, kOp, "blank ", o.blank(), " is no class of ", log_probs);
  const std::vector<std::int64_t> in = numbers(input_lengths, "input_lengths", n),
                                  out = numbers(target_lengths, "target_lengths", n);
  for (const std::int64_t l : in)
    check<ValueError>(l > 0 && l <= time, kOp, "input_lengths must be from 1 to ", time, ", got ", l);
  const States s = states_of(targets, out, classes, o.blank());
  const std::int64_t count = s.label.size(1);
  const auto emitted = [&](std::int64_t t) { return lp.select(0, t).gather(1, s.label); };
  const Tensor never = full({n, std::min<std::int64_t>(2, count)}, kNever, lp.options());
  const Tensor in_time = tensor(in, kInt64).unsqueeze(1);

  Tensor alpha = where(arange(count).lt(2), emitted(0), kNever);
  for (std::int64_t t = 1; t < time; ++t) {
    std::vector<Tensor> ways = {alpha};
    if (count > 1) {
      ways.push_back(cat({never.slice(1, 0, 1), alpha.slice(1, 0, count - 1)}, 1));
      ways.push_back(where(s.skips, cat({never, alpha.slice(1, 0, count - 2)}, 1), kNever));
    }
    const Tensor next = clamp_min(logsumexp(stack(ways), 0) + emitted(t), kNever);
    alpha = where(in_time.gt(t), next, alpha);
  }
  const Tensor last = tensor(out, kInt64).unsqueeze(1) * 2, before = clamp_min(last - 1, 0);
  const Tensor end = alpha.gather(1, last), end_before = where(last.gt(0), alpha.gather(1, before), kNever);
  Tensor loss = -logsumexp(cat({end, end_before}, 1), 1);
  const Tensor impossible = loss.detach().gt(-kNever / 2);
  loss = where(impossible, o.zero_infinity() ? 0.0 : static_cast<double>(__builtin_inff()), loss);
  if (o.reduction().is<enumtype::kNone>()) return alone ? loss.squeeze(0) : loss;
  if (o.reduction().is<enumtype::kSum>()) return loss.sum();
  return (loss / clamp_min(tensor(out, kInt64), 1)).mean();
}

}  // namespace functional

CTCLossImpl::CTCLossImpl(const CTCLossOptions& o) : options(o) {}
Tensor CTCLossImpl::forward(const Tensor& log_probs, const Tensor& targets, const Tensor& input_lengths,
                            const Tensor& target_lengths) {
  return functional::ctc_loss(log_probs, targets, input_lengths, target_lengths, options);
}
void CTCLossImpl::reset() {}
void CTCLossImpl::pretty_print(std::ostream& stream) const { stream << "torch::nn::CTCLoss()"; }
GRADTAPE_LAYER_DEFINITION(CTCLossImpl);

}  // namespace gradtape::nn
