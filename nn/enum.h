#pragma once
// Choices that options take by name: kMean, kFanIn, kReLU, ... Each is an object of a type of its own, so that an
// option accepts its own choices only; anything else does not compile.
#include <cstdint>
#include <type_traits>

#include "../autograd/ops.h"

namespace gradtape {

// clang-format off
#define GRADTAPE_CHOICES(X)                                                                                       \
  X(Linear)                                                                                                       \
  X(Conv1D)                                                                                                       \
  X(Conv2D) X(Conv3D) X(ConvTranspose1D) X(ConvTranspose2D) X(ConvTranspose3D) X(Sigmoid) X(Tanh) X(ReLU) X(GELU) \
      X(SiLU) X(Mish) X(LeakyReLU) X(FanIn) X(FanOut) X(Constant) X(Reflect) X(Replicate) X(Circular) X(Nearest)  \
          X(Bilinear) X(Bicubic) X(Trilinear) X(Area) X(NearestExact) X(Sum) X(Mean) X(Max) X(None) X(BatchMean)  \
              X(Zeros) X(Border) X(Reflection) X(RNN_TANH) X(RNN_RELU) X(LSTM) X(GRU) X(Valid) X(Same)
// clang-format on

namespace enumtype {

enum class Id : std::uint8_t {
#define GRADTAPE_CHOICE(name) name,
  GRADTAPE_CHOICES(GRADTAPE_CHOICE)
#undef GRADTAPE_CHOICE
};
#define GRADTAPE_CHOICE(name)          \
  struct k##name {                     \
    static constexpr Id id = Id::name; \
  };
GRADTAPE_CHOICES(GRADTAPE_CHOICE)
#undef GRADTAPE_CHOICE

// One of `Choices`.
template <class... Choices>
class OneOf {
 public:
  template <class C, std::enable_if_t<(std::is_same_v<C, Choices> || ...), int> = 0>
  constexpr OneOf(C) : id_(C::id) {}  // NOLINT(google-explicit-constructor)
  constexpr Id id() const { return id_; }
  template <class C>
  constexpr bool is() const {
    return id_ == C::id;
  }
  friend constexpr bool operator==(OneOf a, OneOf b) { return a.id_ == b.id_; }
  friend constexpr bool operator!=(OneOf a, OneOf b) { return a.id_ != b.id_; }

 private:
  Id id_;
};

// "kMean".
const char* name_of(Id id) noexcept;
template <class... C>
const char* get_enum_name(OneOf<C...> v) {
  return name_of(v.id());
}

}  // namespace enumtype

#define GRADTAPE_CHOICE(name) constexpr enumtype::k##name k##name{};
GRADTAPE_CHOICES(GRADTAPE_CHOICE)
#undef GRADTAPE_CHOICE

namespace nn {
// How a loss over many elements becomes one number, or stays.
using reduction_t = enumtype::OneOf<enumtype::kNone, enumtype::kMean, enumtype::kSum>;
constexpr std::int64_t reduction_of(reduction_t r) {
  return r.is<enumtype::kNone>() ? Reduction::None : r.is<enumtype::kMean>() ? Reduction::Mean : Reduction::Sum;
}
}  // namespace nn
}  // namespace gradtape
