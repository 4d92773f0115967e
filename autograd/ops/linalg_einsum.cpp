// einsum: an equation becomes diagonals, sums, permutations and one batched product for each pair of operands.
#include <array>

#include "autograd/ops/linalg_common.h"

namespace gradtape::ops {
namespace {

// A label is a letter, or a dimension of the ellipsis counted from its last one.
constexpr int kLetters = 52, kLabels = kLetters + kMaxRank;
using Labels = std::vector<int>;

struct Operand {
  Tensor t;
  Labels labels;  // one a dimension, all different
};

struct Subscripts {
  std::vector<int> letters;
  int ellipsis = -1;  // number of letters before it
};

struct Equation {
  std::string text;
  TensorList tensors;
  std::vector<Subscripts> inputs;
  Subscripts output;
  bool has_output = false;

  template <class E = Error, class... Parts>
  [[noreturn]] void fail(const Parts&... parts) const {
    std::string all;
    for (const Tensor& t : tensors) all += (all.empty() ? "" : ", ") + t.toString();
    gradtape::fail<E>("einsum", parts..., "; equation \"", text, "\", operands ", all);
  }
};

int letter_number(char c) { return c >= 'A' && c <= 'Z' ? c - 'A' : c >= 'a' && c <= 'z' ? 26 + c - 'a' : -1; }
char letter_of(int label) { return static_cast<char>(label < 26 ? 'A' + label : 'a' + label - 26); }

Equation parse(std::string_view text, TensorList tensors) {
  Equation e{std::string(text), tensors, {Subscripts()}, {}, false};
  Subscripts* at = &e.inputs.back();
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == ' ') continue;
    if (letter_number(c) >= 0) {
      at->letters.push_back(letter_number(c));
    } else if (text.substr(i, 3) == "...") {
      if (at->ellipsis >= 0) e.fail("two ellipses in one term");
      at->ellipsis = static_cast<int>(at->letters.size());
      i += 2;
    } else if (text.substr(i, 2) == "->") {
      if (e.has_output) e.fail("two arrows");
      e.has_output = true;
      at = &e.output;
      i += 1;
    } else if (c == ',') {
      if (e.has_output) e.fail("a comma after the arrow");
      e.inputs.emplace_back();
      at = &e.inputs.back();
    } else {
      e.fail("'", std::string(1, c), "' at position ", static_cast<std::int64_t>(i),
             " is not a letter, \"...\", \",\" or \"->\"");
    }
  }
  if (e.inputs.size() != tensors.size())
    e.fail("the equation has ", static_cast<std::int64_t>(e.inputs.size()), " terms for ",
           static_cast<std::int64_t>(tensors.size()), " operands");
  return e;
}

// Labels of the dims of a term whose ellipsis stands for `hidden` dims.
Labels expand_ellipsis(const Subscripts& s, std::int64_t hidden) {
  Labels labels;
  for (std::size_t k = 0; k <= s.letters.size(); ++k) {
    if (static_cast<int>(k) == s.ellipsis)
      for (std::int64_t d = hidden; d-- > 0;) labels.push_back(kLetters + static_cast<int>(d));
    if (k < s.letters.size()) labels.push_back(s.letters[k]);
  }
  return labels;
}

std::ptrdiff_t place_of(const Labels& labels, int label) {
  for (std::size_t k = 0; k < labels.size(); ++k)
    if (labels[k] == label) return static_cast<std::ptrdiff_t>(k);
  return -1;
}
bool has(const Labels& labels, int label) { return place_of(labels, label) >= 0; }

// One dimension for each label: the diagonal where a label comes twice.
Operand take_diagonals(const Equation& e, const Tensor& t, const Labels& labels) {
  Operand out{t, {}};
  for (int label : labels) {
    const std::ptrdiff_t earlier = place_of(out.labels, label);
    const auto here = static_cast<std::int64_t>(out.labels.size());
    if (earlier < 0) {
      out.labels.push_back(label);
      continue;
    }
    if (out.t.size(earlier) != out.t.size(here))
      e.fail("'", std::string(1, letter_of(label)), "' stands for sizes ", out.t.size(earlier), " and ",
             out.t.size(here), " in the operand ", t);
    // The diagonal comes last; it goes where the first of the two was.
    out.t = diagonal(out.t, 0, earlier, here);
    Shape order;
    for (std::int64_t d = 0; d + 1 < out.t.dim(); ++d) {
      if (d == earlier) order.push_back(out.t.dim() - 1);
      order.push_back(d);
    }
    if (order.size() < static_cast<std::size_t>(out.t.dim())) order.push_back(out.t.dim() - 1);
    out.t = permute(out.t, order);
  }
  return out;
}

