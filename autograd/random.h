#pragma once
// Random numbers: generators here, tensors of random numbers in ops_random.h.
#include "generator.h"
#include "tensor.h"
