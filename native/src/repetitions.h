#pragma once

#include <chrono>
#include <list>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

namespace waku_bridge {

/**
 * The events by which the library repeats what a context publishes itself: one for each call, also for a
 * message that it then could give to nobody. JavaScript knows these messages, and to bring each back to it
 * would cost as much as one of another node. Any thread.
 */
class Repetitions {
 public:
  /** A message with this hash is about to be published. */
  void expect(std::string_view hash);

  /** Tells whether an event is such a repetition, of which one less is then awaited. */
  bool take(std::string_view event);

 private:
  struct Awaited {
    std::string hash;
    std::chrono::steady_clock::time_point since;
  };

  std::mutex mutex_;
  std::list<Awaited> awaited_;  // the oldest first
  std::unordered_multimap<std::string_view, std::list<Awaited>::iterator> byHash_;
};

}  // namespace waku_bridge
