// Functions of transcendentals.h over arrays.
#include "transcendentals.h"

#include <string.h>

#include "processors.h"

#pragma clang diagnostic ignored "-Wpsabi"

/// y[i] = FUNCTION of x[i], where `vector` names eight of them; the last ones are fewer.
#define MAP(FUNCTION)                                                    \
  for (size_t index = 0; index < count; index += 8) {                    \
    const size_t rest = count - index;                                   \
    maxnorm_float8 vector = 0;                                           \
    if (rest >= 8) {                                                     \
      memcpy(&vector, x + index, sizeof vector);                         \
      vector = FUNCTION;                                                 \
      memcpy(y + index, &vector, sizeof vector);                         \
    } else {                                                             \
      memcpy(&vector, x + index, rest * sizeof(float));                  \
      vector = FUNCTION;                                                 \
      memcpy(y + index, &vector, rest * sizeof(float));                  \
    }                                                                    \
  }

FOR_EVERY_PROCESSOR
void maxnorm_exponentials(const float *x, float shift, float *y, size_t count) {
  MAP(maxnorm_exponential(vector - shift))
}

FOR_EVERY_PROCESSOR
void maxnorm_logistics(const float *x, float *y, size_t count) {
  MAP(maxnorm_logistic(vector))
}

FOR_EVERY_PROCESSOR
void maxnorm_hyperbolic_tangents(const float *x, float *y, size_t count) {
  MAP(maxnorm_hyperbolic_tangent(vector))
}
