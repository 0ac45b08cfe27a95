/* Preloaded into a process, makes it call exit() itself when it gets SIGUSR2, as a library does that gives up. */
#include <signal.h>
#include <stdlib.h>

static void leave (int signal) {
  (void) signal;
  exit(7);
}

__attribute__((constructor)) static void prepare (void) {
  signal(SIGUSR2, leave);
}
