// Placeholder until the first test of TerminalUI lands.
