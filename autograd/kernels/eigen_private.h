#pragma once
// The library's only include of Eigen, under a name of its own: a user's Eigen, compiled with other flags, must not
// share weak symbols with ours (the linker keeps one of each name).
#define Eigen gradtape_eigen
#define EIGEN_DONT_PARALLELIZE
#if defined(__GNUC__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wsign-conversion"
#if !defined(__clang__)
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif
#endif
#include <Eigen/Core>
#include <Eigen/Eigenvalues>
#include <Eigen/LU>
#if defined(__GNUC__)
#pragma GCC diagnostic pop
#endif
