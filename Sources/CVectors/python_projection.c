// The projection of python_projection.h.
#include "python_projection.h"

#include <math.h>
#include <stddef.h>

#include "arrays.h"
#include "processors.h"

/// Columns that are added up together: their sums stay in the nearest cache.
enum { TILE = 512 };

/// Squares of a column that are added in float.
enum { PARTIAL_ROWS = 16 };

int64_t maxnorm_projection_version(void) { return MAXNORM_PROJECTION_VERSION; }

/// sums[i] += the squares of column i, over all rows.
FOR_EVERY_PROCESSOR
static void add_column_squares(
    const float *restrict first, int64_t rows, int64_t stride, int64_t columns,
    double *restrict sums) {
  float partial[TILE];
  for (int64_t start = 0; start < rows; start += PARTIAL_ROWS) {
    const int64_t end = start + PARTIAL_ROWS < rows ? start + PARTIAL_ROWS : rows;
    for (int64_t column = 0; column < columns; column++) partial[column] = 0;
    for (int64_t row = start; row < end; row++) {
      const float *restrict values = first + row * stride;
      for (int64_t column = 0; column < columns; column++)
        partial[column] += values[column] * values[column];
    }
    for (int64_t column = 0; column < columns; column++) sums[column] += (double)partial[column];
  }
}

/// The squares of a unit in double, where they overflow float.
static double sum_in_double(const float *first, int64_t rows, int64_t stride, int64_t width) {
  double sum = 0;
  for (int64_t row = 0; row < rows; row++) {
    for (int64_t index = 0; index < width; index++) {
      const double value = first[row * stride + index];
      sum += value * value;
    }
  }
  return sum;
}

/// The factor of a unit with this squared norm, or 1; counts it, and keeps the norm it then has.
static float judge(struct maxnorm_weights *tensor, double sum, int64_t unit, double limit, int projects) {
  tensor->squared_norms[unit] = sum;
  if (!(sum > limit) || !isfinite(sum)) return 1;
  tensor->exceeded++;
  if (!projects) return 1;
  const double factor = tensor->ceiling / sqrt(sum);
  tensor->clipped++;
  tensor->shrink += factor;
  tensor->squared_norms[unit] = tensor->ceiling * tensor->ceiling;
  return (float)factor;
}

/// Units that lie in one piece; each is scaled while it is at hand.
static void project_pieces(struct maxnorm_weights *tensor, double limit, int projects) {
  const int64_t width = tensor->width;
  for (int64_t unit = 0; unit < tensor->blocks; unit++) {
    float *values = tensor->values + unit * width;
    double sum = maxnorm_sum_of_squares(values, (size_t)width);
    if (!isfinite(sum)) sum = sum_in_double(values, 1, 0, width);
    const float factor = judge(tensor, sum, unit, limit, projects);
    if (factor != 1) maxnorm_scale(values, (size_t)width, factor);
  }
}

/// Units that lie beside each other in every row.
static void project_columns(struct maxnorm_weights *tensor, double limit, int projects) {
  const int64_t rows = tensor->rows, width = tensor->width, units = tensor->units;
  const int64_t stride = units * width;
  for (int64_t block = 0; block < tensor->blocks; block++) {
    float *first = tensor->values + block * rows * stride;
    double *sums = tensor->squared_norms + block * units;
    for (int64_t unit = 0; unit < units; unit++) sums[unit] = 0;
    for (int64_t start = 0; start < stride; start += TILE) {
      const int64_t columns = start + TILE < stride ? TILE : stride - start;
      if (width == 1) {
        add_column_squares(first + start, rows, stride, columns, sums + start);
      } else {
        double tile[TILE] = {0};
        add_column_squares(first + start, rows, stride, columns, tile);
        for (int64_t column = 0; column < columns; column++)
          sums[(start + column) / width] += tile[column];
      }
    }
    for (int64_t unit = 0; unit < units; unit++) {
      double sum = sums[unit];
      if (!isfinite(sum)) sum = sum_in_double(first + unit * width, rows, stride, width);
      const float factor = judge(tensor, sum, block * units + unit, limit, projects);
      if (factor == 1) continue;
      for (int64_t row = 0; row < rows; row++)
        maxnorm_scale(first + row * stride + unit * width, (size_t)width, factor);
    }
  }
}

void maxnorm_project(
    struct maxnorm_weights *tensors, int64_t count, double tolerance, int64_t projects) {
  for (int64_t index = 0; index < count; index++) {
    struct maxnorm_weights *tensor = &tensors[index];
    const double most = tensor->ceiling * (1 + tolerance);
    const double limit = most * most;
    if (tensor->rows == 1 && tensor->units == 1) {
      project_pieces(tensor, limit, projects != 0);
    } else {
      project_columns(tensor, limit, projects != 0);
    }
  }
}
