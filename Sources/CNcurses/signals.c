// Signals that are read by the thread that waits for them, whichever thread they are sent to.
#define _GNU_SOURCE
#include "shim.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <ucontext.h>
#include <unistd.h>

// Only async-signal-safe calls. The mask in the context is what the thread has when this returns: from
// then on the signal waits for its reader.
static void pass_on(int number, siginfo_t *information, void *context) {
  (void)information;
  int error = errno;
  sigaddset(&((ucontext_t *)context)->uc_sigmask, number);
  kill(getpid(), number);
  errno = error;
}

void signal_set_inert(int number) {
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_sigaction = pass_on;
  action.sa_flags = SA_SIGINFO | SA_RESTART;
  sigaction(number, &action, NULL);
}
