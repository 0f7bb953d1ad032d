// Passes over arrays in the widest vectors that the processor has.
#ifndef MAXNORM_CVECTORS_ARRAYS_H
#define MAXNORM_CVECTORS_ARRAYS_H

#include <stddef.h>

/// The sum of x[i]^2: at most 16 terms a lane in float, then in double; infinite or NaN where a square
/// is.
double maxnorm_sum_of_squares(const float *x, size_t count);

/// x[i] *= factor.
void maxnorm_scale(float *x, size_t count, float factor);

#endif
