#pragma once

#include <array>
#include <chrono>
#include <deque>
#include <mutex>
#include <string_view>

namespace waku_bridge {

/**
 * The events by which the library repeats what a context publishes itself: one for each call, also for a
 * message that it then could give to nobody. JavaScript knows these messages, and to bring each back to it
 * would cost as much as one of another node. Any thread.
 */
class Repetitions {
 public:
  /** A message with this hash is about to be published. What has not the length of a hash is not awaited. */
  void expect(std::string_view hash);

  /** Tells whether an event is such a repetition, of which one less is then awaited. */
  bool take(std::string_view event);

 private:
  struct Awaited {
    std::array<char, 66> hash;
    std::chrono::steady_clock::time_point since;
  };

  std::mutex mutex_;
  std::deque<Awaited> awaited_;  // the oldest first, which as a rule is the next to come
};

}  // namespace waku_bridge
