// Rows of the views of all elements under their other names, and of those that take several tensors.
#include "table_shape.h"

namespace gradtape::table {
namespace {

// y's dim d is x's dim order(d), which may be negative.
Plain reordered(const Plain& x, const std::vector<int>& order) {
  std::vector<std::size_t> wrapped;
  for (int d : order) wrapped.push_back(static_cast<std::size_t>(d < 0 ? d + static_cast<int>(order.size()) : d));
  return permuted(x, wrapped);
}

// NumPy's rule for arrays of lower rank.
Plain at_least(const Plain& x, std::size_t rank) {
  Shape s = x.sizes;
  if (s.empty()) s.push_back(1);
  if (rank >= 2 && s.size() == 1) s.insert(0, 1);
  if (rank >= 3 && s.size() == 2) s.push_back(1);
  return reshaped(x, rank <= x.sizes.size() ? x.sizes : s);
}

Plain broadcast(const Plain& x, const Shape& sizes) {
  return picked(x, sizes, [&](const Shape& i) {
    Shape from = x.sizes;
    for (std::size_t d = 0; d < from.size(); ++d) from[d] = from[d] == 1 ? 0 : i[sizes.size() - from.size() + d];
    return from;
  });
}

void add_permuting(const Add& add) {
  using Swap = Tensor (*)(const Tensor&, std::int64_t, std::int64_t);
  for (const auto& [name, f] : {std::pair<const char*, Swap>{"swapaxes", swapaxes}, {"swapdims", swapdims}})
    add(row(name, single(
                      "0, -1", [f = f](const Tensor& x) { return f(x, 0, -1); },
                      [](const Plain& x) {
                        return reordered(x, x.sizes.size() == 2 ? std::vector<int>{1, 0} : std::vector<int>{2, 1, 0});
                      },
                      {{3, 5}, {2, 3, 4}, {2, 0, 3}, {20, 17}}))
            .also(single(
                "rank 0", [f = f](const Tensor& x) { return f(x, 0, -1); }, [](const Plain& x) { return x; },
                {Shape()}))
            .checked_by("transpose")
            .error([f = f] { f(zero(2, 3), 0, -3); }, {"[transpose]", "dim -3", "rank 2"}));
  using Move = Tensor (*)(const Tensor&, std::int64_t, std::int64_t);
  using MoveAll = Tensor (*)(const Tensor&, IntArrayRef, IntArrayRef);
  struct Moves {
    const char* name;
    Move one;
    MoveAll all;
  };
  for (const Moves& m : {Moves{"movedim", movedim, movedim}, Moves{"moveaxis", moveaxis, moveaxis}})
    add(row(m.name, single(
                        "0 to -1", [f = m.one](const Tensor& x) { return f(x, 0, -1); },
                        [](const Plain& x) {
                          return reordered(x, {1, 2, 0});
                        },
                        kRankThree))
            .also(single(
                "-1 to 0", [f = m.one](const Tensor& x) { return f(x, -1, 0); },
                [](const Plain& x) {
                  return reordered(x, {2, 0, 1});
                }))
            .also(single(
                "0, 1 to 2, 0", [f = m.all](const Tensor& x) { return f(x, ints(0, 1), ints(2, 0)); },
                [](const Plain& x) {
                  return reordered(x, {1, 2, 0});
                }))
            .also(single(
                "rank 0", [f = m.one](const Tensor& x) { return f(x, 0, 0); }, [](const Plain& x) { return x; },
                {Shape()}))
            .checked_by("movedim")
            .error([f = m.all] { f(zero(2, 3), ints(0, 0), ints(0, 1)); }, {"[movedim]", "twice", "[0, 0]"})
            .error([f = m.all] { f(zero(2, 3), 0, ints(0, 1)); }, {"[movedim]", "one length", "[0, 1]"})
            .error([f = m.one] { f(zero(2, 3), 2, 0); }, {"[movedim]", "dim 2", "rank 2"}));
  add(row("mT", single(
                    "", [](const Tensor& x) { return x.mT(); },
                    [](const Plain& x) {
                      return reordered(x, x.sizes.size() == 2 ? std::vector<int>{1, 0} : std::vector<int>{0, 2, 1});
                    },
                    {{3, 5}, {2, 3, 4}, {2, 0, 3}, {20, 17}}))
          .checked_by("transpose")
          .error([] { zero(3).mT(); }, {"[transpose]", "rank 1"}));
  using Turn = Tensor (*)(const Tensor&);
  for (const auto& [name, f] :
       {std::pair<const char*, Turn>{"adjoint", adjoint}, {"mH", [](const Tensor& x) { return x.mH(); }}})
    add(row(name,
            single("", f,
                   [](const Plain& x) {
                     return reordered(x, x.sizes.size() == 2 ? std::vector<int>{1, 0} : std::vector<int>{0, 2, 1});
                   },
                   {{3, 5}, {2, 3, 4}, {2, 0, 3}}))
            .checked_by("transpose"));
  add(row("matrix_H", single(
                          "", [](const Tensor& x) { return x.matrix_H(); },
                          [](const Plain& x) {
                            return reordered(x, {1, 0});
                          },
                          kMatrices))
          .checked_by("t"));
  add(row("numpy_T", single(
                         "", [](const Tensor& x) { return x.numpy_T(); },
                         [](const Plain& x) {
                           std::vector<std::size_t> order;
                           for (std::size_t d = x.sizes.size(); d-- > 0;) order.push_back(d);
                           return permuted(x, order);
                         },
                         all_shapes())));
}

void add_sizes(const Add& add) {
  add(row("ravel", single(
                       "", [](const Tensor& x) { return ravel(x); },
                       [](const Plain& x) { return reshaped(x, {x.numel()}); }, all_shapes()))
          .checked_by("flatten"));
  add(row("unflatten", single(
                           "1 to 2, -1", [](const Tensor& x) { return unflatten(x, 1, ints(2, -1)); },
                           [](const Plain& x) {
                             Shape s = x.sizes;
                             s[1] /= 2;
                             s.insert(1, 2);
                             return reshaped(x, s);
                           },
                           {{3, 4}, {2, 6, 3}, {0, 2}, {5, 60}}))
          .also(single(
              "-1 to 3, 1, 2", [](const Tensor& x) { return unflatten(x, -1, ints(3, 1, 2)); },
              [](const Plain& x) {
                Shape s = x.sizes;
                s.erase(s.size() - 1);
                for (std::int64_t n : {3, 1, 2}) s.push_back(n);
                return reshaped(x, s);
              },
              {Shape{6}, {3, 6}, {0, 6}}))
          .error([] { unflatten(zero(2, 6), 1, ints(4, 2)); }, {"[unflatten]", "[4, 2]", "size 6", "float32[2, 6]"})
          .error([] { unflatten(zero(2, 6), 1, ints(-1, -1)); }, {"[unflatten]", "[-1, -1]"})
          .error([] { unflatten(zero(2, 6), 1, ints()); }, {"[unflatten]", "empty"})
          .error([] { unflatten(zero(), 0, 1); }, {"[unflatten]", "0-d"})
          .error([] { unflatten(zero(2, 6), 2, 1); }, {"[unflatten]", "dim 2"}));
  const std::vector<Shape> small = {Shape(), Shape{3}, Shape{1}, {2, 3}, {2, 1}, {4, 2, 3}, {4, 1, 1}};
  add(row("broadcast_to", single(
                              "", [](const Tensor& x) { return broadcast_to(x, ints(4, 2, 3)); },
                              [](const Plain& x) {
                                return broadcast(x, {4, 2, 3});
                              },
                              small))
          .checked_by("expand")
          .error([] { broadcast_to(zero(2, 3), ints(2, 4)); }, {"[expand]", "float32[2, 3]", "[2, 4]"}));
  add(row("expand_as", single(
                           "", [](const Tensor& x) { return x.expand_as(zero(4, 2, 3)); },
                           [](const Plain& x) {
                             return broadcast(x, {4, 2, 3});
                           },
                           small))
          .checked_by("expand"));
  const auto pairs = [](const Plain& x) { return reshaped(x, {2, x.numel() / 2}); };
  add(row("view_as", single("", [](const Tensor& x) { return x.view_as(zero(2, x.defined() ? x.numel() / 2 : 0)); },
                            pairs, {Shape{6}, {4, 3}, {2, 0}}))
          .laid_out({Layout::Contiguous, Layout::Offset})
          .checked_by("view"));
  add(row("reshape_as",
          single("", [](const Tensor& x) { return x.reshape_as(zero(2, x.defined() ? x.numel() / 2 : 0)); }, pairs,
                 {Shape{6}, {4, 3}, {2, 0}}))
          .checked_by("reshape"));
  add(row("sum_to_size", single(
                             "", [](const Tensor& x) { return x.sum_to_size(ints(1, 3)); },
                             [](const Plain& x) {
                               Plain y(Shape{1, 3});
                               for (std::int64_t k = 0; k < x.numel(); ++k) y[k % 3] += x[k];
                               return y;
                             },
                             {{1, 3}, {4, 3}, {2, 4, 3}, {0, 3}}))
          .sums()
          .checked_by("sum_to")
          .error([] { zero(2, 3).sum_to_size(2); }, {"[sum_to]", "float32[2, 3]", "[2]"}));
  add(row("broadcast_tensors", {"",
                                [](const Tensors& x) { return broadcast_tensors(x); },
                                [](const Plains& x) {
                                  Shape s;
                                  for (const Plain& p : x) s = broadcast_shapes("reference", s, p.sizes);
                                  Plains out;
                                  for (const Plain& p : x) out.push_back(broadcast(p, s));
                                  return out;
                                },
                                kTwo,
                                {Input(), Input()}})
          .also({"three",
                 [](const Tensors& x) { return broadcast_tensors(x); },
                 [](const Plains& x) {
                   Plains out;
                   for (const Plain& p : x) out.push_back(broadcast(p, {2, 3, 4}));
                   return out;
                 },
                 {{{2, 1, 1}, {3, 1}, Shape{4}}},
                 {Input(), Input(), Input()}})
          .error(
              [] {
                broadcast_tensors({zero(2, 3), zero(2)});
              },
              {"[broadcast_tensors]", "[2, 3]", "[2]"}));
}

// The same tensor with another shape; a copy, so that the inputs stay.
void add_in_place(const Add& add) {
  const auto without_ones = [](const Plain& x) {
    Shape s;
    for (std::int64_t n : x.sizes)
      if (n != 1) s.push_back(n);
    return reshaped(x, s);
  };
  const auto swapped = [](const Plain& x) { return reordered(x, {1, 0}); };
  const auto leaf = [](const Shape& s) { return zeros(s).requires_grad_(); };
  add(row("squeeze_", single(
                          "", [](const Tensor& x) { return x.clone().squeeze_(); }, without_ones, all_shapes()))
          .checked_by("clone")
          .also(single(
              "-1", [](const Tensor& x) { return x.clone().squeeze_(-1); },
              [](const Plain& x) { return reshaped(x, {x.sizes[0]}); }, {{3, 1}, {1, 1}}))
          .error(
              [=] {
                leaf({1, 2}).squeeze_();
              },
              {"[squeeze_]", "leaf", "float32[1, 2]"})
          .error([] { zero(2).squeeze_(1); }, {"dim 1", "rank 1"}));
  add(row("unsqueeze_", single(
                            "", [](const Tensor& x) { return x.clone().unsqueeze_(-2); },
                            [](const Plain& x) {
                              Shape s = x.sizes;
                              s.insert(s.size() - 1, 1);
                              return reshaped(x, s);
                            },
                            {Shape{3}, {2, 3}, {0, 3}}))
          .checked_by("clone")
          .error([=] { leaf({2}).unsqueeze_(0); }, {"[unsqueeze_]", "leaf", "float32[2]"}));
  add(row("transpose_", single(
                            "", [](const Tensor& x) { return x.clone().transpose_(0, -1); }, swapped, kMatrices))
          .checked_by("clone")
          .error(
              [=] {
                leaf({2, 3}).transpose_(0, 1);
              },
              {"[transpose_]", "leaf"}));
  add(row("swapaxes_", single(
                           "", [](const Tensor& x) { return x.clone().swapaxes_(0, 1); }, swapped, kMatrices))
          .checked_by("clone"));
  add(row("swapdims_", single(
                           "", [](const Tensor& x) { return x.clone().swapdims_(1, 0); }, swapped, kMatrices))
          .checked_by("clone"));
  add(row("t_", single(
                    "", [](const Tensor& x) { return x.clone().t_(); }, swapped, kMatrices))
          .checked_by("clone")
          .error(
              [=] {
                leaf({2, 3}).t_();
              },
              {"[t_]", "leaf"}));
  const auto diagonal_is_3 = [](Plain x) {
    for_each_index(x.sizes, [&](const Shape& i) {
      if (std::all_of(i.begin(), i.end(), [&](std::int64_t k) { return k == i[0]; })) x.at(i) = 3;
    });
    return x;
  };
  add(row("fill_diagonal_", single("", [](const Tensor& x) { return x.clone().fill_diagonal_(3); }, diagonal_is_3,
                                   {{3, 5}, {5, 2}, {2, 2, 2}, {0, 3}}))
          .checked_by("clone")
          .also(single(
              "wrap", [](const Tensor& x) { return x.clone().fill_diagonal_(3, true); },
              [](Plain x) {
                for (std::int64_t k = 0; k < x.sizes[0]; ++k)
                  if (k % (x.sizes[1] + 1) < x.sizes[1]) x.at({k, k % (x.sizes[1] + 1)}) = 3;
                return x;
              },
              {{7, 2}, {3, 3}, {9, 3}}))
          .error([] { zero(3).fill_diagonal_(1); }, {"[fill_diagonal_]", "rank 2", "float32[3]"})
          .error([] { zero(2, 2, 3).fill_diagonal_(1); }, {"[fill_diagonal_]", "one size", "float32[2, 2, 3]"}));
  const auto first_six = [](const Plain& x) {
    Plain y(Shape{2, 3});
    std::copy(x.v.begin(), x.v.begin() + 6, y.v.begin());
    return y;
  };
  const auto copied = [](const Tensor& x) { return x.defined() ? x.detach().clone() : x; };
  add(row("resize_", single("", [=](const Tensor& x) { return copied(x).resize_(ints(2, 3)); }, first_six,
                            {Shape{6}, {4, 5}, {2, 3, 4}}))
          .constant()
          .error([=] { leaf({2}).resize_(3); }, {"[resize_]", "requires grad", "float32[2]"})
          .error([] { zero(2).resize_(-1); }, {"[resize_]", "negative", "[-1]"})
          .error([] { zero(2, 2)[0].resize_(9); }, {"[resize_]", "share", "clone()"}));
  add(row("resize_as_",
          single("", [=](const Tensor& x) { return copied(x).resize_as_(zero(2, 3)); }, first_six, {Shape{6}, {4, 5}}))
          .constant()
          .checked_by("resize_"));
}

void add_at_least(const Add& add) {
  using One = Tensor (*)(const Tensor&);
  using Several = std::vector<Tensor> (*)(TensorList);
  struct AtLeast {
    const char* name;
    std::size_t rank;
    One one;
    Several several;
  };
  for (const AtLeast& a :
       {AtLeast{"atleast_1d", 1, atleast_1d, atleast_1d}, AtLeast{"atleast_2d", 2, atleast_2d, atleast_2d},
        AtLeast{"atleast_3d", 3, atleast_3d, atleast_3d}})
    add(row(a.name, single(
                        "", a.one, [r = a.rank](const Plain& x) { return at_least(x, r); }, all_shapes()))
            .also({"several",
                   [f = a.several](const Tensors& x) { return f(x); },
                   [r = a.rank](const Plains& x) {
                     return Plains{at_least(x[0], r), at_least(x[1], r)};
                   },
                   {{Shape(), Shape{3}}, {Shape{5}, {2, 3}}, {{2, 3}, {2, 1, 0}}},
                   {Input(), Input()}}));
}

}  // namespace

void add_views(const Add& add) {
  add_permuting(add);
  add_sizes(add);
  add_at_least(add);
  add_in_place(add);
}

}  // namespace gradtape::table
