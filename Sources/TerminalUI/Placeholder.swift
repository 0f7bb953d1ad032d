// Placeholder until the first file of TerminalUI lands.
