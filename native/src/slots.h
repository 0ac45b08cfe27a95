#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <new>
#include <utility>
#include <vector>

namespace waku_bridge {

/**
 * Keeps what comes and goes by thousands a second, each under a number that it gives out: a number that comes
 * late or twice finds nothing. Takes no memory once it has room for as many as there are at a time. Any
 * thread.
 */
template <typename T>
class Slots {
 public:
  /** Puts something in and returns its number, which is positive. Throws std::bad_alloc. */
  int64_t add(std::shared_ptr<T> value) {
    std::lock_guard<std::mutex> lock(mutex_);
    if (free_.empty()) grow();
    auto& slot = slots_[free_.back()];
    free_.pop_back();
    slot.value = std::move(value);
    return slot.number;
  }

  /** Takes something out: of several callers, one gets it. */
  std::shared_ptr<T> take(int64_t number) {
    std::lock_guard<std::mutex> lock(mutex_);
    const size_t place = static_cast<size_t>(number) & (kMaxPlaces - 1);
    if (place >= slots_.size() || slots_[place].number != number) return nullptr;
    return take(slots_[place]);
  }

  /** Takes out all for which `test` holds. */
  template <typename Test>
  std::vector<std::shared_ptr<T>> takeIf(Test test) {
    std::vector<std::shared_ptr<T>> taken;
    std::lock_guard<std::mutex> lock(mutex_);
    for (auto& slot : slots_) {
      if (!slot.value || !test(*slot.value)) continue;
      taken.push_back(slot.value);
      take(slot);
    }
    return taken;
  }

 private:
  struct Slot {
    int64_t number;  // ends in its place; the rest, which is never 0, counts how often that was used
    std::shared_ptr<T> value;
  };

  // A place can be used 2^39 times: a hundred times a second for longer than a process lives.
  static constexpr size_t kMaxPlaces = size_t{1} << 24;

  void grow() {
    if (slots_.size() == kMaxPlaces) throw std::bad_alloc();
    if (slots_.size() == slots_.capacity()) slots_.reserve(2 * slots_.size() + 1);
    free_.reserve(slots_.capacity());  // so that what is taken out finds room
    free_.push_back(slots_.size());
    slots_.push_back({static_cast<int64_t>(kMaxPlaces + slots_.size()), nullptr});
  }

  std::shared_ptr<T> take(Slot& slot) {
    if (slot.value) {
      free_.push_back(static_cast<size_t>(slot.number) & (kMaxPlaces - 1));
      slot.number += kMaxPlaces;
    }
    return std::exchange(slot.value, nullptr);
  }

  std::mutex mutex_;
  std::vector<Slot> slots_;
  std::vector<size_t> free_;
};

}  // namespace waku_bridge
