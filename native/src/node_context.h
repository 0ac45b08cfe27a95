#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "abi.h"
#include "bridge.h"
#include "dispatcher.h"
#include "event_queue.h"
#include "library.h"
#include "session.h"

namespace waku_bridge {

/**
 * One node in the library. The library is entered only on this context's dispatcher, but for the creation,
 * and never again after creation has failed or destroy has begun: both would crash it.
 */
class NodeContext : public std::enable_shared_from_this<NodeContext> {
 public:
  struct Limits {
    uint32_t events;
    uint64_t eventBytes;
    uint32_t calls;
  };

  /** Begins to create a node; returns its handle, which is the request id of the creation too, or a
   * wb_status. */
  static int64_t create(const std::shared_ptr<Session>& session, std::string config, const Limits& limits);

  /** Queues a call; returns its request id or a wb_status. Any thread. */
  int64_t call(std::string_view name, std::vector<Argument>&& arguments);

  /** Queues the end; returns its request id or a wb_status. Any thread. */
  int64_t destroy();

  /** Gives up a context whose session has closed. Any thread. */
  void abandon(wb_fate fate);

  /** Takes an event from the library. Any thread. */
  void receive(int32_t code, const char* text, size_t length) noexcept;

  bool belongsTo(int64_t session) const { return session_->id == session; }
  EventQueue& events() { return events_; }
  uint32_t openCalls() const { return openCalls_; }

  NodeContext(int64_t id, std::shared_ptr<Session> session, const Library& library, Dispatcher& creator,
              Dispatcher& dispatcher, const Limits& limits)
      : id(id),
        session_(std::move(session)),
        library_(library),
        creator_(creator),
        dispatcher_(dispatcher),
        maxCalls_(limits.calls),
        events_(limits.events, limits.eventBytes) {}

  const int64_t id;

 private:
  enum class State { kCreating, kReady, kFailed, kClosing };

  State state();
  bool moveTo(State next);

  /** Runs a task on the dispatcher, but not before the library's handle is known. */
  void postAfterCreate(Dispatcher::Task task);

  // On the creator:
  void runCreate(const std::string& config);

  // On the dispatcher:
  void finishCreate(int32_t code, std::string text);
  void runCall(int64_t request, const Function& function, const std::vector<Argument>& arguments);
  void runStop();
  void runDestroy(int64_t request);

  void answerCall(int64_t request, Role role, int32_t code, std::string&& text);

  const std::shared_ptr<Session> session_;
  const Library& library_;  // never freed
  Dispatcher& creator_;     // never freed; ours until runDestroy has released it; may be the dispatcher
  Dispatcher& dispatcher_;  // likewise
  const uint32_t maxCalls_;
  EventQueue events_;
  std::mutex mutex_;  // guards state_
  State state_ = State::kCreating;
  std::atomic<uint32_t> openCalls_{0};
  std::atomic<bool> running_{false};  // may have a network that wants a stop
  void* context_ = nullptr;  // the library's; set on the creator, then touched on the dispatcher only
};

}  // namespace waku_bridge
