#pragma once
// The one place that holds the version; CMake reads it from here.
#define GRADTAPE_VERSION_MAJOR 0
#define GRADTAPE_VERSION_MINOR 1
#define GRADTAPE_VERSION_PATCH 0
// 10000 * major + 100 * minor + patch.
#define GRADTAPE_VERSION 100
