#pragma once
// What a Tensor handle points to.
#include <functional>
#include <memory>
#include <new>
#include <string>
#include <utility>
#include <vector>

#include "autograd/core/allocator.h"
#include "autograd/core/refcount.h"
#include "autograd/core/thread_state.h"
#include "autograd/dtype.h"
#include "autograd/shape.h"
#include "autograd/tensor.h"

namespace gradtape {

namespace tape {
struct Node;
void release(Node* n) noexcept;
void stop_retaining(TensorImpl& t) noexcept;
}  // namespace tape

// A run of bytes shared by a tensor and its views, with the version that in-place changes raise.
struct Storage {
  RefCount refs{1};
  std::uint32_t version = 0;
  void* data = nullptr;
  std::int64_t bytes = 0;
  Storage* owner = nullptr;  // for Tensor::data(): same bytes, own version
  std::function<void(void*)>* deleter = nullptr;
  const char* last_change = nullptr;  // operation that raised the version last
  unsigned size_class = 0;
};

namespace core {
// Header and elements in one block: the elements follow at the next multiple of 64.
constexpr std::size_t kStorageHeader = 64;
static_assert(sizeof(Storage) <= kStorageHeader);
inline Storage* new_storage(std::int64_t bytes) {
  const Block b = allocate(kStorageHeader + static_cast<std::size_t>(bytes));
  auto* s = new (b.data) Storage;
  s->data = static_cast<char*>(b.data) + kStorageHeader;
  s->bytes = bytes;
  s->size_class = b.size_class;
  return s;
}
Storage* borrow_storage(void* data, std::int64_t bytes, std::function<void(void*)> deleter);
// Same bytes, separate version counter.
Storage* alias_storage(Storage* s);
void destroy(Storage* s) noexcept;
inline void release(Storage* s) noexcept {
  if (s->refs.drop()) destroy(s);
}
}  // namespace core

// How a view was made; all but Normal refuse recorded in-place changes. See Note [In-place changes].
enum class Creation : std::uint8_t { Normal, MultiOutput, NoGrad, Function };

// A function on a tensor's gradient. The tensor keeps it to remove it by number; the node that made the tensor, or the
// sweep when it is a leaf, runs it.
struct Hook {
  std::function<Tensor(Tensor)> run;
  bool removed = false;
};

// What only leaves and hooked tensors need.
struct TensorExtra {
  Tensor grad;
  std::string name;
  std::vector<std::shared_ptr<Hook>> hooks;
  bool retains_grad = false;

  static void* operator new(std::size_t) { return core::Pool<TensorExtra>::take(); }
  static void operator delete(void* p) { core::Pool<TensorExtra>::give(p); }
};

struct TensorImpl {
  RefCount refs{1};
  ScalarType dtype = ScalarType::Undefined;
  bool requires_grad = false;   // leaf flag; a tensor with a node requires grad too
  bool contiguous = true;       // row-major
  bool wrapped_number = false;  // made from a Scalar: takes no part in promotion within its category
  bool inference = false;
  Creation creation = Creation::Normal;
  std::uint32_t output_nr = 0;
  std::uint32_t view_version = 0;  // of a view: the version at which `node` was right
  std::int64_t numel = 1;
  char* data = nullptr;  // first element
  Storage* storage = nullptr;
  tape::Node* node = nullptr;
  TensorImpl* base = nullptr;  // of a view: the tensor that is no view
  TensorExtra* extra = nullptr;
  Shape sizes;
  Strides strides;

  TensorImpl() = default;
  TensorImpl(const Shape& own_sizes, const Strides& own_strides) : sizes(own_sizes), strides(own_strides) {}
  TensorExtra& get_extra() {
    if (!extra) extra = new TensorExtra;
    return *extra;
  }
  template <class T>
  T* ptr() const {
    return reinterpret_cast<T*>(data);
  }
  std::int64_t offset() const { return (data - static_cast<char*>(storage->data)) / gradtape::element_size(dtype); }
};

namespace core {

using ImplPool = Pool<TensorImpl, kOwnClasses>;
inline TensorImpl* new_impl() { return new (ImplPool::take()) TensorImpl; }
// Uninitialised, row-major.
Tensor make_tensor(IntArrayRef sizes, ScalarType dtype);
// The same for the sizes of a row-major tensor.
inline Tensor make_like(const TensorImpl& t, ScalarType dtype) {
  auto* y = new (ImplPool::take()) TensorImpl(t.sizes, t.strides);
  Tensor handle = Tensor::adopt(y);
  y->dtype = dtype;
  y->numel = t.numel;
  y->storage = new_storage(t.numel * gradtape::element_size(dtype));
  y->data = static_cast<char*>(y->storage->data);
  y->inference = tls.inference_mode;
  return handle;
}
// Another impl on the same storage with the given geometry; no view relation, no node. `offset` in elements from the
// first element of `t`.
Tensor make_alias(const TensorImpl& t, IntArrayRef sizes, IntArrayRef strides, std::int64_t offset);
Tensor make_alias(const TensorImpl& t);
bool is_row_major(IntArrayRef sizes, IntArrayRef strides) noexcept;
// Every element has its own place in memory (false for expanded tensors).
bool is_non_overlapping(IntArrayRef sizes, IntArrayRef strides);
void set_geometry(TensorImpl& t, IntArrayRef sizes, IntArrayRef strides);
// dim in [-n, n) -> [0, n); rank 0 counts as rank 1.
std::int64_t wrap_dim(const char* op, std::int64_t dim, std::int64_t n);
// Raises the version after an in-place change by `op`.
void bump_version(TensorImpl& t, const char* op);
// Public dtype: the verification dtype shows as float64.
inline ScalarType shown(ScalarType t) { return t == ScalarType::Verification ? ScalarType::Double : t; }

}  // namespace core
}  // namespace gradtape
