#pragma once

#include <chrono>
#include <cstdint>

namespace waku_bridge {

/**
 * Tells for how long what a session has to give may be gathered instead of being taken at once. To wake
 * somebody for each of thousands of items a second costs more than to handle them. One thread.
 */
class Pace {
 public:
  using Clock = std::chrono::steady_clock;

  /** So many items were taken. */
  void note(uint32_t numItems, Clock::time_point now = Clock::now());

  /** For how long what comes can wait, in milliseconds. @param maxMs in a flood. */
  uint32_t waitMs(uint32_t maxMs) const;

 private:
  Clock::time_point since_;
  uint32_t items_ = 0;   // since then
  uint32_t before_ = 0;  // in as much time before that
};

}  // namespace waku_bridge
