// exp, tanh and the logistic function on vectors and arrays, within a few units in the last place.
//
// Range reduction and a polynomial, by multiplications and additions. NaN stays NaN, infinities have
// their limits, the sign of 0 is kept.
#ifndef MAXNORM_CVECTORS_TRANSCENDENTALS_H
#define MAXNORM_CVECTORS_TRANSCENDENTALS_H

#include <stddef.h>

#include "vectors.h"

// The vectors never pass between functions: every function here is inlined.
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wpsabi"

/// The bits of a vector as another type, which a cast between vectors means.
#define MAXNORM_BITS(type, x) ((type)(x))

/// 2^n for n in -126...127.
MAXNORM_INLINE maxnorm_float8 maxnorm_power_of_two(maxnorm_int8 n) {
  return MAXNORM_BITS(maxnorm_float8, (n + 127) << 23);
}

/// e^r - 1 for the rest r = x - n log 2, where n is the whole power of 2 nearest to e^x.
///
/// `x` lies within -104...104 (or is NaN, with anything as power).
MAXNORM_INLINE maxnorm_float8 maxnorm_reduced(maxnorm_float8 x, maxnorm_int8 *power) {
  // 1.5 * 2^23: added to a small number, it leaves the nearest whole number in the low bits.
  const maxnorm_float8 offset = 12582912.0f;
  const maxnorm_float8 shifted = x * 1.44269504f + offset;
  *power = MAXNORM_BITS(maxnorm_int8, shifted) - MAXNORM_BITS(maxnorm_int8, offset);
  const maxnorm_float8 n = shifted - offset;
  // log 2 in two parts: the first has 9 bits, so that n times it is exact.
  const maxnorm_float8 r = x - n * 0.693359375f + n * 2.1219444e-4f;
  // (e^r - 1 - r) / r^2 by a weighted fit: 1.4e-8 of e^r - 1 for |r| <= 0.35.
  maxnorm_float8 sum = 1.38823956e-3f * r + 8.36718082e-3f;
  sum = sum * r + 4.1667223e-2f;
  sum = sum * r + 1.6666539e-1f;
  sum = sum * r + 4.9999997e-1f;
  return r * r * sum + r;
}

/// e^x: at most 1.5 units in the last place off, unless the result is denormal.
MAXNORM_INLINE maxnorm_float8 maxnorm_exponential(maxnorm_float8 x) {
  const maxnorm_float8 most = 89, least = -104;
  x = x > most ? most : x;
  x = x < least ? least : x;
  maxnorm_int8 n;
  const maxnorm_float8 rest = maxnorm_reduced(x, &n);
  // In two steps, because 2^n alone may be infinite or denormal.
  const maxnorm_int8 half = n >> 1;
  return (1 + rest) * maxnorm_power_of_two(half) * maxnorm_power_of_two(n - half);
}

/// 1 / (1 + e^-x): at most 3 units in the last place off, unless the result is denormal.
MAXNORM_INLINE maxnorm_float8 maxnorm_logistic(maxnorm_float8 x) {
  const maxnorm_float8 zero = 0, one = 1;
  // e^-|x| does not overflow.
  const maxnorm_float8 power = maxnorm_exponential(x > zero ? -x : x);
  return (x < zero ? power : one) / (1 + power);
}

/// tanh x: at most 3 units in the last place off.
MAXNORM_INLINE maxnorm_float8 maxnorm_hyperbolic_tangent(maxnorm_float8 x) {
  const maxnorm_int8 bits = MAXNORM_BITS(maxnorm_int8, x);
  const maxnorm_int8 sign = bits & (maxnorm_int8)INT32_MIN;
  // e^2|x| - 1, exact around 0; from 9.1 on tanh is 1.
  const maxnorm_float8 most = 9.1f;
  maxnorm_float8 size = MAXNORM_BITS(maxnorm_float8, bits ^ sign);
  size = size > most ? most : size;
  maxnorm_int8 n;
  const maxnorm_float8 rest = maxnorm_reduced(size + size, &n);
  const maxnorm_float8 scale = maxnorm_power_of_two(n);
  const maxnorm_float8 power = scale * rest + (scale - 1);
  const maxnorm_float8 y = power / (power + 2);
  return MAXNORM_BITS(maxnorm_float8, MAXNORM_BITS(maxnorm_int8, y) | sign);
}

#pragma clang diagnostic pop

// The same over arrays, in the widest vectors that the processor has; y may be x.

/// y[i] = e^(x[i] - shift).
void maxnorm_exponentials(const float *x, float shift, float *y, size_t count);
/// y[i] = 1 / (1 + e^-x[i]).
void maxnorm_logistics(const float *x, float *y, size_t count);
/// y[i] = tanh x[i].
void maxnorm_hyperbolic_tangents(const float *x, float *y, size_t count);

#endif
