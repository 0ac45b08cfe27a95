#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "bridge.h"
#include "pace.h"

namespace waku_bridge {

class NodeContext;

/** Wakes one environment: by a function, or by a byte on a socket. Owned by its session. */
class Bell {
 public:
  Bell(wb_wake wake, void* data, int descriptor) : wake_(wake), data_(data), descriptor_(descriptor) {}

  /** Rings unless it has rung since the last answer(). Any thread. */
  void ring();

  /** Rings also when the listener is coming back later anyway. Any thread. */
  void ringAtOnce();

  /** Lets it ring again. */
  void answer() { rung_ = comesLater_ = false; }

  /** Counts as rung: the listener is coming back anyway. @param later whether that takes a moment. */
  void hold(bool later) {
    comesLater_ = later;  // first, so that what is waited for meanwhile rings
    rung_ = true;
  }

  /** Waits for a ring in progress; afterwards it never rings again. Ends the socket's traffic, which its
   * watch in bridge.cc sees. */
  void mute();

 private:
  void toll();

  std::atomic<bool> rung_{false};
  std::atomic<bool> comesLater_{false};
  std::mutex mutex_;  // held while ringing, so that mute() knows it is over
  wb_wake wake_;
  void* data_;
  int descriptor_;  // closed by its watch, after mute()
  bool muted_ = false;
};

/** One environment's side of the bridge: the replies and the contexts that belong to it. */
class Session : public std::enable_shared_from_this<Session> {
 public:
  Session(int64_t id, wb_wake wake, void* data, int descriptor) : id(id), bell_(wake, data, descriptor) {}

  const int64_t id;

  /** Queues the answer to a request. Any thread; after close() it is dropped. @param isOneOfMany whether it
   * may wait for others when the environment comes again by itself. */
  void reply(int64_t request, int32_t code, std::string text, bool isOneOfMany = false);

  /** Tells that a context has something to take. Any thread. */
  void ring() { ringFor(false); }

  /** Adds a context; false if there is one of that number, or the session is closed. Any thread. */
  bool add(const std::shared_ptr<NodeContext>& context);
  void remove(const NodeContext* context);
  std::shared_ptr<NodeContext> find(int64_t number);

  /** Collects the next batch and returns its size. The environment's thread. @param maxWaitMs as
   * wb_batch_prepare has it. */
  size_t prepareBatch(uint32_t maxWaitMs);

  /** Writes what prepareBatch() collected to memory of that size, and forgets it. The environment's thread.
   */
  void takeBatch(uint8_t* memory);
  size_t batchSize() const { return batch_.empty() ? 0 : batchSize_; }

  /** Ends the session. Any thread; a second time does nothing. */
  void close(wb_fate fate);

 private:
  struct Reply {
    int64_t request;
    int32_t code;
    std::string text;
  };

  /** What a batch is made of. */
  struct Item {
    uint32_t kind;
    int32_t code;
    int64_t id;
    std::string bytes;
    size_t textLength;

    /** In the batch, without its header. */
    size_t size() const;
  };

  /** Rings for one more item. */
  void ringFor(bool isAwaited);
  void collectReplies();
  void collectEvents();
  bool fits() const;
  void append(Item item);
  bool nothingLeft();

  Bell bell_;
  std::mutex mutex_;  // guards replies_, contexts_, closed_
  std::deque<Reply> replies_;
  std::vector<std::shared_ptr<NodeContext>> contexts_;
  bool closed_ = false;
  std::atomic<uint32_t> numWaiting_{0};  // items that came since the last batch was begun
  // The environment's thread only:
  size_t turn_ = 0;  // whose events come first
  std::vector<Item> batch_;
  size_t batchSize_ = 0;  // in bytes, when written
  uint32_t comesAgainMs_ = WB_WHEN_WOKEN;
  Pace pace_;
};

}  // namespace waku_bridge
