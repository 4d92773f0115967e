// The tape seen from outside: positions, statistics, nodes, table, drawing.
#include "check.h"

namespace {
using namespace gradtape;  // NOLINT(google-build-using-namespace)
using check::leaf;

TEST(Tape, PositionsRise) {
  const auto before = tape::statistics();
  const Tensor x = leaf({1, 2});
  EXPECT_EQ(tape::position(), before.position);
  const Tensor y = x * 2, z = y + 1;
  EXPECT_EQ(tape::position(), before.position + 2);
  EXPECT_EQ(y.grad_fn().sequence_nr(), before.position + 1);
  EXPECT_EQ(z.grad_fn().sequence_nr(), before.position + 2);
  EXPECT_EQ(tape::statistics().nodes_alive, before.nodes_alive + 2);
  EXPECT_EQ(tape::statistics().nodes_total, before.nodes_total + 2);
}

TEST(Tape, NodesFromOutside) {
  const Tensor x = leaf({1, 2});
  const Tensor y = x * 2, z = y + x;
  const autograd::GradFn fn = z.grad_fn();
  EXPECT_TRUE(fn);
  EXPECT_EQ(fn->name(), "AddBackward");
  EXPECT_EQ(fn.num_inputs(), 2u);
  const auto next = fn.next_functions();
  ASSERT_EQ(next.size(), 2u);
  EXPECT_TRUE(next[0] == y.grad_fn());
  EXPECT_FALSE(next[1]);
  EXPECT_TRUE(next[0] != fn);
  EXPECT_FALSE(x.grad_fn());
  EXPECT_EQ(x.grad_fn().name(), "None");
  EXPECT_ERROR(Error, x.grad_fn().sequence_nr(), "[sequence_nr] there is no node: the tensor is a leaf");
  EXPECT_EQ(log_softmax(z, 0).grad_fn().name(), "LogSoftmaxBackward");
  // A node outlives its tensor while somebody looks at it.
  autograd::GradFn kept;
  {
    const Tensor t = x * 3;
    kept = t.grad_fn();
  }
  EXPECT_EQ(kept.name(), "MulBackward");
  EXPECT_FALSE(kept.next_functions()[0]);
}

TEST(Tape, Table) {
  const Tensor x = leaf({1, 2, 3}), w = leaf({4, 5, 6});
  w.set_name("weight");
  const Tensor y = x * w;
  const Tensor z = y.sigmoid().sum();
  const auto p = [](const Tensor& t) { return std::to_string(t.grad_fn().sequence_nr()); };
  const std::string text = tape::table(z);
  const auto line = [&](const std::string& name) {
    const std::size_t at = text.find(name);
    EXPECT_NE(at, std::string::npos) << text;
    if (at == std::string::npos) return std::string();
    const std::size_t start = text.rfind('\n', at) + 1;
    return text.substr(start, text.find('\n', at) - start);
  };
  EXPECT_EQ(text.find("position  operation"), 0u);
  EXPECT_NE(line("MulBackward").find(p(y)), std::string::npos);
  EXPECT_NE(line("MulBackward").find("float64[3]"), std::string::npos);
  EXPECT_NE(line("MulBackward").find("leaf weight"), std::string::npos);
  EXPECT_NE(line("MulBackward").find("  48"), std::string::npos);  // x and w, 24 bytes each
  EXPECT_NE(line("SigmoidBackward").find("#" + p(y)), std::string::npos);
  EXPECT_NE(line("SigmoidBackward").find("  24"), std::string::npos);
  EXPECT_NE(line("SumBackward").find("  0"), std::string::npos);
  EXPECT_LT(text.find("SumBackward"), text.find("SigmoidBackward"));
  EXPECT_LT(text.find("SigmoidBackward"), text.find("MulBackward"));
  // A storage that several nodes keep counts once.
  const Tensor a = x * w, b = a * w;
  const std::string twice = tape::table(b);
  EXPECT_NE(twice.find("  48\n"), std::string::npos) << twice;
  EXPECT_NE(twice.find("  24\n"), std::string::npos) << twice;
  EXPECT_EQ(tape::table(x).find('\n'), tape::table(x).size() - 1);  // the heading alone
}

TEST(Tape, Drawing) {
  const Tensor x = leaf({1, 2, 3}), w = leaf({4, 5, 6});
  w.set_name("the \"weight\"");
  const Tensor y = x * w, z = (y + x).sum();
  const auto id = [](const Tensor& t) { return "n" + std::to_string(t.grad_fn().sequence_nr()); };
  const std::string dot = tape::to_dot(z);
  EXPECT_EQ(dot.rfind("digraph", 0), 0u);
  EXPECT_EQ(dot.substr(dot.size() - 2), "}\n");
  const auto has = [&](const std::string& s) { EXPECT_NE(dot.find(s), std::string::npos) << s << "\n" << dot; };
  has(id(y) + " [label=\"MulBackward\\nfloat64[3]\\nsaved 48 bytes\"]");
  has(id(z) + " [label=\"SumBackward\\nfloat64[]\\nsaved 0 bytes\"]");
  has("[shape=ellipse, label=\"float64[3]\"]");
  has("[shape=ellipse, label=\"the \\\"weight\\\" float64[3]\"]");
  has("leaf0 -> " + id(y));
  has("leaf1 -> " + id(y));
  has(id(y) + " -> n");
  has(" -> " + id(z));
  // A leaf that several nodes read is drawn once.
  EXPECT_EQ(dot.find("label=\"float64[3]\""), dot.rfind("label=\"float64[3]\""));
  EXPECT_NE(tape::to_dot(x).find("label=\"float64[3]\""), std::string::npos);
}

TEST(Tape, ViewsInTheTable) {
  const Tensor x = leaf({1, 2, 3, 4}, {2, 2});
  Tensor y = x * 1;
  y[0].mul_(2);
  const std::string text = tape::table(y);
  EXPECT_NE(text.find("CopySlicesBackward"), std::string::npos);
  EXPECT_NE(text.find("SelectBackward"), std::string::npos);
}

}  // namespace
