// The passes of arrays.h.
#include "arrays.h"

#include "processors.h"

/// One register of AVX-512, several of others.
typedef float wide __attribute__((ext_vector_type(16)));
typedef double wide_double __attribute__((ext_vector_type(16)));

typedef wide unaligned __attribute__((aligned(4)));

/// The squares of 16 neighbours, wherever they lie.
#define SQUARE(place) (*(const unaligned *)(place) * *(const unaligned *)(place))

FOR_EVERY_PROCESSOR
double maxnorm_sum_of_squares(const float *x, size_t count) {
  wide_double sums = 0;
  size_t index = 0;
  for (; index + 256 <= count; index += 256) {
    // Several sums hide the latency of the additions.
    wide a = SQUARE(x + index), b = SQUARE(x + index + 16);
    wide c = SQUARE(x + index + 32), d = SQUARE(x + index + 48);
    for (size_t next = index + 64; next < index + 256; next += 64) {
      a += SQUARE(x + next);
      b += SQUARE(x + next + 16);
      c += SQUARE(x + next + 32);
      d += SQUARE(x + next + 48);
    }
    sums += __builtin_convertvector((a + b) + (c + d), wide_double);
  }
  // At most 15 vectors are left.
  wide rest = 0;
  for (; index + 16 <= count; index += 16) rest += SQUARE(x + index);
  sums += __builtin_convertvector(rest, wide_double);
  double total = 0;
  for (size_t lane = 0; lane < 16; lane++) total += sums[lane];
  for (; index < count; index++) total += (double)x[index] * (double)x[index];
  return total;
}

FOR_EVERY_PROCESSOR
void maxnorm_scale(float *x, size_t count, float factor) {
  for (size_t index = 0; index < count; index++) x[index] *= factor;
}