// Sums the dims whose label is not in `keep`, in `dtype` or as sum() does.
Operand reduce(const Operand& in, const std::array<bool, kLabels>& keep, optional<ScalarType> dtype) {
  Shape sizes, dims;
  Labels labels;
  for (std::size_t d = 0; d < in.labels.size(); ++d) {
    if (keep[static_cast<std::size_t>(in.labels[d])]) {
      labels.push_back(in.labels[d]);
    } else {
      dims.push_back(static_cast<std::int64_t>(d));
    }
  }
  return {dims.empty() ? in.t : sum(in.t, dims, false, dtype), labels};
}

// The dims named, in this order, and no others; a label that is missing becomes a size of 1.
Tensor arranged(const Operand& x, const Labels& labels) {
  Shape order;
  for (int label : labels)
    if (const std::ptrdiff_t d = place_of(x.labels, label); d >= 0) order.push_back(d);
  Tensor t = permute(x.t, order);
  for (std::size_t k = 0; k < labels.size(); ++k)
    if (!has(x.labels, labels[k])) t = unsqueeze(t, static_cast<std::int64_t>(k));
  return t;
}

Shape sizes_of(const Operand& x, const Labels& labels) {
  Shape s;
  for (int label : labels) s.push_back(x.t.size(place_of(x.labels, label)));
  return s;
}

Labels joined(Labels a, const Labels& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

Operand without_ones(const Operand& x, const Operand& other) {
  Operand out = x;
  for (std::size_t d = out.labels.size(); d-- > 0;) {
    const std::ptrdiff_t there = place_of(other.labels, out.labels[d]);
    if (out.t.size(static_cast<std::int64_t>(d)) != 1 || there < 0 || other.t.size(there) == 1) continue;
    out.t = squeeze(out.t, static_cast<std::int64_t>(d));
    out.labels.erase(out.labels.begin() + static_cast<std::ptrdiff_t>(d));
  }
  return out;
}

// Product over the labels of both, summed over those that neither the result nor a later operand needs.
Operand contract(const Operand& first, const Operand& second, const std::array<bool, kLabels>& needed) {
  const Operand x = without_ones(first, second), y = without_ones(second, first);
  std::array<bool, kLabels> keep_x = needed, keep_y = needed;
  for (int label : y.labels) keep_x[static_cast<std::size_t>(label)] = true;
  for (int label : x.labels) keep_y[static_cast<std::size_t>(label)] = true;
  const Operand a = reduce(x, keep_x, type_of(x.t)), b = reduce(y, keep_y, type_of(y.t));
  Labels shared, summed, only_a, only_b;
  for (int label : a.labels)
    (!has(b.labels, label) ? only_a : needed[static_cast<std::size_t>(label)] ? shared : summed).push_back(label);
  for (int label : b.labels)
    if (!has(a.labels, label)) only_b.push_back(label);
  const Labels result = joined(joined(shared, only_a), only_b);
  if (summed.empty()) return {arranged(a, result) * arranged(b, result), result};
  const Shape batch = sizes_of(a, shared), rows = sizes_of(a, only_a), columns = sizes_of(b, only_b);
  const std::int64_t n = numel_of(batch), r = numel_of(rows), c = numel_of(columns), k = numel_of(sizes_of(a, summed));
  const Tensor p = reshape(arranged(a, joined(joined(shared, only_a), summed)), {n, r, k});
  const Tensor q = reshape(arranged(b, joined(joined(shared, summed), only_b)), {n, k, c});
  Shape sizes = batch;
  for (std::int64_t s : rows) sizes.push_back(s);
  for (std::int64_t s : columns) sizes.push_back(s);
  return {reshape(bmm(p, q), sizes), result};
}

}  // namespace
}  // namespace gradtape::ops

