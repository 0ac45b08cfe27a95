#pragma once

#ifdef __linux__
#include <sched.h>
#endif

namespace waku_bridge {

/** Returns the processor that the calling thread runs on; negative where the system does not tell. */
int currentProcessor();

/**
 * Keeps a thread on one processor for a while. All by that thread; it does nothing where the system cannot,
 * or does not let it.
 */
class Stay {
 public:
  void on(int processor);

  /** The thread may run where it could before. */
  void end();

 private:
  int processor_ = -1;
#ifdef __linux__
  cpu_set_t before_{};
#endif
};

}  // namespace waku_bridge
