// Vectors of floats and what Swift has no single instruction for.
#ifndef MAXNORM_CVECTORS_VECTORS_H
#define MAXNORM_CVECTORS_VECTORS_H

#include <stdint.h>

#define MAXNORM_INLINE static inline __attribute__((always_inline))

// Swift's SIMD2, SIMD4 and SIMD8 of Float, Double and Int32.
typedef float maxnorm_float2 __attribute__((ext_vector_type(2)));
typedef float maxnorm_float4 __attribute__((ext_vector_type(4)));
typedef float maxnorm_float8 __attribute__((ext_vector_type(8)));
typedef double maxnorm_double2 __attribute__((ext_vector_type(2)));
typedef int32_t maxnorm_int4 __attribute__((ext_vector_type(4)));
typedef int32_t maxnorm_int8 __attribute__((ext_vector_type(8)));

MAXNORM_INLINE maxnorm_float4 maxnorm_square_roots(maxnorm_float4 x) {
  return __builtin_elementwise_sqrt(x);
}

MAXNORM_INLINE maxnorm_double2 maxnorm_double_square_roots(maxnorm_double2 x) {
  return __builtin_elementwise_sqrt(x);
}

MAXNORM_INLINE maxnorm_double2 maxnorm_doubles(maxnorm_float2 x) {
  return __builtin_convertvector(x, maxnorm_double2);
}

MAXNORM_INLINE maxnorm_float2 maxnorm_floats(maxnorm_double2 x) {
  return __builtin_convertvector(x, maxnorm_float2);
}

/// Has the cache line at an address brought near, which need not be readable.
MAXNORM_INLINE void maxnorm_prefetch(const float *address) { __builtin_prefetch(address); }

MAXNORM_INLINE maxnorm_float4 maxnorm_floats_of_integers(maxnorm_int4 x) {
  return __builtin_convertvector(x, maxnorm_float4);
}

#endif
