// Handing the terminal back from a signal handler: only async-signal-safe calls below "perform".
#define _GNU_SOURCE
#include "restoration.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

// A crash, and ctrl-backslash, which is meant as one. Stop signals are handled in good order elsewhere.
static const int crash_signals[] = {SIGSEGV, SIGILL,  SIGTRAP, SIGABRT, SIGBUS,
                                    SIGFPE,  SIGQUIT, SIGSYS,  SIGXCPU};
enum { crash_signal_count = sizeof crash_signals / sizeof crash_signals[0] };

static struct terminal_restoration saved;
static struct sigaction previous[crash_signal_count];
static int null_device = -1;
static atomic_bool armed;
static atomic_flag crashing = ATOMIC_FLAG_INIT;
static char handler_stack[64 * 1024];

static void write_all(int descriptor, const char *bytes, size_t count) {
  while (count > 0) {
    ssize_t written = write(descriptor, bytes, count);
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return;
    bytes += written;
    count -= (size_t)written;
  }
}

// The last 8 KiB of what was printed: a Swift trap's message is the last thing in it.
static void write_captured_tail(int from, int to) {
  struct stat status;
  if (from < 0 || to < 0 || fstat(from, &status) != 0) return;
  char bytes[1024];
  off_t position = status.st_size > 8192 ? status.st_size - 8192 : 0;
  for (;;) {
    ssize_t count = pread(from, bytes, sizeof bytes, position);
    if (count <= 0) return;
    write_all(to, bytes, (size_t)count);
    position += count;
  }
}

void restoration_perform(void) {
  if (!atomic_exchange(&armed, false)) return;
  // In the background, setting the modes would stop the process.
  sigset_t stops, before;
  sigemptyset(&stops);
  sigaddset(&stops, SIGTTOU);
  pthread_sigmask(SIG_BLOCK, &stops, &before);
  // The thread that draws may still be at it: from here on it draws into nothing.
  if (null_device >= 0) dup2(null_device, saved.screen);
  write_all(saved.terminal, saved.text, (size_t)saved.length);
  tcsetattr(saved.terminal, TCSANOW, &saved.modes);
  if (saved.standard_output >= 0) dup2(saved.standard_output, STDOUT_FILENO);
  if (saved.standard_error >= 0) dup2(saved.standard_error, STDERR_FILENO);
  write_captured_tail(saved.captured, saved.standard_error);
  pthread_sigmask(SIG_SETMASK, &before, NULL);
}

static void handle_crash(int number, siginfo_t *information, void *context) {
  (void)context;
  int error = errno;
  // Of two threads that crash together, one restores and the other waits for the end.
  if (atomic_flag_test_and_set(&crashing))
    for (;;) pause();
  restoration_perform();
  restoration_disarm();
  if (!saved.passes_on) signal(number, SIG_DFL);
  // A faulty instruction is carried out again, so that the next handler sees the same registers.
  bool repeats_itself = information->si_code > 0 && number != SIGTRAP;
  if (!repeats_itself) raise(number);
  errno = error;
}

bool restoration_arm(const struct terminal_restoration *restoration) {
  if (null_device < 0) null_device = open("/dev/null", O_RDWR | O_CLOEXEC);
  if (null_device < 0) return false;
  saved = *restoration;
  atomic_store(&armed, true);
  // For a stack that overflowed; other threads use theirs if they have one.
  stack_t stack;
  if (sigaltstack(NULL, &stack) == 0 && (stack.ss_flags & SS_DISABLE)) {
    memset(&stack, 0, sizeof stack);
    stack.ss_sp = handler_stack;
    stack.ss_size = sizeof handler_stack;
    sigaltstack(&stack, NULL);
  }
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_sigaction = handle_crash;
  action.sa_flags = SA_SIGINFO | SA_ONSTACK;
  sigfillset(&action.sa_mask);
  for (int index = 0; index < crash_signal_count; index++)
    if (sigaction(crash_signals[index], &action, &previous[index]) != 0) return false;
  return true;
}

void restoration_disarm(void) {
  atomic_store(&armed, false);
  for (int index = 0; index < crash_signal_count; index++)
    sigaction(crash_signals[index], &previous[index], NULL);
}

int restoration_capture_file(void) {
  int file = memfd_create("maxnorm-output", MFD_CLOEXEC);
  if (file >= 0) fcntl(file, F_SETFL, O_APPEND);
  // A crash loses what is still in stdio's buffer; a file would be buffered by whole blocks.
  setvbuf(stdout, NULL, _IOLBF, 0);
  return file;
}
