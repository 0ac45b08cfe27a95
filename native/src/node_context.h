#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "abi.h"
#include "arguments.h"
#include "bridge.h"
#include "dispatcher.h"
#include "event_queue.h"
#include "library.h"
#include "pacer.h"
#include "registry.h"
#include "repetitions.h"
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
    bool isPaced;  // what is published
  };

  /** Begins to create a node, which has the number of the request; or returns why not. */
  static wb_status create(const std::shared_ptr<Session>& session, int64_t request, std::string config,
                          const Limits& limits);

  /** Queues a call, or returns why not. Any thread. */
  wb_status call(int64_t request, std::string_view name, Arguments&& arguments);

  /** Says which peers take what it publishes: their addresses, with spaces between. Any thread. */
  void setPeers(std::string_view addresses);

  /** Gives up a call that publishes, if it is held. Any thread. */
  void cancel(int64_t request);

  /** Queues the end, or returns why not. Any thread. */
  wb_status destroy(int64_t request);

  /** The process is ending: nothing is called any more. Any thread. */
  static void leaveAll();

  /** Gives up a context whose session has closed. Any thread. */
  void abandon(wb_fate fate);

  /** Takes an event from the library. Any thread. */
  void receive(int32_t code, const char* text, size_t length) noexcept;

  EventQueue& events() { return events_; }
  uint32_t openCalls() const { return openCalls_; }

  NodeContext(int64_t number, std::shared_ptr<Session> session, const Library& library, Dispatcher& creator,
              Dispatcher& dispatcher, const Limits& limits)
      : number(number),
        session_(std::move(session)),
        library_(library),
        creator_(creator),
        dispatcher_(dispatcher),
        maxCalls_(limits.calls),
        events_(limits.events, limits.eventBytes),
        pacer_(limits.isPaced,
               {[this](const auto& message) { handOver(message); },
                [this](const auto& address, bool inTurn, uint64_t round) { ping(address, inTurn, round); }}) {
  }

  /** By which its session knows it. */
  const int64_t number;

 private:
  enum class State { kCreating, kReady, kFailed, kClosing };
  class Call;
  class PublishCall;
  class Ping;

  State state();
  bool moveTo(State next);

  /** Runs a function on the dispatcher, but not before the library's handle is known. */
  template <typename Work>
  void postAfterCreate(Work work);

  /** Opens a call and begins it, or returns why not. */
  template <typename Begin>
  wb_status open(const std::shared_ptr<Call>& call, Begin begin);
  void post(const std::shared_ptr<Dispatcher::Task>& task, bool first);

  // On the creator:
  void runCreate(const std::string& config);

  // On the dispatcher:
  void finishCreate(int32_t code, std::string text);
  void runCall(int64_t ticket, const Function& function, const Argument* arguments);
  void runStop();
  void runDestroy(int64_t request);

  // For the pacer, any thread:
  void handOver(const std::shared_ptr<Pacer::Message>& message);
  void ping(const std::string& address, bool inTurn, uint64_t round);

  void answerCall(int64_t request, Role role, int32_t code, std::string&& text);

  const int64_t id_ = nextId();  // by which the library knows it
  int64_t creation_ = 0;         // the ticket of it
  const std::shared_ptr<Session> session_;
  const Library& library_;  // never freed
  Dispatcher& creator_;     // never freed; ours until runDestroy has released it; may be the dispatcher
  Dispatcher& dispatcher_;  // likewise
  const uint32_t maxCalls_;
  EventQueue events_;
  Repetitions repetitions_;
  Pacer pacer_;
  std::mutex mutex_;  // guards state_
  State state_ = State::kCreating;
  std::atomic<uint32_t> openCalls_{0};
  std::atomic<bool> running_{false};  // may have a network that wants a stop
  void* context_ = nullptr;  // the library's; set on the creator, then touched on the dispatcher only
};

}  // namespace waku_bridge
