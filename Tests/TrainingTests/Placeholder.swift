// Placeholder until the first test of Training lands.
