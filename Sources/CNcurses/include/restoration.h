// Handing the terminal back when the program crashes: what to write, and the handlers that write it.
#ifndef MAXNORM_CNCURSES_RESTORATION_H
#define MAXNORM_CNCURSES_RESTORATION_H

#include <stdbool.h>
#include <termios.h>

// What it takes to leave the screen without curses, without memory and without locks.
struct terminal_restoration {
  int terminal;         // a descriptor of the terminal that nobody else uses
  int screen;           // the descriptor curses writes to; it is cut off
  int captured;         // a file with what was printed while the screen was up, or -1
  int standard_output;  // what descriptors 1 and 2 were, or -1
  int standard_error;
  struct termios modes;
  bool passes_on;  // afterwards the handlers that were there before have their turn
  char text[512];  // leaves the alternate screen, shows the cursor, resets attributes
  int length;
};

// Keeps a copy and installs handlers for the signals of a crash; false if that failed.
bool restoration_arm(const struct terminal_restoration *restoration);
// Puts back the handlers that were there before.
void restoration_disarm(void);
// Hands the terminal back, once, from any thread or signal handler; does nothing unless armed.
void restoration_perform(void);
// A file in memory that grows at its end, for what is printed while the screen is up; or -1.
int restoration_capture_file(void);

#endif
