#include "event_queue.h"

#include <utility>

namespace waku_bridge {

bool EventQueue::push(int32_t code, const char* text, size_t length) noexcept {
  if (text == nullptr) length = 0;
  const auto drop = [this] {
    dropped_++;
    return unreported_++ == 0;
  };
  std::lock_guard<std::mutex> lock(mutex_);
  if (closed_) return false;
  received_++;
  if (events_.size() >= maxEvents_ || length > maxBytes_ - bytes_) return drop();
  try {
    events_.push_back({code, std::string(text == nullptr ? "" : text, length)});
  } catch (...) {
    return drop();
  }
  bytes_ += length;
  return true;
}

bool EventQueue::take(Event& event) {
  std::lock_guard<std::mutex> lock(mutex_);
  if (events_.empty()) return false;
  event = std::move(events_.front());
  events_.pop_front();
  bytes_ -= event.text.size();
  return true;
}

uint64_t EventQueue::takeDropped() {
  std::lock_guard<std::mutex> lock(mutex_);
  return std::exchange(unreported_, 0);
}

bool EventQueue::empty() {
  std::lock_guard<std::mutex> lock(mutex_);
  return events_.empty() && unreported_ == 0;
}

EventQueue::Counts EventQueue::counts() {
  std::lock_guard<std::mutex> lock(mutex_);
  return {events_.size(), bytes_, received_, dropped_};
}

void EventQueue::close() {
  std::deque<Event> freed;  // outside the lock: freeing a full queue takes a while
  std::lock_guard<std::mutex> lock(mutex_);
  closed_ = true;
  events_.swap(freed);
  bytes_ = 0;
  unreported_ = 0;
}

}  // namespace waku_bridge
