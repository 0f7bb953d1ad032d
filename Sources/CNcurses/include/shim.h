// ncursesw, and what of it Swift cannot import: macros, mutable globals and sentinel pointers.
#ifndef MAXNORM_CNCURSES_SHIM_H
#define MAXNORM_CNCURSES_SHIM_H

#define NCURSES_WIDECHAR 1
#include <ncurses.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <wchar.h>

// Globals of the current screen.
static inline WINDOW *curses_window(void) { return stdscr; }
static inline WINDOW *curses_shown_window(void) { return curscr; }
static inline int curses_color_count(void) { return COLORS; }
static inline int curses_pair_count(void) { return COLOR_PAIRS; }

// Attributes are casts within macros.
static inline attr_t curses_bold(void) { return WA_BOLD; }
static inline attr_t curses_dim(void) { return WA_DIM; }
static inline attr_t curses_underline(void) { return WA_UNDERLINE; }
static inline attr_t curses_reverse(void) { return WA_REVERSE; }

// A capability of the current terminal as a string, or NULL; tigetstr answers -1 for "no string".
static inline const char *curses_capability(const char *name) {
  char *value = tigetstr(name);
  return value == (char *)-1 ? NULL : value;
}

// Whether a capability is there whatever its type; "RGB" is a flag, a number or a string.
static inline bool curses_has_capability(const char *name) {
  return tigetflag(name) > 0 || tigetnum(name) > 0 || curses_capability(name) != NULL;
}

// In term.h, whose macros are as common as `columns`.
int setupterm(const char *term, int descriptor, int *error);

// Left out of wchar.h without a feature macro.
int wcwidth(wchar_t character);

// ioctl is variadic. Leaves its results alone when the system call fails.
static inline bool terminal_size(int descriptor, int *columns, int *rows) {
  struct winsize size;
  if (ioctl(descriptor, TIOCGWINSZ, &size) != 0 || size.ws_col == 0 || size.ws_row == 0) return false;
  *columns = size.ws_col;
  *rows = size.ws_row;
  return true;
}

// A handler is a union member; SIG_IGN is a cast.
static inline bool signal_is_ignored(int number) {
  struct sigaction action;
  return sigaction(number, NULL, &action) == 0 && action.sa_handler == SIG_IGN;
}
// A disposition that is neither the default nor "ignore", for signals that are read elsewhere:
// ignored ones might never be seen, and ncurses replaces default ones by its own handlers. A thread that
// takes one all the same, because it does not block it yet, blocks it and passes it on.
void signal_set_inert(int number);
static inline void signal_set_default(int number) { signal(number, SIG_DFL); }
static inline void signal_exit(int number) { _exit(128 + number); }
// Ends the process at once, with the status that shells give to an end by this signal.
static inline void signal_set_exit(int number) { signal(number, signal_exit); }

#endif
