// The max-norm projection of all weight tensors of a model in one call, for Python (the package in
// Sources/Resources/python loads this library through ctypes).
#ifndef MAXNORM_CVECTORS_PYTHON_PROJECTION_H
#define MAXNORM_CVECTORS_PYTHON_PROJECTION_H

#include <stdint.h>

/// The version of this interface, which the package checks first.
#define MAXNORM_PROJECTION_VERSION 1

int64_t maxnorm_projection_version(void);

/// A weight tensor, contiguous, seen as [blocks, rows, units, width]: a unit is its values in one block,
/// at one place. The rows of a matrix [out, in] are [out, 1, 1, in].
struct maxnorm_weights {
  float *values;
  int64_t blocks, rows, units, width;
  /// The ceiling r; infinite if there is no ceiling.
  double ceiling;
  /// The squared norm of each unit after the projection, [blocks units].
  double *squared_norms;
  /// Counts since the start: units found over r, units scaled back, the sum of r / n over those.
  int64_t exceeded, clipped;
  double shrink;
};

/// Counts the units of each tensor whose norm is over r (1 + tolerance) and, if `projects`, scales them
/// to r; every other value stays bit for bit as it is. A unit whose norm is not finite is left alone.
void maxnorm_project(
    struct maxnorm_weights *tensors, int64_t count, double tolerance, int64_t projects);

#endif
