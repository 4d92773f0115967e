#pragma once
// Dropout (Hinton et al., arXiv 1207.0580).
#include "arg.h"
#include "layer.h"

namespace gradtape::nn {

struct DropoutOptions {
  DropoutOptions(double p = 0.5) : p_(p) {}  // NOLINT(google-explicit-constructor)
  GRADTAPE_ARG(double, p);                   // of an element to become 0
  GRADTAPE_ARG(bool, inplace) = false;
};

// In training each element is 0 with probability p, else x / (1 - p); the same as the input in evaluation.
struct DropoutImpl : Module {
  explicit DropoutImpl(double p);
  explicit DropoutImpl(const DropoutOptions& options = {});
  Tensor forward(Tensor input);
  DropoutOptions options;
  GRADTAPE_LAYER(DropoutImpl);
};
GRADTAPE_MODULE(Dropout);

namespace functional {
struct DropoutFuncOptions {
  GRADTAPE_ARG(double, p) = 0.5;
  GRADTAPE_ARG(bool, training) = false;
  GRADTAPE_ARG(bool, inplace) = false;
};
Tensor dropout(Tensor input, const DropoutFuncOptions& options = {});
}  // namespace functional

}  // namespace gradtape::nn
