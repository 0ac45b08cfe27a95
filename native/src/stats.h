#pragma once

#include <atomic>
#include <cstdint>

namespace waku_bridge {

/** Process-wide counters, in the order in which wb_process_stats gives them. Any thread; never freed. */
struct Stats {
  std::atomic<int64_t> contexts{0};  // library contexts that exist, being destroyed ones included
  std::atomic<int64_t> leakedContexts{
      0};  // left to the end of the process, on purpose or because destroy failed
  std::atomic<int64_t> dispatchers{0};      // threads that may enter the library
  std::atomic<int64_t> idleDispatchers{0};  // of these, waiting for a context
  std::atomic<int64_t> openRequests{0};     // made and not yet answered by the library
  std::atomic<int64_t> strayReplies{0};     // second, third or too late answers, dropped
  std::atomic<int64_t> strayEvents{0};      // events for contexts that are gone, dropped
  std::atomic<int64_t> lostReplies{0};      // answers that could not be copied for want of memory
  std::atomic<int64_t> sessions{0};         // open sessions

  static Stats& get() {
    static auto* stats = new Stats;
    return *stats;
  }
};

}  // namespace waku_bridge
