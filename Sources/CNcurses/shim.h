// ncursesw, and what of it Swift cannot import: macros and mutable globals.
#ifndef MAXNORM_CNCURSES_SHIM_H
#define MAXNORM_CNCURSES_SHIM_H

#define NCURSES_WIDECHAR 1
#include <ncurses.h>
#include <term.h>

#endif
