#pragma once
// What every layer of the library declares. A layer is a class NameImpl with a constructor from its options, forward(),
// a member `options`, and GRADTAPE_LAYER last; its .cpp has these four and GRADTAPE_LAYER_DEFINITION. Classes of yours
// use Cloneable instead, which costs a program that includes it more to compile.
#include "arg.h"
#include "module.h"

// reset() registers parameters, buffers and children and sets them to their initial state.
#define GRADTAPE_LAYER(Impl)                              \
 public:                                                  \
  ~Impl() override;                                       \
  void reset();                                           \
  void pretty_print(std::ostream& stream) const override; \
                                                          \
 private:                                                 \
  const ::gradtape::nn::detail::CloneTable* clone_table() const override
