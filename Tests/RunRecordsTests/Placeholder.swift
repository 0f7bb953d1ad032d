// Placeholder until the first test of RunRecords lands.
