// Functions compiled once for each kind of processor: the default target of a Swift package has vectors
// of four floats, and no other can be asked for without unsafe flags.
#ifndef MAXNORM_CVECTORS_PROCESSORS_H
#define MAXNORM_CVECTORS_PROCESSORS_H

/// The widest level of x86-64 that is compiled for. A smaller one lets one machine stand for others in
/// tests and timings: `swift build -c release -Xcc -DMAXNORM_WIDEST_LEVEL=3` knows no AVX-512.
#ifndef MAXNORM_WIDEST_LEVEL
#define MAXNORM_WIDEST_LEVEL 4
#endif

// Chosen among when the program starts.
#if defined(__x86_64__) && MAXNORM_WIDEST_LEVEL >= 4
#define FOR_EVERY_PROCESSOR \
  __attribute__((target_clones("default", "arch=x86-64-v3", "arch=x86-64-v4")))
#elif defined(__x86_64__) && MAXNORM_WIDEST_LEVEL == 3
#define FOR_EVERY_PROCESSOR __attribute__((target_clones("default", "arch=x86-64-v3")))
#else
#define FOR_EVERY_PROCESSOR
#endif

#endif
