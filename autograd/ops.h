#pragma once
// Every public operation, a declaration and a formula each, by family. Names, arguments and results are
// libtorch 1.13's. Shapes broadcast by NumPy's rule and dtypes promote (dtype.h) wherever two tensors meet element by
// element. A trailing "ties" or "at 0" names the convention where the derivative does not exist.
#include "ops_activations.h"
#include "ops_binary.h"
#include "ops_convolution.h"
#include "ops_factory.h"
#include "ops_index.h"
#include "ops_linalg.h"
#include "ops_loss.h"
#include "ops_normalization.h"
#include "ops_pointwise.h"
#include "ops_pooling.h"
#include "ops_random.h"
#include "ops_reduce.h"
#include "ops_shape.h"
#include "tensor_data.h"
