#include "event_queue.h"

#include <string_view>
#include <utility>

#include "base64.h"

namespace waku_bridge {

namespace {

// Before a payload stand a topic and a hash: what is not there by then is not looked for.
constexpr size_t kPayloadWithin = 512;

// Only a key looks like this: quotation marks inside texts are escaped.
constexpr std::string_view kPayloadKey = R"("payload":")";

/** Makes a message of an event; false if it has no payload, or one that is not base64. */
bool makeMessage(std::string_view text, Event& event) {
  const size_t key = text.substr(0, kPayloadWithin).find(kPayloadKey);
  if (key == std::string_view::npos) return false;
  const size_t start = key + kPayloadKey.size();
  const size_t end = text.find('"', start);
  if (end == std::string_view::npos) return false;
  const size_t length = end - start;
  event.isMessage = true;
  event.textLength = text.size() - length;
  const size_t size = event.textLength + base64Size(&text[start], length);
  event.bytes.reserve(size);
  event.bytes.append(text, 0, start).append(text, end).resize(size);
  return decodeBase64(&text[start], length, reinterpret_cast<uint8_t*>(&event.bytes[event.textLength]));
}

/** Makes the event of a text; false for want of memory. */
bool make(int32_t code, std::string_view text, Event& event) noexcept {
  try {
    if (code != 0 || !makeMessage(text, event)) event = {0, false, std::string(text), text.size()};
    event.code = code;
    return true;
  } catch (...) {
    return false;
  }
}

}  // namespace

bool EventQueue::push(int32_t code, const char* text, size_t length) noexcept {
  // Before the lock, which is not to be held for as long as a large payload takes.
  Event event;
  const bool isMade =
      make(code, text == nullptr ? std::string_view() : std::string_view(text, length), event);
  const size_t size = event.bytes.size();
  const auto drop = [this] {
    dropped_++;
    return unreported_++ == 0;
  };
  std::lock_guard<std::mutex> lock(mutex_);
  if (closed_) return false;
  received_++;
  if (!isMade || events_.size() >= maxEvents_ || size > maxBytes_ - bytes_) return drop();
  try {
    events_.push_back(std::move(event));
  } catch (...) {
    return drop();
  }
  bytes_ += size;
  return true;
}

bool EventQueue::take(Event& event) {
  std::lock_guard<std::mutex> lock(mutex_);
  if (events_.empty()) return false;
  event = std::move(events_.front());
  events_.pop_front();
  bytes_ -= event.bytes.size();
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
