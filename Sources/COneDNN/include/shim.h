// oneDNN's matrix product, OpenMP's thread count and the CPU's denormal mode, visible to Swift.
#ifndef MAXNORM_CONEDNN_SHIM_H
#define MAXNORM_CONEDNN_SHIM_H

#include <dnnl.h>
#include <stdint.h>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

/// libgomp's own functions: omp.h belongs to gcc's folder, where clang does not look.
/// The count holds for the calling thread alone.
extern void omp_set_num_threads(int count);
extern int omp_get_max_threads(void);

/// The widest vectors that oneDNN computes in here, as people call them; empty where it does not say.
const char *maxnorm_instructions(void);

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
