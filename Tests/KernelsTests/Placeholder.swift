// Placeholder until the first test of Kernels lands.
