#pragma once
// Datasets, transforms, samplers and the loader. Not part of gradtape.h: include it where data are loaded.
#include "dataset.h"
#include "files.h"
#include "loader.h"
#include "samplers.h"
#include "transforms.h"

namespace gradtape::data {
using datasets::BatchDataset;
using datasets::Dataset;
}  // namespace gradtape::data
