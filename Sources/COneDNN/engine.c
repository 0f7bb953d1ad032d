// oneDNN's engine for the processor, made once.
#include <pthread.h>
#include <stddef.h>

#include "layouts.h"

static pthread_once_t once = PTHREAD_ONCE_INIT;
static dnnl_engine_t engine;

static void make(void) {
  if (dnnl_engine_create(&engine, dnnl_cpu, 0) != dnnl_success) engine = NULL;
}

dnnl_engine_t maxnorm_engine(void) {
  pthread_once(&once, make);
  return engine;
}
