#include "stay.h"

namespace waku_bridge {

#ifdef __linux__

int currentProcessor() { return sched_getcpu(); }

void Stay::on(int processor) {
  if (processor == processor_ || processor < 0 || processor >= CPU_SETSIZE) return;
  if (processor_ < 0 && sched_getaffinity(0, sizeof(before_), &before_) != 0) return;
  cpu_set_t one;
  CPU_ZERO(&one);
  CPU_SET(processor, &one);
  if (sched_setaffinity(0, sizeof(one), &one) == 0) processor_ = processor;
}

void Stay::end() {
  if (processor_ < 0) return;
  sched_setaffinity(0, sizeof(before_), &before_);
  processor_ = -1;
}

#else

int currentProcessor() { return -1; }
void Stay::on(int) {}
void Stay::end() {}

#endif

}  // namespace waku_bridge