namespace gradtape::at {
using namespace ops;  // NOLINT(google-build-using-namespace)

Tensor einsum(std::string_view equation, TensorList tensors, OptionalIntArrayRef path) {
  check(!tensors.empty(), "einsum", "need at least one operand; equation \"", std::string(equation), "\"");
  for (const Tensor& t : tensors) {
    check_defined("einsum", t);
    check_one_dtype("einsum", tensors[0], t);
  }
  const Equation e = parse(equation, tensors);

  std::int64_t hidden = 0;
  std::array<int, kLabels> uses{};
  std::array<std::int64_t, kLabels> sizes;
  sizes.fill(-1);
  std::vector<Operand> operands;
  for (std::size_t i = 0; i < tensors.size(); ++i) {
    const Tensor& t = tensors[i];
    const Subscripts& s = e.inputs[i];
    const std::int64_t rest = t.dim() - static_cast<std::int64_t>(s.letters.size());
    if (rest < 0 || (rest > 0 && s.ellipsis < 0))
      e.fail("operand ", static_cast<std::int64_t>(i), " has ", t.dim(), " dims, its term names ",
             static_cast<std::int64_t>(s.letters.size()));
    hidden = std::max(hidden, rest);
    operands.push_back(take_diagonals(e, t, expand_ellipsis(s, rest)));
    for (int letter : s.letters) ++uses[static_cast<std::size_t>(letter)];
    for (std::size_t d = 0; d < operands.back().labels.size(); ++d) {
      std::int64_t& known = sizes[static_cast<std::size_t>(operands.back().labels[d])];
      const std::int64_t size = operands.back().t.size(static_cast<std::int64_t>(d));
      if (known >= 0 && known != 1 && size != 1 && known != size)
        e.fail("one label stands for sizes ", known, " and ", size, ", the latter in operand ",
               static_cast<std::int64_t>(i));
      if (known < 0 || known == 1) known = size;
    }
  }

  Labels output;
  if (e.has_output) {
    output = expand_ellipsis(e.output, hidden);
    for (std::size_t k = 0; k < output.size(); ++k) {
      const int label = output[k];
      if (label < kLetters && uses[static_cast<std::size_t>(label)] == 0)
        e.fail("'", std::string(1, letter_of(label)), "' of the output is in no operand");
      if (place_of(output, label) != static_cast<std::ptrdiff_t>(k))
        e.fail("'", std::string(1, letter_of(label)), "' comes twice in the output");
    }
  } else {
    // The ellipsis, then the letters that come once, in the order of the alphabet, capitals first.
    for (std::int64_t d = hidden; d-- > 0;) output.push_back(kLetters + static_cast<int>(d));
    for (int label = 0; label < kLetters; ++label)
      if (uses[static_cast<std::size_t>(label)] == 1) output.push_back(label);
  }

  std::size_t step = 0;
  while (operands.size() > 1) {
    std::size_t i = 0, j = 1;
    if (path) {
      if ((*path).size() != 2 * (tensors.size() - 1)) e.fail("the path ", *path, " needs two numbers a product");
      const std::int64_t p = (*path)[2 * step], q = (*path)[2 * step + 1];
      const auto n = static_cast<std::int64_t>(operands.size());
      if (p < 0 || q < 0 || p >= n || q >= n || p == q)
        e.fail("step ", static_cast<std::int64_t>(step), " of the path ", *path, " does not name two operands");
      i = static_cast<std::size_t>(std::min(p, q));
      j = static_cast<std::size_t>(std::max(p, q));
      ++step;
    }
    const Operand b = operands[j], a = operands[i];
    operands.erase(operands.begin() + static_cast<std::ptrdiff_t>(j));
    operands.erase(operands.begin() + static_cast<std::ptrdiff_t>(i));
    std::array<bool, kLabels> needed{};
    for (int label : output) needed[static_cast<std::size_t>(label)] = true;
    for (const Operand& o : operands)
      for (int label : o.labels) needed[static_cast<std::size_t>(label)] = true;
    // Without a path the products go from left to right.
    operands.insert(path ? operands.end() : operands.begin(), contract(a, b, needed));
  }
  std::array<bool, kLabels> needed{};
  for (int label : output) needed[static_cast<std::size_t>(label)] = true;
  return arranged(reduce(operands[0], needed, nullopt), output);
}

}  // namespace gradtape::at
