// Placeholder until the first test of Program lands.
