#include "autograd/core/tensor_impl.h"

#include "autograd/error.h"

namespace gradtape {

namespace core {

Storage* borrow_storage(void* data, std::int64_t bytes, std::function<void(void*)> deleter) {
  Storage* s = new_storage(0);
  s->data = data;
  s->bytes = bytes;
  if (deleter) s->deleter = new std::function<void(void*)>(std::move(deleter));
  return s;
}

Storage* alias_storage(Storage* owner) {
  while (owner->owner) owner = owner->owner;
  Storage* s = new_storage(0);
  s->data = owner->data;
  s->bytes = owner->bytes;
  s->owner = owner;
  owner->refs.add();
  return s;
}

void destroy(Storage* s) noexcept {
  if (s->owner) release(s->owner);
  if (s->deleter) {
    (*s->deleter)(s->data);
    delete s->deleter;
  }
  deallocate(s, s->size_class);
}

bool is_row_major(IntArrayRef sizes, IntArrayRef strides) noexcept {
  std::int64_t expect = 1;
  for (std::size_t i = sizes.size(); i-- > 0;) {
    if (sizes[i] == 0) return true;
    if (sizes[i] != 1 && strides[i] != expect) return false;
    expect *= sizes[i];
  }
  return true;
}

bool is_non_overlapping(IntArrayRef sizes, IntArrayRef strides) {
  // Sort by stride; each stride must step over all that the smaller ones reach.
  Shape order(sizes.size(), 0);
  std::size_t n = 0;
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    if (sizes[i] == 0) return true;
    if (sizes[i] == 1) continue;
    std::size_t k = n++;
    for (; k > 0 && strides[static_cast<std::size_t>(order[k - 1])] > strides[i]; --k) order[k] = order[k - 1];
    order[k] = static_cast<std::int64_t>(i);
  }
  std::int64_t reach = 0;
  for (std::size_t k = 0; k < n; ++k) {
    const auto i = static_cast<std::size_t>(order[k]);
    if (strides[i] <= reach) return false;
    reach += strides[i] * (sizes[i] - 1);
  }
  return true;
}

void set_geometry(TensorImpl& t, IntArrayRef sizes, IntArrayRef strides) {
  t.sizes.assign(sizes.data(), sizes.size());
  t.strides.assign(strides.data(), strides.size());
  t.numel = numel_of(sizes);
  t.contiguous = is_row_major(sizes, strides);
}

Tensor make_tensor(IntArrayRef sizes, ScalarType dtype) {
  std::int64_t numel = 1;
  for (std::int64_t s : sizes) {
    check(s >= 0, "empty", "sizes must not be negative: got ", sizes);
    check(!__builtin_mul_overflow(numel, s, &numel), "empty", "too many elements: ", sizes);
  }
  TensorImpl* t = new_impl();
  Tensor handle = Tensor::adopt(t);
  t->dtype = dtype;
  const std::size_t n = sizes.size();
  t->sizes.assign(sizes.data(), n);
  t->strides.resize(n);
  std::int64_t s = 1;
  for (std::size_t i = n; i-- > 0;) {
    t->strides[i] = s;
    s *= sizes[i] > 0 ? sizes[i] : 1;
  }
  t->numel = numel;
  std::int64_t bytes = 0;
  check(!__builtin_mul_overflow(numel, gradtape::element_size(dtype), &bytes), "empty", "too many elements: ", sizes);
  t->storage = new_storage(bytes);
  t->data = static_cast<char*>(t->storage->data);
  t->inference = tls.inference_mode;
  return handle;
}

Tensor make_alias(const TensorImpl& t, IntArrayRef sizes, IntArrayRef strides, std::int64_t offset) {
  TensorImpl* a = new_impl();
  Tensor handle = Tensor::adopt(a);
  a->dtype = t.dtype;
  set_geometry(*a, sizes, strides);
  a->storage = t.storage;
  a->storage->refs.add();
  a->data = t.data + offset * gradtape::element_size(t.dtype);
  a->inference = t.inference;
  return handle;
}

Tensor make_alias(const TensorImpl& t) {
  TensorImpl* a = new_impl();
  Tensor handle = Tensor::adopt(a);
  a->dtype = t.dtype;
  a->sizes = t.sizes;
  a->strides = t.strides;
  a->numel = t.numel;
  a->contiguous = t.contiguous;
  a->storage = t.storage;
  a->storage->refs.add();
  a->data = t.data;
  a->inference = t.inference;
  return handle;
}

std::int64_t wrap_dim(const char* op, std::int64_t dim, std::int64_t n) {
  const std::int64_t range = n > 0 ? n : 1;
  check<IndexError>(dim >= -range && dim < range, op, "dim ", dim, " is out of range for a tensor of rank ", n,
                    "; need ", -range, " <= dim <= ", range - 1);
  return dim < 0 ? dim + range : dim;
}

void bump_version(TensorImpl& t, const char* op) {
  ++t.storage->version;
  t.storage->last_change = op;
}

}  // namespace core

namespace detail {

void retain(TensorImpl* impl) noexcept { impl->refs.add(); }

void release(TensorImpl* impl) noexcept {
  if (!impl->refs.drop()) return;
  if (impl->extra && impl->extra->retains_grad) tape::stop_retaining(*impl);
  if (impl->storage) core::release(impl->storage);
  if (impl->node) tape::release(impl->node);
  if (impl->base) release(impl->base);
  delete impl->extra;
  impl->~TensorImpl();
  core::ImplPool::give(impl);
}

}  // namespace detail
}  // namespace gradtape
