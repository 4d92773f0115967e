// What the headers declare beside what the table checks, both ways.
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <regex>
#include <set>

#include "declarations.h"
#include "table.h"

namespace gradtape::table {
namespace {

// Operations that have no row for a reason, each with it: "alias of x", or what it is and the file that tests it.
const std::map<std::string, std::string>& reasons() {
  static const std::map<std::string, std::string> all = {
      {"allclose", "a truth value, in tests/autograd/binary_test.cpp"},
      {"arange", "a factory, in tests/autograd/factory_test.cpp"},
      {"bernoulli", "random numbers, in tests/autograd/random_distributions_test.cpp"},
      {"bernoulli_", "random numbers, in tests/autograd/random_distributions_test.cpp"},
      {"cauchy_", "random numbers, in tests/autograd/random_distributions_test.cpp"},
      {"copy_", "an assignment, in tests/autograd/inplace_test.cpp"},
      {"cpu", "a conversion, in tests/autograd/options_test.cpp"},
      {"cuda", "a conversion, in tests/autograd/options_test.cpp"},
      {"dropout", "random numbers, in tests/nn/losses_test.cpp"},
      {"dropout_", "random numbers, in tests/nn/losses_test.cpp"},
      {"empty", "a factory, in tests/autograd/random_test.cpp"},
      {"empty_like", "a factory, in tests/autograd/random_test.cpp"},
      {"empty_strided", "a factory, in tests/autograd/options_test.cpp"},
      {"equal", "a truth value, in tests/autograd/binary_test.cpp"},
      {"exponential_", "random numbers, in tests/autograd/random_distributions_test.cpp"},
      {"eye", "a factory, in tests/autograd/factory_test.cpp"},
      {"fill_", "an assignment, in tests/autograd/inplace_test.cpp"},
      {"from_blob", "a factory, in tests/autograd/factory_test.cpp"},
      {"full", "a factory, in tests/autograd/factory_test.cpp"},
      {"full_like", "a factory, in tests/autograd/factory_test.cpp"},
      {"geometric_", "random numbers, in tests/autograd/random_distributions_test.cpp"},
      {"linspace", "a factory, in tests/autograd/factory_test.cpp"},
      {"log_normal_", "random numbers, in tests/autograd/random_distributions_test.cpp"},
      {"logspace", "a factory, in tests/autograd/factory_test.cpp"},
      {"multinomial", "random numbers, in tests/autograd/random_distributions_test.cpp"},
      {"new_empty", "a factory, in tests/autograd/options_test.cpp"},
      {"new_empty_strided", "a factory, in tests/autograd/options_test.cpp"},
      {"new_full", "a factory, in tests/autograd/options_test.cpp"},
      {"new_ones", "a factory, in tests/autograd/options_test.cpp"},
      {"new_zeros", "a factory, in tests/autograd/options_test.cpp"},
      {"nextafter", "has no plain mathematics of its own, in tests/autograd/binary_test.cpp"},
      {"nextafter_", "the same, in tests/autograd/binary_test.cpp"},
      {"nextafter_out", "the same, in tests/autograd/binary_test.cpp"},
      {"normal", "random numbers, in tests/autograd/random_distributions_test.cpp"},
      {"normal_", "random numbers, in tests/autograd/random_test.cpp"},
      {"ones", "a factory, in tests/autograd/factory_test.cpp"},
      {"ones_like", "a factory, in tests/autograd/factory_test.cpp"},
      {"poisson", "random numbers, in tests/autograd/random_distributions_test.cpp"},
      {"rand", "a factory, in tests/autograd/factory_test.cpp"},
      {"randint", "a factory, in tests/autograd/factory_test.cpp"},
      {"rand_like", "random numbers, in tests/autograd/random_test.cpp"},
      {"randint_like", "a factory, in tests/autograd/options_test.cpp"},
      {"randn_like", "random numbers, in tests/autograd/random_test.cpp"},
      {"randn", "a factory, in tests/autograd/random_test.cpp"},
      {"random_", "random numbers, in tests/autograd/random_distributions_test.cpp"},
      {"randperm", "a factory, in tests/autograd/factory_test.cpp"},
      {"range", "a factory, in tests/autograd/factory_test.cpp"},
      {"scalar_tensor", "a factory, in tests/autograd/factory_test.cpp"},
      {"to", "a conversion, in tests/autograd/options_test.cpp"},
      {"toType", "a conversion, in tests/autograd/options_test.cpp"},
      {"type_as", "a conversion, in tests/autograd/options_test.cpp"},
      {"uniform_", "random numbers, in tests/autograd/random_test.cpp"},
      {"zero_", "an assignment, in tests/autograd/inplace_test.cpp"},
      {"zeros", "a factory, in tests/autograd/factory_test.cpp"},
      {"zeros_like", "a factory, in tests/autograd/factory_test.cpp"},
  };
  return all;
}
enum class Form : std::uint8_t { None, Own, InPlace, Out };
// How the table checks a name: by a row of its own, or with the row of the operation that it is a form of.
Form form_of(const std::string& name) {
  const auto ends = [&](const std::string& s) {
    return name.size() > s.size() && name.compare(name.size() - s.size(), s.size(), s) == 0;
  };
  Form found = Form::None;
  for (const Row& r : rows()) {
    if (r.op == name) return Form::Own;
    if (ends("_") && r.inplace && r.op + "_" == name) found = Form::InPlace;
    if (ends("_out") && r.out && r.op + "_out" == name) found = Form::Out;
  }
  return found;
}

TEST(Coverage, EveryDeclarationHasItsRow) {
  EXPECT_GT(declared_functions().size(), 250u);
  EXPECT_GT(declared_methods().size(), 150u);
  for (const auto* names : {&declared_functions(), &declared_methods()})
    for (const auto& [name, file] : *names) {
      if (reasons().count(name)) continue;
      EXPECT_NE(form_of(name), Form::None)
          << "autograd/" << file << " declares " << name << ", which no row of tests/ops/table_*.cpp checks";
    }
}

TEST(Coverage, EveryRowHasItsDeclaration) {
  for (const Row& r : rows())
    EXPECT_TRUE(declared_functions().count(r.op) || declared_methods().count(r.op))
        << "row " << r.name() << ": no header declares " << r.op;
}

TEST(Coverage, ExceptionsAreStillNeeded) {
  for (const auto& [name, reason] : reasons()) {
    EXPECT_EQ(form_of(name), Form::None) << name << " has its row now: take it off the list (" << reason << ")";
    EXPECT_TRUE(declared_functions().count(name) || declared_methods().count(name)) << name << " is not declared";
    if (reason.rfind("alias of ", 0) == 0) {
      EXPECT_NE(form_of(reason.substr(9)), Form::None) << name << ": " << reason;
    } else if (const auto at = reason.find(", in "); at != std::string::npos) {
      const std::string file = reason.substr(at + 5);
      std::ifstream in(std::string(GRADTAPE_SOURCE_DIR "/") + file);
      const std::string text{std::istreambuf_iterator<char>(in), {}};
      EXPECT_TRUE(std::regex_search(text, std::regex("\\b" + name + "\\("))) << file << " does not call " << name;
    } else {
      ADD_FAILURE() << name << ": the reason names neither an operation nor a file: " << reason;
    }
  }
}

// The reader itself, on what headers contain.
TEST(Coverage, DeclarationsAreRead) {
  const std::string text = R"(
#define LIST(X) X(one) /* a (b) */ \
  X(two)
namespace gradtape::at {
namespace Inner {
enum Inner : int { a, b };
}
struct S { int method(); };
#define F(name)                    \
  Tensor name(const Tensor& self); \
  Tensor& name##_(Tensor& self);
LIST(F)
#undef F
#define PAIR(name, bound) Tensor name(const optional<bound>& v = {});
PAIR(three, Scalar)  // PAIR(not_this)
inline Tensor four(const Tensor& a) { return five(a); }
Tensor operator+(const Tensor& a, const Tensor& b);
using other::six;
std::tuple<Tensor, Tensor> seven(const Tensor& self, IntArrayRef dims = {0, 1},
                                 bool flag = false);  // eight()
}
namespace gradtape::linalg {
inline Tensor nine(const Tensor& input) { return at::ten(input); }
}
)";
  std::string names;
  for (const auto& entry : declarations_in(text, true, "f")) names += entry.first + " ";
  EXPECT_EQ(names, "four one one_ seven three two two_ ");
}

}  // namespace
}  // namespace gradtape::table
