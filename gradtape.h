#pragma once
// Everything a script needs. Opt-in beside it: nn/data/data.h (datasets and their loader), autograd/eigen.h,
// nn/lecture.h, torch/torch.h.
#include "autograd/autograd.h"
#include "nn/nn.h"
#include "nn/optim/optim.h"
