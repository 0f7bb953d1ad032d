// oneDNN's engine for the processor, made once.
#include <pthread.h>
#include <stddef.h>

#include "layouts.h"
#include "shim.h"

static pthread_once_t once = PTHREAD_ONCE_INIT;
static dnnl_engine_t engine;

static void make(void) {
  if (dnnl_engine_create(&engine, dnnl_cpu, 0) != dnnl_success) engine = NULL;
}

dnnl_engine_t maxnorm_engine(void) {
  pthread_once(&once, make);
  return engine;
}

const char *maxnorm_instructions(void) {
  const int isa = (int)dnnl_get_effective_cpu_isa();
  const struct {
    int level;
    const char *name;
  } levels[] = {
    {dnnl_cpu_isa_avx512_core, "AVX-512"},
    {dnnl_cpu_isa_avx2, "AVX2"},
    {dnnl_cpu_isa_avx, "AVX"},
    {dnnl_cpu_isa_sse41, "SSE4.1"},
  };
  for (size_t index = 0; index < sizeof levels / sizeof *levels; index++) {
    if ((isa & levels[index].level) == levels[index].level) return levels[index].name;
  }
  // Other processors have no levels there.
  return "";
}
