#include "pace.h"

#include <algorithm>

namespace waku_bridge {

namespace {

// Over how long the load is measured.
constexpr std::chrono::milliseconds kWindow{5};

// Items in such a time from which on they are gathered.
constexpr uint32_t kMany = 4;

// And in the last two of them from which on they are a flood: one window may have a burst of large messages.
constexpr uint32_t kFlood = 20;

// How long they are gathered, in milliseconds. With 1, an event loop works on few messages at a time, and of
// 10 KiB each costs it half as much again; with 6, publishers of 100 KiB wait.
constexpr uint32_t kGatherMs = 2;

}  // namespace

void Pace::note(uint32_t numItems, Clock::time_point now) {
  if (const auto passed = now - since_; passed > kWindow) {
    before_ = passed > 2 * kWindow ? 0 : items_;
    items_ = 0;
    since_ = now;
  }
  items_ += numItems;
}

uint32_t Pace::waitMs(uint32_t maxMs) const {
  if (std::max(items_, before_) < kMany) return 0;
  return items_ + before_ < kFlood ? std::min(kGatherMs, maxMs) : maxMs;
}

}  // namespace waku_bridge
