// Work of our own on OpenMP's threads, so that it shares them with oneDNN's.
#ifndef MAXNORM_CONEDNN_PARALLEL_H
#define MAXNORM_CONEDNN_PARALLEL_H

/// Calls `body` for each part 0..<parts, on up to as many threads.
void maxnorm_in_parallel(int parts, void (*body)(void *context, int part), void *context);

#endif
