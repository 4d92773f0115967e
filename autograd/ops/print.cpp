// Printing: character for character what libtorch 1.13 prints, its oddities included (widths are chosen from the first
// and the positive elements, "Columns 1 to 20" runs on into the numbers).
#include <cmath>
#include <iomanip>
#include <iostream>

#include "autograd/kernels/copy.h"
#include "autograd/ops/common.h"

namespace gradtape::at {
namespace {

class KeepFormat {
 public:
  explicit KeepFormat(std::ostream& out) : out_(out), saved_(nullptr) { saved_.copyfmt(out); }
  ~KeepFormat() { out_.copyfmt(saved_); }
  KeepFormat(const KeepFormat&) = delete;
  KeepFormat& operator=(const KeepFormat&) = delete;

 private:
  std::ostream& out_;
  std::ios saved_;
};

struct Style {
  double scale = 1;
  int width = 11;
};

// Sets the stream's number format and says how wide the numbers are and what is taken out of them as a factor.
Style choose_style(std::ostream& out, const double* v, std::int64_t n) {
  bool integers = true;
  bool any = false;
  double low = 1, high = 1;
  for (std::int64_t i = 0; i < n; ++i) {
    if (!std::isfinite(v[i])) continue;
    if (v[i] != std::ceil(v[i])) integers = false;
    const double a = std::fabs(v[i]);
    if (!any) low = high = a;
    if (a < low) low = a;
    if (v[i] > high) high = a;
    any = true;
  }
  const auto digits = [&](double a) { return any && a != 0 ? static_cast<int>(std::floor(std::log10(a))) + 1 : 1; };
  const int lo = digits(low), hi = digits(high);
  Style s;
  const auto scientific = [&] { out << std::scientific << std::setprecision(4); };
  if (integers) {
    if (hi > 9) {
      scientific();
    } else {
      s.width = hi + 1;
      out << std::defaultfloat;
    }
  } else if (hi - lo > 4) {
    if (std::abs(hi) > 99 || std::abs(lo) > 99) ++s.width;
    scientific();
  } else {
    out << std::fixed << std::setprecision(4);
    if (hi > 5 || hi < 0) {
      s.width = 7;
      s.scale = std::pow(10.0, hi - 1);
    } else {
      s.width = hi == 0 ? 7 : hi + 6;
    }
  }
  return s;
}

void print_scale(std::ostream& out, double scale) {
  const KeepFormat keep(out);
  out << std::defaultfloat << scale << " *\n";
}

void print_matrix(std::ostream& out, const double* v, std::int64_t rows, std::int64_t cols, std::int64_t line,
                  int indent) {
  const Style s = choose_style(out, v, rows * cols);
  const char* const margin = indent ? " " : "";
  out << margin;
  const std::int64_t fit = (line - indent) / (s.width + 1);
  const std::int64_t per_line = fit > 0 ? fit : 1;
  for (std::int64_t first = 0; first < cols; first += per_line) {
    const std::int64_t last = first + per_line < cols ? first + per_line : cols;
    if (per_line < cols) out << (first ? "\n" : "") << "Columns " << first + 1 << " to " << last << margin;
    if (s.scale != 1) {
      print_scale(out, s.scale);
      out << margin;
    }
    for (std::int64_t i = 0; i < rows; ++i) {
      if (i) out << margin << (s.scale != 1 ? " " : "");
      for (std::int64_t j = first; j < last; ++j)
        out << std::setw(s.width) << v[i * cols + j] / s.scale << (j + 1 < last ? ' ' : '\n');
    }
  }
}

}  // namespace

std::ostream& print(std::ostream& out, const Tensor& t, std::int64_t linesize) {
  if (!t.defined()) return out << "[ Tensor (undefined) ]";
  const KeepFormat keep(out);
  std::vector<double> v(static_cast<std::size_t>(t.numel()));
  kernels::to_doubles(ops::array_of(t), v.data());
  const IntArrayRef sizes = t.sizes();
  if (sizes.empty()) {
    out << std::defaultfloat << v[0] << '\n';
  } else if (!v.empty() && sizes.size() == 1) {
    const Style s = choose_style(out, v.data(), sizes[0]);
    if (s.scale != 1) print_scale(out, s.scale);
    for (double x : v) out << std::setw(s.width) << x / s.scale << '\n';
  } else if (!v.empty() && sizes.size() == 2) {
    print_matrix(out, v.data(), sizes[0], sizes[1], linesize, 0);
  } else if (!v.empty()) {
    // Matrix by matrix, the first index running fastest.
    const std::size_t leading = sizes.size() - 2;
    const std::int64_t rows = sizes[leading], cols = sizes[leading + 1];
    const std::int64_t matrices = t.numel() / (rows * cols);
    for (std::int64_t m = 0; m < matrices; ++m) {
      if (m) out << '\n';
      out << '(';
      std::int64_t rest = m, row_major = 0;
      for (std::size_t d = 0; d < leading; ++d) {
        const std::int64_t index = rest % sizes[d];
        rest /= sizes[d];
        row_major = row_major * sizes[d] + index;
        out << index + 1 << ',';
      }
      out << ".,.) = \n";
      print_matrix(out, v.data() + row_major * rows * cols, rows, cols, linesize, 1);
    }
  }
  out << "[ " << t.toString() << '{';
  for (std::size_t i = 0; i < sizes.size(); ++i) out << (i ? "," : "") << sizes[i];
  return out << "} ]";
}

void print(const Tensor& t, std::int64_t linesize) { print(std::cout, t, linesize); }
std::ostream& operator<<(std::ostream& out, const Tensor& t) { return print(out, t, 80); }

std::string Tensor::toString() const {
  if (!defined()) return "UndefinedType";
  const char* name = "Double";
  switch (scalar_type()) {
    case ScalarType::Byte:
      name = "Byte";
      break;
    case ScalarType::Int:
      name = "Int";
      break;
    case ScalarType::Long:
      name = "Long";
      break;
    case ScalarType::Float:
      name = "Float";
      break;
    case ScalarType::Bool:
      name = "Bool";
      break;
    default:
      break;
  }
  return std::string("CPU") + name + "Type";
}

void Tensor::print() const {
  if (!defined()) {
    std::cout << "[UndefinedTensor]\n";
  } else {
    std::cout << '[' << toString() << ' ' << sizes() << "]\n";
  }
}

}  // namespace gradtape::at
