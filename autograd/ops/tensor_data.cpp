// Tensors from values written in the program.
#include "autograd/tensor_data.h"

#include "autograd/ops/common.h"

namespace gradtape {
namespace detail {

TensorData::TensorData(const std::vector<bool>& values)
    : kind_(ScalarType::Bool), shape_(Array), data_(&values), size_(values.size()) {
  read_ = [](const void* v, std::size_t i) { return Scalar(bool((*static_cast<const std::vector<bool>*>(v))[i])); };
}

class TensorDataReader {
 public:
  explicit TensorDataReader(const TensorData& data) { visit(data, 0); }
  const Shape& sizes() const { return sizes_; }
  // Double, Long, Byte, Bool, or Undefined when there is no value.
  ScalarType kind() const { return kind_; }

  template <class F>
  static void for_each(const TensorData& d, F& f) {
    if (d.shape_ == TensorData::One) f(d.number_);
    if (d.shape_ == TensorData::Array)
      for (std::size_t i = 0; i < d.size_; ++i) f(d.read_(d.data_, i));
    if (d.shape_ == TensorData::List)
      for (const TensorData& e : d.list_) for_each(e, f);
  }

 private:
  void visit(const TensorData& d, std::size_t depth) {
    if (d.shape_ == TensorData::One || d.shape_ == TensorData::Array) {
      if (kind_ == ScalarType::Undefined) kind_ = d.kind_;
      check<ValueError>(kind_ == d.kind_, "tensor", "all values must be of one kind, but there are ", spoken(kind_),
                        " and ", spoken(d.kind_), "; write them alike (1. beside 2.5)");
    }
    if (d.shape_ == TensorData::One) {
      end(depth);
      return;
    }
    const std::size_t n = d.shape_ == TensorData::List ? d.list_.size() : d.size_;
    level(depth, static_cast<std::int64_t>(n));
    if (d.shape_ == TensorData::List) {
      for (const TensorData& e : d.list_) visit(e, depth + 1);
    } else {
      end(depth + 1);
    }
  }
  // A list of n entries at this depth.
  void level(std::size_t depth, std::int64_t n) {
    check<ValueError>(!ended_ || depth < sizes_.size(), "tensor", "a list stands beside numbers at depth ",
                      static_cast<std::int64_t>(depth));
    if (depth == sizes_.size()) sizes_.push_back(n);
    check<ValueError>(sizes_[depth] == n, "tensor", "lists of one level must be equally long, but at depth ",
                      static_cast<std::int64_t>(depth), " there are lengths ", sizes_[depth], " and ", n);
  }
  void end(std::size_t depth) {
    check<ValueError>(depth == sizes_.size(), "tensor", "a number stands beside lists at depth ",
                      static_cast<std::int64_t>(depth));
    ended_ = true;
  }
  static const char* spoken(ScalarType k) {
    return k == ScalarType::Bool   ? "bools"
           : k == ScalarType::Long ? "integers"
           : k == ScalarType::Byte ? "uint8 numbers"
                                   : "floating-point numbers";
  }

  Shape sizes_;
  bool ended_ = false;
  ScalarType kind_ = ScalarType::Undefined;
};

}  // namespace detail

namespace at {

Tensor tensor(const gradtape::detail::TensorData& data, const TensorOptions& options) {
  const gradtape::detail::TensorDataReader reader(data);
  const bool floating = !is_integral(reader.kind(), true);
  const ScalarType own = floating ? get_default_dtype() : reader.kind();
  Tensor t = empty(reader.sizes(), (options.has_dtype() ? options : options.dtype(own)).requires_grad(false));
  kernels::dispatch_all(ops::type_of(t), [&](auto zero) {
    using T = decltype(zero);
    T* p = t.impl()->ptr<T>();
    auto put = [&](const Scalar& v) {
      *p++ = floating ? kernels::convert<T>(v.toDouble()) : kernels::convert<T>(v.toLong());
    };
    gradtape::detail::TensorDataReader::for_each(data, put);
  });
  return options.requires_grad() ? t.requires_grad_(true) : t;
}

}  // namespace at
}  // namespace gradtape
