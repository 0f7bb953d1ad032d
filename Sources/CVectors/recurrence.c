// The steps of recurrence.h.
#include "recurrence.h"

#include <string.h>

#include "processors.h"
#include "transcendentals.h"

#pragma clang diagnostic ignored "-Wpsabi"

/// The first `count` of eight neighbours, and zeros.
MAXNORM_INLINE maxnorm_float8 load(const float *x, size_t count) {
  maxnorm_float8 vector = 0;
  memcpy(&vector, x, count * sizeof *x);
  return vector;
}

MAXNORM_INLINE void store(maxnorm_float8 vector, float *x, size_t count) {
  memcpy(x, &vector, count * sizeof *x);
}

/// One vector of units, `count` of which there are.
MAXNORM_INLINE void step(
    float *gates, const float *product, const float *former, float *cell, float *tangent,
    float *output, size_t hidden, size_t count) {
  maxnorm_float8 sums[4];
  for (size_t gate = 0; gate < 4; gate++) {
    sums[gate] = load(gates + gate * hidden, count);
    if (product) sums[gate] += load(product + gate * hidden, count);
  }
  const maxnorm_float8 i = maxnorm_logistic(sums[0]), f = maxnorm_logistic(sums[1]);
  const maxnorm_float8 g = maxnorm_hyperbolic_tangent(sums[2]), o = maxnorm_logistic(sums[3]);
  maxnorm_float8 c = i * g;
  if (former) c += f * load(former, count);
  const maxnorm_float8 t = maxnorm_hyperbolic_tangent(c);
  store(i, gates, count);
  store(f, gates + hidden, count);
  store(g, gates + 2 * hidden, count);
  store(o, gates + 3 * hidden, count);
  store(c, cell, count);
  store(t, tangent, count);
  store(o * t, output, count);
}

FOR_EVERY_PROCESSOR
void maxnorm_lstm_step(
    float *gates, const float *product, const float *former, float *cell, float *tangent,
    float *output, size_t hidden) {
  size_t unit = 0;
  // Two calls, so that the number of lanes is a constant in the one that matters.
  for (; unit + 8 <= hidden; unit += 8) {
    step(
        gates + unit, product ? product + unit : NULL, former ? former + unit : NULL,
        cell + unit, tangent + unit, output + unit, hidden, 8);
  }
  if (unit < hidden) {
    step(
        gates + unit, product ? product + unit : NULL, former ? former + unit : NULL,
        cell + unit, tangent + unit, output + unit, hidden, hidden - unit);
  }
}

MAXNORM_INLINE void step_backward(
    const float *gates, const float *former, const float *tangent, const float *output_slope,
    float *cell_slope, float *gate_slopes, size_t hidden, size_t count) {
  const maxnorm_float8 i = load(gates, count), f = load(gates + hidden, count);
  const maxnorm_float8 g = load(gates + 2 * hidden, count), o = load(gates + 3 * hidden, count);
  const maxnorm_float8 t = load(tangent, count), dh = load(output_slope, count);
  const maxnorm_float8 dc = load(cell_slope, count) + dh * o * (1 - t * t);
  const maxnorm_float8 c = former ? load(former, count) : (maxnorm_float8)0;
  store(dc * g * i * (1 - i), gate_slopes, count);
  store(dc * c * f * (1 - f), gate_slopes + hidden, count);
  store(dc * i * (1 - g * g), gate_slopes + 2 * hidden, count);
  store(dh * t * o * (1 - o), gate_slopes + 3 * hidden, count);
  store(dc * f, cell_slope, count);
}

FOR_EVERY_PROCESSOR
void maxnorm_lstm_step_backward(
    const float *gates, const float *former, const float *tangent, const float *output_slope,
    float *cell_slope, float *gate_slopes, size_t hidden) {
  size_t unit = 0;
  for (; unit + 8 <= hidden; unit += 8) {
    step_backward(
        gates + unit, former ? former + unit : NULL, tangent + unit, output_slope + unit,
        cell_slope + unit, gate_slopes + unit, hidden, 8);
  }
  if (unit < hidden) {
    step_backward(
        gates + unit, former ? former + unit : NULL, tangent + unit, output_slope + unit,
        cell_slope + unit, gate_slopes + unit, hidden, hidden - unit);
  }
}
