// Functions compiled once for each kind of processor: the default target of a Swift package has vectors
// of four floats, and no other can be asked for without unsafe flags.
#ifndef MAXNORM_CVECTORS_PROCESSORS_H
#define MAXNORM_CVECTORS_PROCESSORS_H

#if defined(__x86_64__)
/// Chosen when the program starts.
#define FOR_EVERY_PROCESSOR \
  __attribute__((target_clones("default", "arch=x86-64-v3", "arch=x86-64-v4")))
#else
#define FOR_EVERY_PROCESSOR
#endif

#endif
