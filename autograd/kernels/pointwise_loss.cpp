#include "autograd/kernels/functors_loss.h"

#include "autograd/kernels/pointwise_run.h"

namespace gradtape::kernels {

GRADTAPE_LEVEL_BINARY_FLOATING(bce_loss, BceLoss)
GRADTAPE_LEVEL_BINARY_FLOATING(bce_logits_loss, BceLogitsLoss)
GRADTAPE_LEVEL_BINARY_FLOATING(mse_loss, MseLoss)
GRADTAPE_LEVEL_BINARY_FLOATING(huber_loss, HuberLoss)

}  // namespace gradtape::kernels
