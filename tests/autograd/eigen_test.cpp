#include <gradtape/autograd/eigen.h>
#include <gradtape/gradtape.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>

namespace {
using namespace gradtape;  // NOLINT(google-build-using-namespace)

template <class E, class F>
std::string message_of(F f) {
  try {
    f();
  } catch (const E& e) {
    return e.what();
  }
  return "nothing was thrown";
}
bool contains(const std::string& text, const char* part) { return text.find(part) != std::string::npos; }

template <class T>
class EigenTyped : public testing::Test {};
using ElementTypes = testing::Types<float, double, std::int32_t, std::int64_t>;
TYPED_TEST_SUITE(EigenTyped, ElementTypes);

template <class T>
Tensor counting(IntArrayRef sizes) {
  return arange(numel_of(sizes), TensorOptions(dtype_of<T>::value)).reshape(sizes);
}

TYPED_TEST(EigenTyped, MapsReadEveryLayout) {
  using T = TypeParam;
  const Tensor t = counting<T>({3, 4});
  const auto row_major = matrix_map<T>(t);
  ASSERT_EQ(row_major.rows(), 3);
  ASSERT_EQ(row_major.cols(), 4);
  EXPECT_EQ(row_major(2, 1), T(9));
  const Tensor transposed = t.t(), sliced = t.slice(0, 1, 3).slice(1, 0, 4, 2),
               expanded = t.select(1, 1).expand({2, 3});
  EXPECT_EQ(matrix_map<T>(transposed), row_major.transpose());
  EXPECT_EQ(matrix_map<T>(sliced)(1, 1), T(10));
  EXPECT_EQ(matrix_map<T>(expanded)(1, 2), T(9));
  EXPECT_EQ(vector_map<T>(t.select(1, 3))(2), T(11));
  // A product reads the steps, not only the first column.
  const Eigen::Matrix<T, Eigen::Dynamic, Eigen::Dynamic> product = matrix_map<T>(t) * matrix_map<T>(transposed);
  EXPECT_EQ(product(2, 1), T(4 * 8 + 5 * 9 + 6 * 10 + 7 * 11));
}

TYPED_TEST(EigenTyped, WritingGoesIntoTheTensor) {
  using T = TypeParam;
  Tensor t = counting<T>({2, 3});
  const auto before = t._version();
  matrix_map_<T>(t)(1, 2) = T(50);
  EXPECT_EQ(t._version(), before + 1);
  EXPECT_EQ(t[1][2].template item<T>(), T(50));
  matrix_map_<T>(t.t()).row(0).setConstant(T(7));  // a view raises the same version
  EXPECT_EQ(t._version(), before + 2);
  EXPECT_EQ(t[1][0].template item<T>(), T(7));
  vector_map_<T>(t[0]) *= T(2);
  EXPECT_EQ(t[0][0].template item<T>(), T(14));
}

TYPED_TEST(EigenTyped, FromEigenBothStorageOrders) {
  using T = TypeParam;
  Eigen::Matrix<T, Eigen::Dynamic, Eigen::Dynamic, Eigen::ColMajor> c(2, 3);
  Eigen::Matrix<T, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor> r(2, 3);
  c << T(0), T(1), T(2), T(3), T(4), T(5);
  r = c;
  const Tensor expected = counting<T>({2, 3});
  const Tensor from_c = from_eigen(c), from_r = from_eigen(r);
  EXPECT_TRUE(equal(from_c, expected));
  EXPECT_TRUE(equal(from_r, expected));
  EXPECT_FALSE(from_c.is_contiguous());
  EXPECT_TRUE(from_r.is_contiguous());
  EXPECT_EQ(from_c.dtype(), dtype_of<T>::value);
  // Borrowed: both sides see a change.
  c(1, 0) = T(30);
  EXPECT_EQ(from_c[1][0].template item<T>(), T(30));
  matrix_map_<T>(from_c)(0, 0) = T(10);
  EXPECT_EQ(c(0, 0), T(10));
  // Owned: the elements did not move, and outlive the matrix.
  const T* place = c.data();
  const Tensor owned = from_eigen(std::move(c));
  EXPECT_EQ(owned.template data_ptr<T>(), place);
  EXPECT_TRUE(equal(owned, from_eigen(Eigen::Matrix<T, Eigen::Dynamic, Eigen::Dynamic>(matrix_map<T>(owned)))));
}

TEST(Eigen, VectorsBlocksAndExpressions) {
  Eigen::VectorXd v = Eigen::VectorXd::LinSpaced(4, 0, 3);
  EXPECT_EQ(from_eigen(v).sizes(), IntArrayRef({4}));
  EXPECT_EQ(from_eigen(Eigen::RowVector3d(1, 2, 3)).sizes(), IntArrayRef({3}));
  EXPECT_TRUE(equal(from_eigen(v + v), arange(4, kFloat64) * 2));
  EXPECT_TRUE(equal(from_eigen(Eigen::Vector2f(1, 2)), arange(1, 3, kFloat32)));
  EXPECT_TRUE(equal(from_eigen(Eigen::ArrayXXd::Ones(2, 2)), ones({2, 2}, kFloat64)));
  Eigen::MatrixXd m = Eigen::MatrixXd::Zero(4, 5);
  auto block = m.block(1, 2, 2, 2);
  Tensor t = from_eigen(block);
  t.fill_(3);
  EXPECT_EQ(m.sum(), 12);
  EXPECT_EQ(m(2, 3), 3);
  auto row = m.row(2);
  EXPECT_TRUE(equal(from_eigen(row), from_eigen(m)[2]));
  EXPECT_EQ(from_eigen(Eigen::MatrixXd(0, 3)).sizes(), IntArrayRef({0, 3}));
  EXPECT_EQ(matrix_map<double>(zeros({0, 3}, kFloat64)).cols(), 3);
}

TEST(Eigen, OwnedElementsLiveAsLongAsTheLastView) {
  Tensor view;
  {
    const Tensor t = from_eigen(Eigen::MatrixXd(Eigen::MatrixXd::Constant(3, 3, 2.5)));
    view = t.t().slice(0, 1, 3);
  }
  EXPECT_EQ(view.sum().item<double>(), 15);
}

TEST(Eigen, GradientsFlowThroughATensorFromEigen) {
  Eigen::MatrixXd m(2, 2);
  m << 1, 2, 3, 4;
  Tensor x = from_eigen(m).requires_grad_();
  (x * x).sum().backward();
  EXPECT_EQ(matrix_map<double>(x.grad()), 2 * m);
}

TEST(Eigen, AMapIsAnInPlaceChange) {
  Tensor x = ones({2, 2}, TensorOptions(kFloat64).requires_grad(true));
  EXPECT_TRUE(contains(message_of<Error>([&] { matrix_map_<double>(x); }), "[matrix_map_] a leaf that requires grad"));
  Tensor y = x * 2;
  EXPECT_TRUE(contains(message_of<Error>([&] { matrix_map_<double>(y); }), "cannot be recorded"));
  EXPECT_EQ(y._version(), 0U);
  {
    const NoGradGuard guard;
    matrix_map_<double>(x).setConstant(3);  // as an optimizer does
  }
  EXPECT_EQ(x.sum().item<double>(), 12);
  // A saved value that a map may have changed is found in backward.
  Tensor w = full({2, 2}, 5.0, kFloat64);
  const Tensor loss = (x * w).sum();
  matrix_map_<double>(w).setZero();
  const std::string m = message_of<Error>([&] { loss.backward(); });
  EXPECT_TRUE(contains(m, "matrix_map_")) << m;
  EXPECT_TRUE(contains(m, "mul")) << m;
  // Reading changes nothing.
  const auto before = w._version();
  EXPECT_EQ(matrix_map<double>(w).sum(), 0);
  EXPECT_EQ(w._version(), before);
}

TEST(Eigen, Errors) {
  const Tensor t = zeros({2, 3});
  EXPECT_EQ(message_of<TypeError>([&] { matrix_map<double>(t); }),
            "[matrix_map] the tensor is float32[2, 3], the map asked for holds float64");
  EXPECT_EQ(message_of<Error>([&] { vector_map<float>(t); }),
            "[vector_map] need a tensor of rank 1, got float32[2, 3]");
  EXPECT_EQ(message_of<Error>([&] { matrix_map<float>(t[0]); }),
            "[matrix_map] need a tensor of rank 2, got float32[3]");
  EXPECT_TRUE(contains(message_of<Error>([] { matrix_map<float>(Tensor()); }), "[matrix_map] argument 1 is an undef"));
  EXPECT_TRUE(contains(message_of<TypeError>([&] { matrix_map_<int>(t); }), "holds int32"));
  EXPECT_TRUE(contains(message_of<Error>([&] { matrix_map_<float>(t[0].expand({2, 3})); }), "share one place"));
  EXPECT_EQ(t._version(), 0U);
}

}  // namespace
