#pragma once
// References for the rows of views and joins, and the families that are added apart.
#include <algorithm>

#include "table.h"

namespace gradtape::table {

using Index = std::function<Shape(const Shape&)>;

// One result, whose element i is the input's element source(i).
inline Plain picked(const Plain& x, const Shape& sizes, const Index& source) {
  Plain y(sizes);
  std::int64_t k = 0;
  for_each_index(sizes, [&](const Shape& i) { y[k++] = x.at(source(i)); });
  return y;
}
inline Plain reshaped(Plain x, const Shape& sizes) {
  x.sizes = sizes;
  return x;
}
inline Plain without(const Plain& x, std::size_t d) {
  Shape s = x.sizes;
  s.erase(d);
  return reshaped(x, s);
}
// y's dim d is x's dim order[d].
inline Plain permuted(const Plain& x, const std::vector<std::size_t>& order) {
  Shape sizes;
  for (std::size_t d : order) sizes.push_back(x.sizes[d]);
  return picked(x, sizes, [&](const Shape& i) {
    Shape from(i.size(), 0);
    for (std::size_t d = 0; d < i.size(); ++d) from[order[d]] = i[d];
    return from;
  });
}
// start, start + step, .. along d
inline Plain sliced(const Plain& x, std::size_t d, std::int64_t start, std::int64_t count, std::int64_t step = 1) {
  Shape sizes = x.sizes;
  sizes[d] = count;
  return picked(x, sizes, [=](Shape i) {
    i[d] = start + step * i[d];
    return i;
  });
}
inline Plain selected(const Plain& x, std::size_t d, std::int64_t at) { return without(sliced(x, d, at, 1), d); }

inline Plain joined(const Plains& x, std::size_t d) {
  Shape sizes;
  for (const Plain& p : x)
    if (sizes.empty() && p.sizes != Shape{0}) sizes = p.sizes;
  if (sizes.empty()) sizes = x[0].sizes;
  sizes[d] = 0;
  for (const Plain& p : x)
    if (p.sizes.size() == sizes.size()) sizes[d] += p.sizes[d];
  Plain y(sizes);
  std::int64_t start = 0;
  for (const Plain& p : x) {
    if (p.sizes.size() != sizes.size()) continue;
    std::int64_t k = 0;
    for_each_index(p.sizes, [&](Shape i) {
      i[d] += start;
      y.at(i) = p[k++];
    });
    start += p.sizes[d];
  }
  return y;
}

inline Reference one(std::function<Plain(const Plain&)> f) {
  return [f = std::move(f)](const Plains& x) { return Plains{f(x[0])}; };
}

inline Plain diagonal_of(const Plain& x, std::int64_t offset, std::size_t a, std::size_t b) {
  const std::int64_t down = offset < 0 ? -offset : 0, right = offset > 0 ? offset : 0;
  const std::int64_t n = std::max<std::int64_t>(std::min(x.sizes[a] - down, x.sizes[b] - right), 0);
  Shape sizes;
  for (std::size_t d = 0; d < x.sizes.size(); ++d)
    if (d != a && d != b) sizes.push_back(x.sizes[d]);
  sizes.push_back(n);
  return picked(x, sizes, [=](const Shape& i) {
    Shape from(i.size() + 1, 0);
    std::size_t next = 0;
    for (std::size_t d = 0; d < from.size(); ++d)
      from[d] = d == a ? i.back() + down : d == b ? i.back() + right : i[next++];
    return from;
  });
}

inline const std::vector<Shape> kMatrices = {{3, 5}, {1, 4}, {4, 1}, {0, 3}, {20, 17}};
inline const std::vector<Shape> kRankThree = {{2, 3, 4}, {1, 3, 1}, {2, 0, 3}, {5, 8, 9}};
// Shapes of the rows with one input.
inline std::vector<std::vector<Shape>> each(const std::vector<Shape>& shapes) {
  std::vector<std::vector<Shape>> out;
  for (const Shape& s : shapes) out.push_back({s});
  return out;
}
// Shapes of all rows with one input.
inline std::vector<Shape> all_shapes() {
  std::vector<Shape> out;
  for (const auto& s : kOne) out.push_back(s[0]);
  return out;
}

using Add = std::function<void(Row)>;
void add_views(const Add& add);
void add_windows(const Add& add);
void add_scatters(const Add& add);
void add_several(const Add& add);
void add_joins(const Add& add);
void add_repeats(const Add& add);
void add_reordering(const Add& add);
void add_triangles(const Add& add);
void add_padding(const Add& add);
void add_images(const Add& add);

}  // namespace gradtape::table
