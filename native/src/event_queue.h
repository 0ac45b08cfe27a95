#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <mutex>
#include <string>

namespace waku_bridge {

struct Event {
  int32_t code = 0;
  bool isMessage = false;
  /** The text; of a message, the text with its payload cut out, and after it the payload as bytes. */
  std::string bytes;
  size_t textLength = 0;
};

/**
 * Events of one context on their way to JavaScript. The library's threads push and never wait: what does not
 * fit is dropped and counted. The JavaScript thread takes.
 */
class EventQueue {
 public:
  struct Counts {
    uint64_t waiting, bytes, received, dropped;
  };

  /** Bytes are counted as they are kept: payloads decoded. */
  EventQueue(uint32_t maxEvents, uint64_t maxBytes) : maxEvents_(maxEvents), maxBytes_(maxBytes) {}

  /** Copies an event in, and decodes the payload of a message. Returns whether there is news to wake for: the
   * event, or the first drop of a row. */
  bool push(int32_t code, const char* text, size_t length) noexcept;

  /** Moves the oldest event out; false if there is none. */
  bool take(Event& event);

  /** Returns the drops since the last report, and forgets them. */
  uint64_t takeDropped();

  bool empty();
  Counts counts();

  /** Frees what is waiting; later events vanish uncounted. */
  void close();

 private:
  const uint32_t maxEvents_;
  const uint64_t maxBytes_;
  std::mutex mutex_;
  std::deque<Event> events_;
  uint64_t bytes_ = 0;
  uint64_t received_ = 0;
  uint64_t dropped_ = 0;
  uint64_t unreported_ = 0;
  bool closed_ = false;
};

}  // namespace waku_bridge
