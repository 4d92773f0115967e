#pragma once
#include "adam.h"
#include "adaptive.h"
#include "optimizer.h"
#include "schedulers.h"
#include "sgd.h"
