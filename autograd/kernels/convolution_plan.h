#pragma once
// Note [Convolution]
// No matrix of patches is written. Images are copied into zero-padded ones of row length E, in which a step of one
// output to the right is a step of one element also across the ends of rows; then every tap of the kernel sees the
// whole output as one run at a fixed offset, and the product over taps reads all operands where they are. The outputs
// at row ends that do not exist are computed and left out. With a stride s the copy is sorted by residues modulo s, so
// that runs stay runs. The input's gradient is the same product, tap by tap of one residue, and each residue fills the
// elements of the input that it reaches. The kernel's gradient is a matrix of scalar products of such runs.

#include "autograd/kernels/convolution.h"

namespace gradtape::kernels {

using Int = std::int64_t;

inline Int area(const Int (&d)[3]) { return d[0] * d[1] * d[2]; }
inline Int floor_div(Int a, Int b) { return a >= 0 ? a / b : -((-a + b - 1) / b); }
inline Int ceil_div(Int a, Int b) { return -floor_div(-a, b); }

// How one dimension is read. Element e of slot r of the copy is the source's element e * step + residue(r) + origin.
struct Axis {
  Int extent = 1, step = 1, origin = 0, slots = 1;
  Int grids = 1;  // parts of the result, each with its own taps
};
struct Plan {
  Axis axis[3];
  // Of tap k of dimension d, at first[d] + k.
  Int first[3];
  Int *slot, *shift, *grid;
  Int* residue[3];                     // of each slot
  Int *grid_count[3], *grid_start[3];  // outputs along the dimension and the first one
  Int image() const { return axis[0].extent * axis[1].extent * axis[2].extent; }
  Int images() const { return axis[0].slots * axis[1].slots * axis[2].slots * image(); }  // of one channel
};

// Integers that a plan needs.
inline Int plan_size(const Convolution& c) {
  Int n = 0;
  for (int d = 0; d < 3; ++d) n += 3 * c.kernel[d] + 4 * c.stride[d];
  return n;
}

inline void place_tables(Plan& p, const Convolution& c, Int* memory) {
  const Int taps = c.kernel[0] + c.kernel[1] + c.kernel[2];
  p.slot = memory;
  p.shift = memory + taps;
  p.grid = memory + 2 * taps;
  memory += 3 * taps;
  Int at = 0;
  for (int d = 0; d < 3; ++d) {
    p.first[d] = at;
    at += c.kernel[d];
    p.residue[d] = memory;
    p.grid_count[d] = memory + c.stride[d];
    p.grid_start[d] = memory + 2 * c.stride[d];
    memory += 4 * c.stride[d];
  }
}

// Zeros behind a row are also those in front of the next one: rows move together by what both have and the taps need.
// The longest part of the result has `count` elements in a row.
inline void share_padding(Axis& a, Int size, Int count) {
  Int shared = a.extent - count;
  const Int front = -a.origin, behind = a.extent - size - front;
  shared = shared < front ? shared : front;
  shared = shared < behind ? shared : behind;
  if (a.step == 1 && a.slots == 1 && shared > 0) a.extent -= shared;
}

// Reading x for y or w.
inline void plan_forward(Plan& p, const Convolution& c) {
  for (int d = 0; d < 3; ++d) {
    Axis& a = p.axis[d];
    const Int s = c.stride[d];
    a.step = s;
    a.origin = -c.padding[d];
    a.extent = c.out[d] + (c.kernel[d] - 1) * c.dilation[d] / s;
    a.slots = 0;
    Int* slot_of = p.grid_start[d] + s;
    for (Int r = 0; r < s; ++r) slot_of[r] = -1;
    for (Int k = 0; k < c.kernel[d]; ++k) {
      const Int at = k * c.dilation[d], r = at % s;
      if (slot_of[r] < 0) {
        slot_of[r] = a.slots;
        p.residue[d][a.slots++] = r;
      }
      p.slot[p.first[d] + k] = slot_of[r];
      p.shift[p.first[d] + k] = at / s;
      p.grid[p.first[d] + k] = 0;
    }
    p.grid_count[d][0] = c.out[d];
    p.grid_start[d][0] = 0;
    share_padding(a, c.in[d], c.out[d]);
  }
}

// Reading y for x.
inline void plan_adjoint(Plan& p, const Convolution& c) {
  for (int d = 0; d < 3; ++d) {
    Axis& a = p.axis[d];
    const Int s = c.stride[d];
    a.grids = s;
    p.residue[d][0] = 0;
    Int least = 0, most = 0;
    bool any = false;
    for (Int r = 0; r < s; ++r) {
      const Int q0 = ceil_div(c.padding[d] - r, s), q1 = floor_div(c.in[d] - 1 + c.padding[d] - r, s);
      p.grid_count[d][r] = q1 - q0 + 1;
      p.grid_start[d][r] = s * q0 + r - c.padding[d];
      for (Int k = 0; k < c.kernel[d] && q1 >= q0; ++k) {
        const Int at = k * c.dilation[d];
        if (at % s != r) continue;
        const Int low = q0 - at / s, high = q1 - at / s;
        least = any && least < low ? least : low;
        most = any && most > high ? most : high;
        any = true;
      }
    }
    a.origin = least;
    a.extent = most - least + 1;
    // Also what no tap reaches has its places.
    Int longest = 0;
    for (Int r = 0; r < s; ++r) longest = longest < p.grid_count[d][r] ? p.grid_count[d][r] : longest;
    a.extent = a.extent < longest ? longest : a.extent;
    share_padding(a, c.out[d], longest);
    for (Int k = 0; k < c.kernel[d]; ++k) {
      const Int at = k * c.dilation[d], r = at % s;
      p.slot[p.first[d] + k] = 0;
      p.grid[p.first[d] + k] = r;
      p.shift[p.first[d] + k] = ceil_div(c.padding[d] - r, s) - at / s - least;
    }
  }
}

}  // namespace gradtape::kernels
