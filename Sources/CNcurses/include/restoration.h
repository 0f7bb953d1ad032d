// What a crash leaves: one line, and the terminal restored; the handlers that do both.
#ifndef MAXNORM_CNCURSES_RESTORATION_H
#define MAXNORM_CNCURSES_RESTORATION_H

#include <pthread.h>
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
  char text[512];  // leaves the alternate screen, shows the cursor, resets attributes
  int length;
};

// Installs handlers for the signals of a crash: each restores the terminal if the program has taken
// it, reports the crash in one line on standard error, and lets the program end by its signal or,
// with `passes_on`, by the handlers that were installed before. False if that failed.
bool crash_handlers_install(bool passes_on);
// Keeps a copy of what a crash, or restoration_perform, needs to restore the terminal; false if
// that failed.
bool restoration_arm(const struct terminal_restoration *restoration);
// The terminal has been restored otherwise.
void restoration_disarm(void);
// Hands the terminal back, once, from any thread or signal handler; does nothing unless armed.
void restoration_perform(void);
// Whether a screen is up whose terminal takes nothing at the moment.
bool restoration_is_stalled(void);
// Whether a screen is up.
bool restoration_is_armed(void);
// Gives up a terminal that no longer accepts output: whatever is written to it from here on is
// discarded, and the thread that waits for it continues.
void restoration_abandon(pthread_t waiting);
// A file in memory that grows at its end, for what is printed while the screen is up; or -1.
int restoration_capture_file(void);

#endif
