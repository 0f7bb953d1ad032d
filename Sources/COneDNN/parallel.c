// Work of our own on OpenMP's threads.
//
// Through libgomp's entry that compilers call for `#pragma omp parallel`, which needs a compiler flag.
#include "parallel.h"

extern void GOMP_parallel(void (*body)(void *), void *data, unsigned threads, unsigned flags);
extern int omp_get_thread_num(void);
extern int omp_get_num_threads(void);

typedef struct {
  int parts;
  void (*body)(void *context, int part);
  void *context;
} work;

/// The parts of one thread; there may be fewer threads than were asked for.
static void run(void *data) {
  const work *work = data;
  const int step = omp_get_num_threads();
  for (int part = omp_get_thread_num(); part < work->parts; part += step) {
    work->body(work->context, part);
  }
}

void maxnorm_in_parallel(int parts, void (*body)(void *context, int part), void *context) {
  work work = {parts, body, context};
  GOMP_parallel(run, &work, (unsigned)parts, 0);
}
