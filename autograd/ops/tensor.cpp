// The handle itself: geometry, elements, what the tape knows of it.
#include "autograd/tensor.h"

#include "autograd/kernels/copy.h"
#include "autograd/kernels/pointwise.h"
#include "autograd/ops/common.h"

namespace gradtape::at {
using namespace ops;  // NOLINT(google-build-using-namespace)

namespace {
TensorImpl& need(const char* op, const Tensor& t) {
  check(t.defined(), op, "called on an undefined tensor");
  return *t.impl();
}
}  // namespace

std::int64_t Tensor::dim() const { return static_cast<std::int64_t>(need("dim", *this).sizes.size()); }
IntArrayRef Tensor::sizes() const { return need("sizes", *this).sizes; }
IntArrayRef Tensor::strides() const { return need("strides", *this).strides; }
std::int64_t Tensor::size(std::int64_t dim) const {
  const Shape& s = need("size", *this).sizes;
  check<IndexError>(!s.empty(), "size", "a 0-d tensor has no dim ", dim);
  return s[static_cast<std::size_t>(wrap_dim("size", dim, static_cast<std::int64_t>(s.size())))];
}
std::int64_t Tensor::stride(std::int64_t dim) const {
  const Strides& s = need("stride", *this).strides;
  check<IndexError>(!s.empty(), "stride", "a 0-d tensor has no dim ", dim);
  return s[static_cast<std::size_t>(wrap_dim("stride", dim, static_cast<std::int64_t>(s.size())))];
}
std::int64_t Tensor::numel() const { return need("numel", *this).numel; }
std::int64_t Tensor::storage_offset() const { return need("storage_offset", *this).offset(); }
ScalarType Tensor::scalar_type() const { return core::shown(need("dtype", *this).dtype); }
std::int64_t Tensor::element_size() const { return gradtape::element_size(scalar_type()); }
bool Tensor::is_contiguous() const { return need("is_contiguous", *this).contiguous; }
bool Tensor::is_contiguous(MemoryFormat format) const {
  const TensorImpl& t = need("is_contiguous", *this);
  const std::size_t rank = format == MemoryFormat::ChannelsLast ? 4 : 5;
  if (format == MemoryFormat::Contiguous || format == MemoryFormat::Preserve) return t.contiguous;
  if (t.sizes.size() != rank) return false;
  Shape sizes;
  Strides strides;
  for (std::size_t i = 0; i < rank; ++i) {
    const std::size_t from = i == 0 ? 0 : i + 1 == rank ? 1 : i + 1;
    sizes.push_back(t.sizes[from]);
    strides.push_back(t.strides[from]);
  }
  return core::is_row_major(sizes, strides);
}
bool Tensor::is_set_to(const Tensor& o) const {
  const TensorImpl &a = need("is_set_to", *this), &b = need("is_set_to", o);
  return a.storage == b.storage && a.data == b.data && a.sizes == b.sizes && a.strides == b.strides;
}
std::size_t Tensor::use_count() const noexcept { return impl_ ? impl_->refs.value() : 0; }
bool Tensor::is_alias_of(const Tensor& o) const {
  const Storage *a = need("is_alias_of", *this).storage, *b = need("is_alias_of", o).storage;
  return (a->owner ? a->owner : a) == (b->owner ? b->owner : b);
}

void* Tensor::data_ptr() const { return typed_data(need("data_ptr", *this).dtype); }

void* Tensor::typed_data(ScalarType want) const {
  const TensorImpl& t = need("data_ptr", *this);
  if (t.dtype == ScalarType::Verification) {
    // The complex step cannot follow what is read or written through a pointer.
    tls.left_library = true;
    fail("data_ptr", "gradcheck cannot follow elements of ", *this,
         " that are reached by pointer; use tensor operations");
  }
  check<TypeError>(t.dtype == want, "data_ptr", "the tensor is ", *this, ", the pointer asked for is to ", want);
  return t.data;
}

void Tensor::check_rank(std::size_t n) const {
  check(sizes().size() == n, "accessor", "the tensor is ", *this, ", the accessor is for rank ", n);
}

bool Tensor::is_nonzero() const {
  check(need("is_nonzero", *this).numel == 1, "is_nonzero", "need a tensor with one element, got ", *this);
  return item().toBool();
}

Scalar Tensor::item() const {
  const TensorImpl& t = need("item", *this);
  check(t.numel == 1, "item", "need a tensor with one element, got ", *this);
  if (t.dtype == kInt64) return *t.ptr<std::int64_t>();
  const kernels::Complex v = kernels::read_scalar(array_of(*this));
  if (v.imag() != 0) tls.left_library = true;
  if (t.dtype == kBool) return v.real() != 0;
  if (is_integral(t.dtype)) return static_cast<std::int64_t>(v.real());
  return v.real();
}

bool Tensor::requires_grad() const {
  TensorImpl& t = need("requires_grad", *this);
  return tape::has_lost_base(t) || tape::tracks(&t);
}
const Tensor& Tensor::requires_grad_(bool v) const {
  TensorImpl& t = need("requires_grad_", *this);
  check<TypeError>(!v || is_floating(t.dtype), "requires_grad_",
                   "only floating-point tensors can require gradients: ", *this);
  check(v || !tape::node_of(t), "requires_grad_", "a tensor made by an operation (", grad_fn().name(),
        ") always requires grad: ", *this, "; use detach()");
  check(!v || !t.inference || tls.inference_mode, "requires_grad_", "an inference tensor cannot require grad: ", *this,
        "; clone() it outside InferenceMode");
  if (!t.node) t.requires_grad = v;
  return *this;
}
bool Tensor::is_leaf() const {
  TensorImpl& t = need("is_leaf", *this);
  return (tape::has_lost_base(t) ? t.node : tape::node_of(t)) == nullptr;
}
const Tensor& Tensor::grad() const {
  static const Tensor none;
  const TensorImpl& t = need("grad", *this);
  return t.extra ? t.extra->grad : none;
}
Tensor& Tensor::mutable_grad() const { return need("mutable_grad", *this).get_extra().grad; }
autograd::GradFn Tensor::grad_fn() const { return autograd::GradFn(tape::node_of(need("grad_fn", *this))); }

Tensor Tensor::detach() const {
  TensorImpl& t = need("detach", *this);
  Tensor y = core::make_alias(t);
  y.impl()->wrapped_number = t.wrapped_number;
  return y;
}
Tensor& Tensor::detach_() const {
  TensorImpl& t = need("detach_", *this);
  check(!t.base, "detach_", "a view cannot be detached in place: ", *this, "; use detach()");
  if (t.node) tape::set_history(t, nullptr, 0);
  if (t.extra) t.extra->hooks.clear();
  t.requires_grad = false;
  return const_cast<Tensor&>(*this);
}
Tensor Tensor::data() const {
  TensorImpl& t = need("data", *this);
  Tensor y = core::make_alias(t);
  TensorImpl& i = *y.impl();
  Storage* own = core::alias_storage(t.storage);
  core::release(i.storage);
  i.storage = own;
  return y;
}
void Tensor::set_data(const Tensor& o) const {
  TensorImpl& t = need("set_data", *this);
  TensorImpl& s = need("set_data", o);
  check(!t.base, "set_data", "the data of a view cannot be replaced: ", *this);
  check<TypeError>(!t.requires_grad || is_floating(s.dtype), "set_data", *this, " requires grad; got ", o);
  s.storage->refs.add();
  core::release(t.storage);
  t.storage = s.storage;
  t.data = s.data;
  t.dtype = s.dtype;
  core::set_geometry(t, s.sizes, s.strides);
}

void Tensor::retain_grad() const {
  TensorImpl& t = need("retain_grad", *this);
  check(requires_grad(), "retain_grad", *this, " does not require grad");
  if (tape::node_of(t) && !retains_grad()) tape::start_retaining(t);
}
bool Tensor::retains_grad() const {
  const TensorImpl& t = need("retains_grad", *this);
  return t.extra && t.extra->retains_grad;
}
unsigned Tensor::register_hook(std::function<Tensor(Tensor)> hook) const {
  TensorImpl& t = need("register_hook", *this);
  check(requires_grad(), "register_hook", *this, " does not require grad");
  check(hook != nullptr, "register_hook", "the function is empty");
  return tape::add_hook(t, std::move(hook));
}
void Tensor::remove_hook(unsigned position) const {
  TensorImpl& t = need("remove_hook", *this);
  check<IndexError>(tape::remove_hook(t, position), "remove_hook", *this, " has no hook ", position);
}

bool Tensor::is_view() const { return need("is_view", *this).base != nullptr; }
Tensor Tensor::_base() const {
  const TensorImpl& t = need("_base", *this);
  check(t.base != nullptr, "_base", *this, " is not a view");
  return Tensor::share(t.base);
}
std::uint32_t Tensor::_version() const {
  const TensorImpl& t = need("_version", *this);
  check(!t.inference, "_version", "inference tensors have no version: ", *this);
  return t.storage->version;
}
std::int64_t Tensor::output_nr() const { return need("output_nr", *this).output_nr; }
bool Tensor::is_inference() const { return need("is_inference", *this).inference; }
const std::string& Tensor::name() const {
  static const std::string none;
  const TensorImpl& t = need("name", *this);
  return t.extra ? t.extra->name : none;
}
const Tensor& Tensor::set_name(const std::string& name) const {
  need("set_name", *this).get_extra().name = name;
  return *this;
}

}  // namespace gradtape::at
