// CVectors against the same in double, whatever processor it is compiled for: `.ci/vectors` builds and
// runs this for each that the machine can be.
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arrays.h"
#include "python_projection.h"
#include "recurrence.h"
#include "transcendentals.h"

static int passed, failed;

/// Counts what holds, and prints what does not.
#define EXPECT(condition, ...)                       \
  do {                                               \
    if (condition) {                                 \
      passed++;                                      \
    } else if (failed++ < 20) {                      \
      printf("%s:%d: %s: ", __func__, __LINE__, #condition); \
      printf(__VA_ARGS__);                           \
      putchar('\n');                                 \
    }                                                \
  } while (0)

/// Sizes around every width of a vector and every block of the passes.
static const size_t sizes[] = {0,  1,  2,  3,  7,   8,   9,   15,  16,  17,   31,  32,
                               33, 63, 64, 65, 255, 256, 257, 511, 512, 1000, 4097};
enum { size_count = sizeof sizes / sizeof *sizes, most = 4097 };

// MARK: Random numbers

static uint64_t state = 1;

/// Even over -1...1.
static float next_number(void) {
  state ^= state << 13;
  state ^= state >> 7;
  state ^= state << 17;
  return (float)((double)(state >> 11) / 4503599627370496.0 - 1);
}

static void fill(float *x, size_t count, float scale) {
  for (size_t index = 0; index < count; index++) x[index] = scale * next_number();
}

/// Memory that begins one float behind a boundary: nothing may ask for alignment.
static float *unaligned(size_t count) {
  float *memory = aligned_alloc(64, (4 * (count + 1) + 63) / 64 * 64 + 64);
  if (!memory) abort();
  return memory + 1;
}

static void release(float *x) { free(x - 1); }

// MARK: Arrays

static void sums_and_products(void) {
  float *x = unaligned(most), *y = unaligned(most);
  for (int each = 0; each < size_count; each++) {
    const size_t count = sizes[each];
    fill(x, count, 3);
    double sum = 0;
    for (size_t index = 0; index < count; index++) sum += (double)x[index] * (double)x[index];
    const double found = maxnorm_sum_of_squares(x, count);
    // At most 16 terms are added in float.
    EXPECT(fabs(found - sum) <= 1e-6 * sum, "%zu: %.9g for %.9g", count, found, sum);
    memcpy(y, x, 4 * count);
    maxnorm_scale(y, count, 0.7f);
    for (size_t index = 0; index < count; index++)
      EXPECT(y[index] == x[index] * 0.7f, "%zu of %zu", index, count);
    if (count == 0) continue;
    x[count / 2] = INFINITY;
    EXPECT(isinf(maxnorm_sum_of_squares(x, count)), "%zu", count);
    x[count / 2] = NAN;
    EXPECT(isnan(maxnorm_sum_of_squares(x, count)), "%zu", count);
  }
  release(x);
  release(y);
}

// MARK: Functions

static double logistic(double x) { return 1 / (1 + exp(-x)); }

/// The largest error in units in the last place of the exact value, or of the smallest normal number.
static double error(const float *x, const float *y, size_t count, double (*exact)(double)) {
  double worst = 0;
  for (size_t index = 0; index < count; index++) {
    const double expected = exact((double)x[index]);
    const float nearest = (float)expected;
    if (isinf(nearest) || nearest == 0) {
      if (y[index] != nearest) return INFINITY;
      continue;
    }
    const float size = fmaxf(fabsf(nearest), 1.17549435e-38f);
    const double unit = (double)(nextafterf(size, INFINITY) - size);
    const double distance = fabs((double)y[index] - expected) / unit;
    if (!(distance <= worst)) worst = distance;
  }
  return worst;
}

static void functions_over_arrays(void) {
  float *x = unaligned(most), *y = unaligned(most);
  const float scales[] = {1e-30f, 1e-3f, 1, 20, 87};
  for (int each = 0; each < size_count; each++) {
    const size_t count = sizes[each];
    for (int scale = 0; scale < 5; scale++) {
      fill(x, count, scales[scale]);
      maxnorm_exponentials(x, 0, y, count);
      EXPECT(error(x, y, count, exp) < 1.5, "%zu at %g: %g", count, scales[scale], error(x, y, count, exp));
      maxnorm_logistics(x, y, count);
      EXPECT(error(x, y, count, logistic) < 3, "%zu at %g: %g", count, scales[scale], error(x, y, count, logistic));
      maxnorm_hyperbolic_tangents(x, y, count);
      EXPECT(error(x, y, count, tanh) < 3, "%zu at %g: %g", count, scales[scale], error(x, y, count, tanh));
    }
  }
  const float special[] = {NAN, INFINITY, -INFINITY, 0, -0.0f};
  maxnorm_exponentials(special, 0, y, 5);
  EXPECT(isnan(y[0]) && isinf(y[1]) && y[2] == 0 && y[3] == 1 && y[4] == 1, "exp");
  maxnorm_logistics(special, y, 5);
  EXPECT(isnan(y[0]) && y[1] == 1 && y[2] == 0 && y[3] == 0.5f && y[4] == 0.5f, "logistic");
  maxnorm_hyperbolic_tangents(special, y, 5);
  EXPECT(isnan(y[0]) && y[1] == 1 && y[2] == -1 && y[3] == 0 && signbit(y[4]), "tanh");
  release(x);
  release(y);
}

// MARK: The recurrence

enum { hidden_most = 67 };

/// A step and its gradients in double, of one unit.
static void one_step(
    const float *gates, const float *product, double former, int hidden, int unit, double *i,
    double *f, double *g, double *o, double *c, double *t) {
  double sums[4];
  for (int gate = 0; gate < 4; gate++)
    sums[gate] = (double)gates[gate * hidden + unit]
                 + (product ? (double)product[gate * hidden + unit] : 0);
  *i = logistic(sums[0]);
  *f = logistic(sums[1]);
  *g = tanh(sums[2]);
  *o = logistic(sums[3]);
  *c = *i * *g + *f * former;
  *t = tanh(*c);
}

static void expect_near(const char *what, float found, double expected, int hidden, int unit) {
  EXPECT(fabs((double)found - expected) < 2e-6, "%s of unit %d of %d: %.9g for %.9g", what, unit, hidden, (double)found, expected);
}

static void lstm_steps(void) {
  float *pre = unaligned(4 * hidden_most), *gates = unaligned(4 * hidden_most);
  float *product = unaligned(4 * hidden_most), *slopes = unaligned(4 * hidden_most);
  float *former = unaligned(hidden_most), *cell = unaligned(hidden_most), *tangent = unaligned(hidden_most);
  float *output = unaligned(hidden_most), *output_slope = unaligned(hidden_most), *before = unaligned(hidden_most);
  float *cell_slope = unaligned(hidden_most);
  for (int hidden = 1; hidden <= hidden_most; hidden++) {
    for (int first = 0; first < 2; first++) {
      const size_t count = (size_t)hidden;
      fill(pre, 4 * count, 2);
      fill(product, 4 * count, 2);
      fill(former, count, 1);
      fill(output_slope, count, 1);
      fill(cell_slope, count, 1);
      memcpy(gates, pre, 16 * count);
      memcpy(before, cell_slope, 4 * count);
      maxnorm_lstm_step(
          gates, first ? NULL : product, first ? NULL : former, cell, tangent, output, count);
      maxnorm_lstm_step_backward(
          gates, first ? NULL : former, tangent, output_slope, cell_slope, slopes, count);
      for (int unit = 0; unit < hidden; unit++) {
        double i, f, g, o, c, t;
        const double past = first ? 0 : (double)former[unit];
        one_step(pre, first ? NULL : product, past, hidden, unit, &i, &f, &g, &o, &c, &t);
        expect_near("i", gates[unit], i, hidden, unit);
        expect_near("f", gates[hidden + unit], f, hidden, unit);
        expect_near("g", gates[2 * hidden + unit], g, hidden, unit);
        expect_near("o", gates[3 * hidden + unit], o, hidden, unit);
        expect_near("cell", cell[unit], c, hidden, unit);
        expect_near("output", output[unit], o * t, hidden, unit);
        const double dh = (double)output_slope[unit];
        const double dc = (double)before[unit] + dh * o * (1 - t * t);
        expect_near("slope of i", slopes[unit], dc * g * i * (1 - i), hidden, unit);
        expect_near("slope of f", slopes[hidden + unit], dc * past * f * (1 - f), hidden, unit);
        expect_near("slope of g", slopes[2 * hidden + unit], dc * i * (1 - g * g), hidden, unit);
        expect_near("slope of o", slopes[3 * hidden + unit], dh * t * o * (1 - o), hidden, unit);
        expect_near("slope of the cell", cell_slope[unit], dc * f, hidden, unit);
      }
    }
  }
  float *all[] = {pre, gates, product, slopes, former, cell, tangent, output, output_slope, before, cell_slope};
  for (size_t each = 0; each < sizeof all / sizeof *all; each++) release(all[each]);
}

// MARK: The projection

/// The norm of a unit of [blocks, rows, units, width], in double.
static double norm(const float *x, const struct maxnorm_weights *shape, int64_t block, int64_t unit) {
  double sum = 0;
  for (int64_t row = 0; row < shape->rows; row++) {
    for (int64_t index = 0; index < shape->width; index++) {
      const double value = (double)x[((block * shape->rows + row) * shape->units + unit) * shape->width + index];
      sum += value * value;
    }
  }
  return sqrt(sum);
}

static void project(int64_t blocks, int64_t rows, int64_t units, int64_t width, int projects) {
  const size_t count = (size_t)(blocks * rows * units * width);
  float *x = unaligned(count), *y = unaligned(count);
  double *squares = malloc(sizeof(double) * (size_t)(blocks * units) + 8);
  if (!squares) abort();
  fill(x, count, 1);
  const double ceiling = sqrt((double)(rows * width) / 3);
  struct maxnorm_weights weights = {
    .values = y, .blocks = blocks, .rows = rows, .units = units, .width = width,
    .ceiling = (double)(float)ceiling, .squared_norms = squares};
  memcpy(y, x, 4 * count);
  maxnorm_project(&weights, 1, 1e-6, projects);
  int64_t over = 0, doubtful = 0;
  for (int64_t block = 0; block < blocks; block++) {
    for (int64_t unit = 0; unit < units; unit++) {
      const double before = norm(x, &weights, block, unit), after = norm(y, &weights, block, unit);
      const double limit = weights.ceiling * (1 + 1e-6);
      if (fabs(before - limit) <= 3e-7 * weights.ceiling) {
        doubtful++;
        continue;
      }
      const int changes = before > limit && projects;
      over += before > limit;
      const double expected = changes ? weights.ceiling : before;
      EXPECT(fabs(after - expected) <= 2e-7 * expected, "%.9g for %.9g", after, expected);
      const double found = sqrt(squares[block * units + unit]);
      EXPECT(fabs(found - expected) <= 1e-6 * expected, "%.9g for %.9g", found, expected);
      for (int64_t row = 0; row < rows && !changes; row++) {
        const size_t place = (size_t)(((block * rows + row) * units + unit) * width);
        EXPECT(memcmp(x + place, y + place, 4 * (size_t)width) == 0, "unit %ld", (long)unit);
      }
    }
  }
  EXPECT(llabs(weights.exceeded - over) <= doubtful, "%ld for %ld", (long)weights.exceeded, (long)over);
  EXPECT(weights.clipped == (projects ? weights.exceeded : 0), "%ld", (long)weights.clipped);
  const int64_t exceeded = weights.exceeded;
  maxnorm_project(&weights, 1, 1e-6, 1);
  if (projects) EXPECT(weights.exceeded == exceeded, "a second projection clips nothing");
  free(squares);
  release(x);
  release(y);
}

static void projections(void) {
  const int64_t shapes[][4] = {{1, 1, 1, 1},    {7, 1, 1, 33},    {64, 1, 1, 257}, {1, 33, 7, 1},
                               {1, 64, 513, 1}, {3, 9, 17, 5},    {2, 4, 600, 3},  {1, 1, 5, 9},
                               {10, 1, 1, 784}, {1, 300, 1030, 1}};
  for (size_t each = 0; each < sizeof shapes / sizeof *shapes; each++) {
    for (int projects = 0; projects < 2; projects++)
      project(shapes[each][0], shapes[each][1], shapes[each][2], shapes[each][3], projects);
  }
}

/// Squares that overflow float, and numbers that are not finite.
static void unusual_units(void) {
  float rows[3][4] = {{1e30f, 0, 0, 0}, {INFINITY, 1, 1, 1}, {NAN, 1, 1, 1}};
  double squares[3];
  struct maxnorm_weights weights = {
    .values = rows[0], .blocks = 3, .rows = 1, .units = 1, .width = 4, .ceiling = 2, .squared_norms = squares};
  maxnorm_project(&weights, 1, 1e-6, 1);
  EXPECT(weights.clipped == 1, "%ld", (long)weights.clipped);
  EXPECT(rows[0][0] == 2, "%g", (double)rows[0][0]);
  EXPECT(isinf(rows[1][0]) && rows[1][1] == 1, "left alone");
  EXPECT(isnan(rows[2][0]) && rows[2][1] == 1, "left alone");
}

int main(void) {
  sums_and_products();
  functions_over_arrays();
  lstm_steps();
  projections();
  unusual_units();
  printf("%d passed, %d failed\n", passed, failed);
  return failed > 0;
}
