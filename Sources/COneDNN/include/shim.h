// oneDNN's matrix product, OpenMP's thread count, the CPU's denormal mode, its vector square root and
// conversions, visible to Swift.
#ifndef MAXNORM_CONEDNN_SHIM_H
#define MAXNORM_CONEDNN_SHIM_H

#include <dnnl.h>
#include <stdint.h>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

/// Four floats, Swift's SIMD4<Float>.
typedef float maxnorm_float4 __attribute__((ext_vector_type(4)));

/// The four square roots in one instruction.
static inline __attribute__((always_inline)) maxnorm_float4 maxnorm_square_roots(maxnorm_float4 x) {
  return __builtin_elementwise_sqrt(x);
}

/// Two doubles, Swift's SIMD2<Double>.
typedef double maxnorm_double2 __attribute__((ext_vector_type(2)));

/// Two floats, Swift's SIMD2<Float>.
typedef float maxnorm_float2 __attribute__((ext_vector_type(2)));

/// Four whole numbers, Swift's SIMD4<Int32>.
typedef int32_t maxnorm_int4 __attribute__((ext_vector_type(4)));

static inline __attribute__((always_inline)) maxnorm_double2 maxnorm_double_square_roots(
    maxnorm_double2 x) {
  return __builtin_elementwise_sqrt(x);
}

static inline __attribute__((always_inline)) maxnorm_double2 maxnorm_doubles(maxnorm_float2 x) {
  return __builtin_convertvector(x, maxnorm_double2);
}

static inline __attribute__((always_inline)) maxnorm_float2 maxnorm_floats(maxnorm_double2 x) {
  return __builtin_convertvector(x, maxnorm_float2);
}

static inline __attribute__((always_inline)) maxnorm_float4 maxnorm_floats_of_integers(
    maxnorm_int4 x) {
  return __builtin_convertvector(x, maxnorm_float4);
}

/// libgomp's own function: omp.h belongs to gcc's folder, where clang does not look.
/// The count holds for the calling thread alone.
extern void omp_set_num_threads(int count);

/// Treats denormal numbers as zero on the calling thread and threads it starts; returns the former
/// mode for `maxnorm_restore_denormal_mode`.
static inline uint64_t maxnorm_flush_denormals(void) {
#if defined(__x86_64__)
  uint32_t former = _mm_getcsr();
  _mm_setcsr(former | 0x8040);  // FTZ (bit 15) and DAZ (bit 6)
  return former;
#elif defined(__aarch64__)
  uint64_t former;
  __asm__ volatile("mrs %0, fpcr" : "=r"(former));
  __asm__ volatile("msr fpcr, %0" : : "r"(former | (1ull << 24)));
  return former;
#else
  return 0;
#endif
}

static inline void maxnorm_restore_denormal_mode(uint64_t mode) {
#if defined(__x86_64__)
  _mm_setcsr((uint32_t)mode);
#elif defined(__aarch64__)
  __asm__ volatile("msr fpcr, %0" : : "r"(mode));
#else
  (void)mode;
#endif
}

#endif
