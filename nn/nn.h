#pragma once
// Modules, losses, initial values.
#include "activation.h"
#include "cloneable.h"
#include "container.h"
#include "init.h"
#include "linear.h"
#include "loss.h"
#include "module.h"
#include "rnn.h"
#include "rnn_cell.h"
#include "utils_rnn.h"
