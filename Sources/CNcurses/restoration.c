// Handing the terminal back from a signal handler: only async-signal-safe calls below "perform".
#define _GNU_SOURCE
#include "restoration.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

// Signals that end the program by themselves. Those that ask it to end are handled in good order
// elsewhere.
static const struct {
  int number;
  const char *meaning;
} crash_signals[] = {
    {SIGSEGV, "SIGSEGV (memory that is not the program's)"},
    {SIGBUS, "SIGBUS (memory or part of a file that is not there)"},
    {SIGILL, "SIGILL (an instruction that traps)"},
    {SIGTRAP, "SIGTRAP (an instruction that traps)"},
    {SIGFPE, "SIGFPE (arithmetic)"},
    {SIGABRT, "SIGABRT (given up by a library)"},
    {SIGSYS, "SIGSYS (a system call that is not allowed)"},
    {SIGXCPU, "SIGXCPU (the limit of processor time)"},
};
enum { crash_signal_count = sizeof crash_signals / sizeof crash_signals[0] };

static struct terminal_restoration saved;
static struct sigaction previous[crash_signal_count];
static bool passes_on;
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

// Only async-signal-safe calls: no stdio.
static void tell(int number) {
  const char *meaning = "a signal";
  for (int index = 0; index < crash_signal_count; index++)
    if (crash_signals[index].number == number) meaning = crash_signals[index].meaning;
  const char *parts[] = {"maxnorm: ended by ", meaning,
                         passes_on || number == SIGXCPU
                             ? "\n"
                             : ": for a report run it again with SWIFT_BACKTRACE=enable=yes,"
                               "output-to=trace.txt in the environment\n"};
  char line[256];
  size_t count = 0;
  for (int part = 0; part < 3; part++)
    for (const char *byte = parts[part]; *byte && count < sizeof line; byte++) line[count++] = *byte;
  write_all(STDERR_FILENO, line, count);
}

// Whether the instruction that was interrupted caused the signal, so that it comes again when the
// handler returns. A positive si_code alone does not say that: it only says that the kernel sent the
// signal, which it also does for ctrl-backslash and for a limit that was reached.
static bool is_fault(int number, const siginfo_t *information) {
  switch (number) {
    case SIGSEGV:
    case SIGBUS:
    case SIGILL:
    case SIGFPE: return information->si_code > 0;
    default: return false;
  }
}

static void handle_crash(int number, siginfo_t *information, void *context) {
  (void)context;
  int error = errno;
  // Of two threads that crash together, one restores and the other waits for the end.
  if (atomic_flag_test_and_set(&crashing))
    for (;;) pause();
  restoration_perform();
  tell(number);
  for (int index = 0; index < crash_signal_count; index++)
    if (passes_on)
      sigaction(crash_signals[index].number, &previous[index], NULL);
    else
      signal(crash_signals[index].number, SIG_DFL);
  // A faulty instruction is carried out again, so that the next handler, or a core dump, sees the same
  // registers. Any other signal is sent again, and waits until this handler has returned.
  if (!is_fault(number, information)) raise(number);
  errno = error;
}

bool crash_handlers_install(bool passes_on_afterwards) {
  passes_on = passes_on_afterwards;
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
    if (sigaction(crash_signals[index].number, &action, &previous[index]) != 0) return false;
  return true;
}

bool restoration_arm(const struct terminal_restoration *restoration) {
  if (null_device < 0) null_device = open("/dev/null", O_RDWR | O_CLOEXEC);
  if (null_device < 0) return false;
  saved = *restoration;
  atomic_store(&armed, true);
  return true;
}

void restoration_disarm(void) { atomic_store(&armed, false); }

bool restoration_is_armed(void) { return atomic_load(&armed); }

bool restoration_is_stalled(void) {
  if (!restoration_is_armed()) return false;
  struct pollfd terminal = {.fd = saved.terminal, .events = POLLOUT};
  return poll(&terminal, 1, 0) == 0;
}

static void interrupt_only(int number) { (void)number; }

void restoration_abandon(pthread_t waiting) {
  if (!restoration_is_armed()) return;
  // Not drained, for that would wait as well; in the background it would stop the process.
  sigset_t stops, before;
  sigemptyset(&stops);
  sigaddset(&stops, SIGTTOU);
  pthread_sigmask(SIG_BLOCK, &stops, &before);
  tcsetattr(saved.terminal, TCSANOW, &saved.modes);
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  const int written[] = {saved.screen, saved.standard_output, saved.standard_error, saved.terminal};
  for (int index = 0; index < 4; index++)
    if (written[index] >= 0 && isatty(written[index])) dup2(null_device, written[index]);
  // A signal that only interrupts the call that waits; what is tried again is discarded.
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_handler = interrupt_only;
  sigaction(SIGURG, &action, NULL);
  pthread_kill(waiting, SIGURG);
}

int restoration_capture_file(void) {
  int file = memfd_create("maxnorm-output", MFD_CLOEXEC);
  if (file >= 0) fcntl(file, F_SETFL, O_APPEND);
  // A crash loses what is still in stdio's buffer; a file would be buffered by whole blocks.
  setvbuf(stdout, NULL, _IOLBF, 0);
  return file;
}
