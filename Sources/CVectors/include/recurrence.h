// The elementwise part of an LSTM's step, on one row, in the widest vectors that the processor has.
#ifndef MAXNORM_CVECTORS_RECURRENCE_H
#define MAXNORM_CVECTORS_RECURRENCE_H

#include <stddef.h>

/// gates [4 hidden] holds the input's part of the pre-activations of i, f, g, o; with product
/// [4 hidden] added (NULL: nothing) it becomes the activations. cell = f former + i g (no former where
/// NULL), tangent = tanh cell, output = o tangent; each [hidden]. The cell may be the former cell's
/// memory.
void maxnorm_lstm_step(
    float *gates, const float *product, const float *former, float *cell, float *tangent,
    float *output, size_t hidden);

/// The gradients of one step from its activations. cell_slope [hidden] comes from the next step and
/// becomes that for the one before; gate_slopes [4 hidden] may be the gates' memory.
void maxnorm_lstm_step_backward(
    const float *gates, const float *former, const float *tangent, const float *output_slope,
    float *cell_slope, float *gate_slopes, size_t hidden);

#endif
