#include "autograd/kernels/convolution.h"

#include "autograd/kernels/convolution_plain.h"
#include "autograd/kernels/convolution_plan.h"
#include "autograd/kernels/levels.h"
#include "autograd/kernels/parallel.h"
#include "autograd/kernels/workspace.h"

namespace gradtape::kernels {
namespace {

constexpr Int kBlockBytes = 256 * 1024;  // of copied images at a time
constexpr Int kSumBytes = 2048 * 1024;   // of sums of the kernel's gradient at a time

// Runs are short: a call of memcpy would cost more than the copy.
template <class T>
inline void copy_run(T* to, const T* from, Int n) {
  for (Int i = 0; i < n; ++i) to[i] = from[i];
}
template <class T>
inline void zero_run(T* to, Int n) {
  for (Int i = 0; i < n; ++i) to[i] = T(0);
}

// One channel of `images` images, `image_step` apart.
template <class T>
void copy_images(T* to, const T* from, const Plan& p, const Int (&size)[3], Int images, Int image_step) {
  const Axis &d = p.axis[0], &h = p.axis[1], &w = p.axis[2];
  for (Int slot = 0; slot < d.slots * h.slots * w.slots; ++slot) {
    const Int rd = p.residue[0][slot / w.slots / h.slots], rh = p.residue[1][slot / w.slots % h.slots],
              rw = p.residue[2][slot % w.slots];
    const Int left = w.origin + rw;
    Int low = ceil_div(-left, w.step), high = floor_div(size[2] - 1 - left, w.step) + 1;
    low = low < 0 ? 0 : low > w.extent ? w.extent : low;
    high = high < low ? low : high > w.extent ? w.extent : high;
    for (Int n = 0; n < images; ++n) {
      for (Int z = 0; z < d.extent; ++z) {
        const Int iz = z * d.step + rd + d.origin;
        for (Int y = 0; y < h.extent; ++y, to += w.extent) {
          const Int iy = y * h.step + rh + h.origin;
          if (iz < 0 || iz >= size[0] || iy < 0 || iy >= size[1]) {
            zero_run(to, w.extent);
            continue;
          }
          const T* row = from + n * image_step + (iz * size[1] + iy) * size[2] + left;
          zero_run(to, low);
          if (w.step == 1) {
            copy_run(to + low, row + low, high - low);
          } else if (w.step == 2) {
            for (Int x = low; x < high; ++x) to[x] = row[2 * x];
          } else {
            for (Int x = low; x < high; ++x) to[x] = row[x * w.step];
          }
          zero_run(to + high, w.extent - high);
        }
      }
    }
  }
}

// to[k] = the sum of L lanes.
template <int L, class T>
void sum_lanes(T* to, const T* lanes, Int count) {
  for (Int k = 0; k < count; ++k, lanes += L) {
    T s[L];
    for (int j = 0; j < L; ++j) s[j] = lanes[j];
    for (int half = L / 2; half > 0; half /= 2)
      for (int j = 0; j < half; ++j) s[j] += s[j + half];
    to[k] = s[0];
  }
}

template <class T>
const ConvolutionKernels<T>& layer_kernels() {
  if constexpr (sizeof(T) == sizeof(float)) {
    return GRADTAPE_AT_LEVEL(convolution_f32);
  } else {
    return GRADTAPE_AT_LEVEL(convolution_f64);
  }
}

// A part of the result: outputs `start + q * step` for q < count.
struct Part {
  Int count[3], start[3], step[3];
  Int taps, first_tap;  // of one channel
};

// y from x, or with `adjoint` x from y.
template <class T>
void apply(const Convolution& c, bool adjoint, T* out, const T* in, const T* w, const T* bias) {
  const auto& in_size = adjoint ? c.out : c.in;
  const auto& out_size = adjoint ? c.in : c.out;
  const Int from = adjoint ? c.out_channels : c.in_channels, to = adjoint ? c.in_channels : c.out_channels;
  const Int taps = area(c.kernel), in_area = area(in_size), out_area = area(out_size);
  const Int w_from = adjoint ? c.in_channels * taps : taps, w_to = adjoint ? taps : c.in_channels * taps;
  if (c.batch == 0 || out_area == 0) return;
  const Workspace tables(static_cast<std::size_t>(plan_size(c)) * sizeof(Int));
  Plan p;
  place_tables(p, c, tables.as<Int>());
  adjoint ? plan_adjoint(p, c) : plan_forward(p, c);

  const Int elements = static_cast<Int>(sizeof(T));
  const Int width = layer_kernels<T>().vector_bytes / elements * layer_kernels<T>().tap_vectors;
  Int images = kBlockBytes / elements / ((from * p.images() + to * p.image()) + 1);
  images = images < 1 ? 1 : images > c.batch ? c.batch : images;
  const Int line = images * p.image() + width;  // of one channel of results
  const Int source_size = from * images * p.images() + p.images() + width;
  const Workspace memory(static_cast<std::size_t>(source_size + to * line + to * from * taps) * sizeof(T));
  T *source = memory.as<T>(), *results = source + source_size, *packed = results + to * line;
  const Int parts = p.axis[0].grids * p.axis[1].grids * p.axis[2].grids;
  const Workspace lists(static_cast<std::size_t>(parts) * sizeof(Part) +
                        static_cast<std::size_t>((from + 2) * taps) * sizeof(Int));
  Part* part = lists.as<Part>();
  Int* offsets = reinterpret_cast<Int*>(part + parts);  // channel by channel within a part
  Int* tap_number = offsets + from * taps;
  Int* tap_offset = tap_number + taps;

  // Which taps each part has, and where they look; `block` images stand side by side.
  const auto list_taps = [&](Int block) {
    Int next = 0;
    for (Int k = 0; k < parts; ++k) {
      Part& q = part[k];
      const Int grid[3] = {k / p.axis[2].grids / p.axis[1].grids, k / p.axis[2].grids % p.axis[1].grids,
                           k % p.axis[2].grids};
      for (int d = 0; d < 3; ++d) {
        q.count[d] = p.grid_count[d][grid[d]];
        q.start[d] = p.grid_start[d][grid[d]];
        q.step[d] = adjoint ? c.stride[d] : 1;
      }
      q.first_tap = next;
      for (Int t = 0; t < taps; ++t) {
        const Int at[3] = {t / c.kernel[2] / c.kernel[1], t / c.kernel[2] % c.kernel[1], t % c.kernel[2]};
        Int slot = 0, shift = 0;
        bool mine = true;
        for (int d = 0; d < 3; ++d) {
          const Int i = p.first[d] + at[d];
          mine = mine && p.grid[i] == grid[d];
          slot = slot * p.axis[d].slots + p.slot[i];
          shift = shift * p.axis[d].extent + p.shift[i];
        }
        if (!mine) continue;
        tap_number[next] = t;
        tap_offset[next++] = slot * block * p.image() + shift;
      }
      q.taps = next - q.first_tap;
      for (Int i = 0; i < from; ++i)
        for (Int t = 0; t < q.taps; ++t)
          offsets[q.first_tap * from + i * q.taps + t] = i * block * p.images() + tap_offset[q.first_tap + t];
    }
  };
  const auto pack = [&](const T* weight) {
    const Int tiles = tile_count(to, layer_kernels<T>().tap_rows);
    for (Int k = 0; k < parts; ++k) {
      const Part& q = part[k];
      T* put = packed + q.first_tap * from * to;
      for (Int tile = 0; tile < tiles; ++tile)
        for (Int i = 0; i < from; ++i)
          for (Int t = 0; t < q.taps; ++t)
            for (Int o = tile_start(to, tiles, tile); o < tile_start(to, tiles, tile + 1); ++o)
              *put++ = weight[o * w_to + i * w_from + tap_number[q.first_tap + t]];
    }
  };
  const auto write_out = [&](const Part& q, T* result, Int block) {
    for (Int o = 0; o < to; ++o)
      for (Int n = 0; n < block; ++n) {
        T* image = result + (n * c.groups * to + o) * out_area;
        const T* line_of = results + o * line + n * p.image();
        for (Int z = 0; z < q.count[0]; ++z)
          for (Int y = 0; y < q.count[1]; ++y) {
            const T* row = line_of + (z * p.axis[1].extent + y) * p.axis[2].extent;
            T* put = image + ((q.start[0] + z * q.step[0]) * out_size[1] + q.start[1] + y * q.step[1]) * out_size[2] +
                     q.start[2];
            if (q.step[2] == 1) {
              copy_run(put, row, q.count[2]);
            } else {
              for (Int x = 0; x < q.count[2]; ++x) put[x * q.step[2]] = row[x];
            }
          }
      }
  };

  Int listed = 0;
  for (Int group = 0; group < c.groups; ++group) {
    for (Int n0 = 0; n0 < c.batch; n0 += images) {
      const Int block = c.batch - n0 < images ? c.batch - n0 : images;
      if (block != listed) list_taps(listed = block);
      if (n0 == 0) pack(w + group * to * from * taps);
      for (Int i = 0; i < from; ++i)
        copy_images(source + i * block * p.images(), in + ((n0 * c.groups + group) * from + i) * in_area, p, in_size,
                    block, c.groups * from * in_area);
      zero_run(source + from * block * p.images(), p.images() + width);
      for (Int k = 0; k < parts; ++k) {
        const Part& q = part[k];
        if (q.count[0] <= 0 || q.count[1] <= 0 || q.count[2] <= 0) continue;
        const Int last = ((q.count[0] - 1) * p.axis[1].extent + q.count[1] - 1) * p.axis[2].extent + q.count[2];
        layer_kernels<T>().taps({to, from * q.taps, (block - 1) * p.image() + last, packed + q.first_tap * from * to,
                                 offsets + q.first_tap * from, source, results, line,
                                 bias ? bias + group * to : nullptr});
        write_out(q, out + (n0 * c.groups + group) * to * out_area, block);
      }
    }
  }
}

// Images do not depend on each other, so that they may be cut anyhow.
template <class T>
void share(const Convolution& c, bool adjoint, T* out, const T* in, const T* w, const T* bias) {
  constexpr double kShared = 4e6;  // multiply-adds that are worth waking threads
  const Int from = c.groups * (adjoint ? c.out_channels * area(c.out) : c.in_channels * area(c.in));
  const Int to = c.groups * (adjoint ? c.in_channels * area(c.in) : c.out_channels * area(c.out));
  const double work = static_cast<double>(c.batch) * static_cast<double>(c.groups * c.out_channels * area(c.out)) *
                      static_cast<double>(c.in_channels * area(c.kernel));
  const Int images = work < kShared ? c.batch : (c.batch + 7) / 8;
  if (images == 0) return;
  parallel_blocks((c.batch + images - 1) / images, [&](Int block) {
    Convolution part = c;
    const Int n0 = block * images;
    part.batch = c.batch - n0 < images ? c.batch - n0 : images;
    apply(part, adjoint, out + n0 * to, in + n0 * from, w, bias);
  });
}

template <class T>
void weight_of(const Convolution& c, T* w, const T* y, const T* x) {
  const Int taps = area(c.kernel), in_area = area(c.in), out_area = area(c.out), columns = c.in_channels * taps;
  if (columns == 0 || c.out_channels == 0) return;
  const Workspace tables(static_cast<std::size_t>(plan_size(c)) * sizeof(Int));
  Plan p;
  place_tables(p, c, tables.as<Int>());
  plan_forward(p, c);

  const Int elements = static_cast<Int>(sizeof(T)), lanes = layer_kernels<T>().vector_bytes / elements;
  Int rows = kSumBytes / elements / lanes / columns;  // of w at a time
  rows = rows < 1 ? 1 : rows > c.out_channels ? c.out_channels : rows;
  Int images = 2 * kBlockBytes / elements / (c.in_channels * p.images() + rows * p.image() + 1);
  images = images < 1 ? 1 : images > c.batch ? c.batch : images;
  const Int line = images * p.image() + lanes;
  const Int source_size = c.in_channels * images * p.images() + p.images() + lanes;
  const Workspace memory(static_cast<std::size_t>(source_size + rows * line + rows * columns * lanes) * sizeof(T));
  T *source = memory.as<T>(), *lines = source + source_size, *sums = lines + rows * line;
  const Workspace lists(static_cast<std::size_t>(columns) * sizeof(Int));
  Int* offsets = lists.as<Int>();
  const auto list_taps = [&](Int block) {
    for (Int i = 0; i < c.in_channels; ++i)
      for (Int t = 0; t < taps; ++t) {
        const Int at[3] = {t / c.kernel[2] / c.kernel[1], t / c.kernel[2] % c.kernel[1], t % c.kernel[2]};
        Int slot = 0, shift = 0;
        for (int d = 0; d < 3; ++d) {
          slot = slot * p.axis[d].slots + p.slot[p.first[d] + at[d]];
          shift = shift * p.axis[d].extent + p.shift[p.first[d] + at[d]];
        }
        offsets[i * taps + t] = i * block * p.images() + slot * block * p.image() + shift;
      }
  };
  // One row of y into a line of x's row length, zeros between.
  const auto copy_line = [&](T* to, const T* from, Int block) {
    const Axis *d = p.axis, *h = p.axis + 1, *v = p.axis + 2;
    for (Int n = 0; n < block; ++n)
      for (Int z = 0; z < d->extent; ++z)
        for (Int r = 0; r < h->extent; ++r, to += v->extent) {
          if (z >= c.out[0] || r >= c.out[1]) {
            zero_run(to, v->extent);
            continue;
          }
          copy_run(to, from + n * c.groups * c.out_channels * out_area + (z * c.out[1] + r) * c.out[2], c.out[2]);
          zero_run(to + c.out[2], v->extent - c.out[2]);
        }
    zero_run(to, lanes);
  };

  Int listed = 0;
  for (Int group = 0; group < c.groups; ++group) {
    for (Int o0 = 0; o0 < c.out_channels; o0 += rows) {
      const Int count = c.out_channels - o0 < rows ? c.out_channels - o0 : rows;
      zero_run(sums, count * columns * lanes);
      for (Int n0 = 0; n0 < c.batch; n0 += images) {
        const Int block = c.batch - n0 < images ? c.batch - n0 : images;
        if (block != listed) list_taps(listed = block);
        for (Int i = 0; i < c.in_channels; ++i)
          copy_images(source + i * block * p.images(), x + ((n0 * c.groups + group) * c.in_channels + i) * in_area, p,
                      c.in, block, c.groups * c.in_channels * in_area);
        zero_run(source + c.in_channels * block * p.images(), p.images() + lanes);
        for (Int o = 0; o < count; ++o)
          copy_line(lines + o * line, y + ((n0 * c.groups + group) * c.out_channels + o0 + o) * out_area, block);
        const Int n = (block * p.image() + lanes - 1) / lanes * lanes;
        layer_kernels<T>().dots({count, columns, n, lines, line, offsets, source, sums});
      }
      T* to = w + (group * c.out_channels + o0) * columns;
      if (lanes == 2) sum_lanes<2>(to, sums, count * columns);
      if (lanes == 4) sum_lanes<4>(to, sums, count * columns);
      if (lanes == 8) sum_lanes<8>(to, sums, count * columns);
      if (lanes == 16) sum_lanes<16>(to, sums, count * columns);
    }
  }
}

}  // namespace

void convolve(ScalarType dtype, const Convolution& c, void* y, const void* x, const void* w, const void* bias) {
  dispatch_floating(dtype, [&](auto t) {
    using T = decltype(t);
    auto* to = static_cast<T*>(y);
    const auto *from = static_cast<const T*>(x), *k = static_cast<const T*>(w), *b = static_cast<const T*>(bias);
    if constexpr (is_complex<T>) {
      start_with(to, b, c.batch, c.groups * c.out_channels, area(c.out));
      for_each_term(c, [=](Int i, Int j, Int o) { to[o] += from[i] * k[j]; });
    } else {
      share(c, false, to, from, k, b);
    }
  });
}

void convolve_input(ScalarType dtype, const Convolution& c, void* x, const void* y, const void* w, const void* bias) {
  dispatch_floating(dtype, [&](auto t) {
    using T = decltype(t);
    auto* to = static_cast<T*>(x);
    const auto *from = static_cast<const T*>(y), *k = static_cast<const T*>(w), *b = static_cast<const T*>(bias);
    if constexpr (is_complex<T>) {
      start_with(to, b, c.batch, c.groups * c.in_channels, area(c.in));
      for_each_term(c, [=](Int i, Int j, Int o) { to[i] += from[o] * k[j]; });
    } else {
      share(c, true, to, from, k, b);
    }
  });
}

void convolve_weight(ScalarType dtype, const Convolution& c, void* w, const void* y, const void* x) {
  dispatch_floating(dtype, [&](auto t) {
    using T = decltype(t);
    auto* to = static_cast<T*>(w);
    const auto *from = static_cast<const T*>(y), *image = static_cast<const T*>(x);
    if constexpr (is_complex<T>) {
      start_with(to, static_cast<const T*>(nullptr), c.groups * c.out_channels, c.in_channels, area(c.kernel));
      for_each_term(c, [=](Int i, Int j, Int o) { to[j] += from[o] * image[i]; });
    } else {
      weight_of(c, to, from, image);
    }
  });
}

}  // namespace gradtape::kernels
