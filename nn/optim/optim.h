#pragma once
#include "adam.h"
#include "optimizer.h"
#include "sgd.h"
