// Placeholder until the first test of Dashboard lands.
