// Our tensors beside the user's own Eigen.
#include <gradtape/autograd/eigen.h>
#include <gradtape/gradtape.h>

#include <Eigen/Dense>
#include <cstdio>

int main() {
  const Eigen::MatrixXd a = (Eigen::MatrixXd(2, 2) << 2, 1, 1, 3).finished();
  const gradtape::Tensor t = gradtape::from_eigen(Eigen::MatrixXd(a.inverse()));
  const double error = (gradtape::matrix_map<double>(t) * a - Eigen::MatrixXd::Identity(2, 2)).norm();
  std::printf("inverse times matrix is off by %g\n", error);
  return error < 1e-12 ? 0 : 1;
}
