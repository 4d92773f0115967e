// Rows of padding.
#include "table_shape.h"

namespace gradtape::table {
namespace {

enum class Edge { Constant, Reflect, Replicate, Circular };

// Each place of the result copies a place of x along every padded dim, or is `value`.
std::function<Plain(const Plain&)> padded(const Shape& pad, Edge edge, Real value = 0) {
  return [=](const Plain& x) {
    const std::size_t rank = x.sizes.size();
    Shape s = x.sizes;
    for (std::size_t k = 0; 2 * k < pad.size(); ++k) s[rank - 1 - k] += pad[2 * k] + pad[2 * k + 1];
    Plain y(s);
    std::int64_t number = 0;
    for_each_index(s, [&](Shape i) {
      bool outside = false;
      for (std::size_t k = 0; 2 * k < pad.size(); ++k) {
        const std::size_t d = rank - 1 - k;
        const std::int64_t n = x.sizes[d];
        std::int64_t at = i[d] - pad[2 * k];
        if (edge == Edge::Reflect) at = at < 0 ? -at : at >= n ? 2 * n - 2 - at : at;
        if (edge == Edge::Replicate) at = std::min(std::max<std::int64_t>(at, 0), n - 1);
        if (edge == Edge::Circular) at = (at + n) % n;
        outside = outside || at < 0 || at >= n;
        i[d] = at;
      }
      y[number++] = outside ? value : x.at(i);
    });
    return y;
  };
}

Sample in_mode(const std::string& label, const Shape& p, const char* mode, Edge edge,
               const std::vector<Shape>& shapes = {}) {
  return single(
      label, [=](const Tensor& x) { return at::pad(x, p, mode); }, padded(p, edge), shapes);
}

}  // namespace

void add_padding(const Add& add) {
  add(row("pad", single("1, 2", [](const Tensor& x) { return at::pad(x, ints(1, 2)); }, padded({1, 2}, Edge::Constant),
                        {Shape{3}, {3, 5}, {2, 0}, {0, 3}, {2, 3, 4}, {20, 17}}))
          .also(single("2, 0, -1, 1 with 3",
                       [](const Tensor& x) { return at::pad(x, ints(2, 0, -1, 1), "constant", 3); },
                       padded({2, 0, -1, 1}, Edge::Constant, 3), {{3, 5}, {1, 2}, {2, 3, 4}}))
          .error([] { at::pad(zero(2, 3), ints(1, 1), "mirror"); }, {"[pad]", "\"mirror\"", "\"reflect\""})
          .error([] { at::pad(zero(2, 3), ints(1, 1), "reflect", 2); }, {"[pad]", "\"reflect\"", "value"}));
  const std::vector<Shape> shapes = {{1, 2, 3}, {2, 3, 4}, {5, 8, 9}};
  add(row("pad", in_mode("2, 1", {2, 1}, "reflect", Edge::Reflect, shapes))
          .named("reflect")
          .also(in_mode("1, 0, 2, 1", {1, 0, 2, 1}, "reflect", Edge::Reflect, {{1, 1, 3, 2}, {2, 3, 4}}))
          .also(in_mode("-1, 2", {-1, 2}, "reflect", Edge::Reflect, {{1, 2, 4}}))
          .error([] { at::pad(zero(1, 2, 3), ints(3, 0), "reflect"); },
                 {"[pad]", "3", "too large", "size 3", "float32[1, 2, 3]"})
          .error([] { at::pad(zero(3), ints(1, 0, 1), "reflect"); }, {"[pad]", "even", "[1, 0, 1]"})
          .error([] { at::pad(zero(3), ints(1, 0, 1, 0), "reflect"); }, {"[pad]", "[1, 0, 1, 0]", "float32[3]"}));
  add(row("pad", in_mode("2, 5", {2, 5}, "replicate", Edge::Replicate, shapes))
          .named("replicate")
          .also(in_mode("1, 0, 2, 1", {1, 0, 2, 1}, "replicate", Edge::Replicate, {{1, 1, 3, 2}, {2, 3, 4}}))
          .also(in_mode("-1, 2", {-1, 2}, "replicate", Edge::Replicate, {{1, 2, 4}}))
          .error([] { at::pad(zero(1, 2, 0), ints(1, 0), "replicate"); }, {"[pad]", "float32[1, 2, 0]"}));
  add(row("pad", in_mode("2, 3", {2, 3}, "circular", Edge::Circular, shapes))
          .named("circular")
          .also(in_mode("1, 0, 2, 1", {1, 0, 2, 1}, "circular", Edge::Circular, {{1, 1, 3, 2}, {2, 3, 4}}))
          // What is cut off does not come back.
          .also(single(
              "-1, 2", [](const Tensor& x) { return at::pad(x, ints(-1, 2), "circular"); },
              [](const Plain& x) {
                return padded({0, 2}, Edge::Circular)(sliced(x, 2, 1, x.sizes[2] - 1));
              },
              {{1, 2, 4}, {1, 2, 3}}))
          .error([] { at::pad(zero(1, 2, 3), ints(4, 0), "circular"); }, {"[pad]", "4", "too large", "size 3"}));
  add(row("constant_pad_nd",
          single("1, 0, 0, 2 with 2", [](const Tensor& x) { return constant_pad_nd(x, ints(1, 0, 0, 2), 2); },
                 padded({1, 0, 0, 2}, Edge::Constant, 2), {{3, 5}, {2, 0}, {2, 3, 4}, {20, 17}}))
          .also(single("cuts", [](const Tensor& x) { return constant_pad_nd(x, ints(-1, -1)); },
                       padded({-1, -1}, Edge::Constant), {Shape{2}, {3, 5}}))
          .also(single(
              "rank 0", [](const Tensor& x) { return constant_pad_nd(x, ints()); }, [](const Plain& x) { return x; },
              {Shape()}))
          .error([] { constant_pad_nd(zero(2), ints(-2, -1)); }, {"[constant_pad_nd]", "-2", "-1", "float32[2]"})
          .error([] { constant_pad_nd(zero(2), 1); }, {"[constant_pad_nd]", "even", "[1]"})
          .error([] { constant_pad_nd(zero(2), ints(0, 0, 1, 1)); }, {"[constant_pad_nd]", "float32[2]"}));
  using Pad = Tensor (*)(const Tensor&, IntArrayRef);
  struct Fixed {
    const char* name;
    Pad f;
    Edge edge;
    Shape pad;
    std::vector<Shape> shapes;
  };
  const std::vector<Shape> s1 = {{2, 3}, {2, 3, 4}}, s2 = {{2, 3, 4}, {1, 2, 3, 4}},
                           s3 = {{1, 2, 3, 2}, {1, 2, 2, 3, 2}};
  const Shape p1 = {1, 2}, p2 = {1, 2, 2, 0}, p3 = {1, 0, 1, 2, 0, 1};
  for (const Fixed& r : {Fixed{"reflection_pad1d", reflection_pad1d, Edge::Reflect, p1, s1},
                         Fixed{"reflection_pad2d", reflection_pad2d, Edge::Reflect, p2, s2},
                         Fixed{"reflection_pad3d", reflection_pad3d, Edge::Reflect, p3, s3},
                         Fixed{"replication_pad1d", replication_pad1d, Edge::Replicate, p1, s1},
                         Fixed{"replication_pad2d", replication_pad2d, Edge::Replicate, p2, s2},
                         Fixed{"replication_pad3d", replication_pad3d, Edge::Replicate, p3, s3}}) {
    const std::string in_brackets = std::string("[") + r.name + "]";
    add(row(r.name, single(
                        "", [f = r.f, p = r.pad](const Tensor& x) { return f(x, p); }, padded(r.pad, r.edge), r.shapes))
            .error([f = r.f, p = r.pad] { f(zero(3), p); }, {in_brackets, "rank", "float32[3]"})
            .error([f = r.f, s = r.shapes[0]] { f(zeros(s), 1); }, {in_brackets, "numbers", "[1]"}));
  }
}

}  // namespace gradtape::table
