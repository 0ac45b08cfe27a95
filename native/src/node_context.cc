#include "node_context.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <utility>

#include "registry.h"
#include "request.h"
#include "signals.h"
#include "stats.h"
#include "stay.h"

namespace waku_bridge {

namespace {

// How long an abandoned node may take to stop before it is destroyed all the same.
constexpr std::chrono::seconds kStopDeadline{5};

// The library waits with select(), which knows no descriptor beyond 1023 and makes it hang for ever; a node
// opens some twenty, and leaves five behind.
constexpr int kMaxDescriptor = 960;

// The library takes a time for dialling and ignores it; the pacer knows how long it waits.
constexpr std::string_view kPing = "waku_ping_peer";
constexpr int64_t kPingTimeoutMs = 120'000;

bool hasTooManyFiles() {
  const int next = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  if (next >= 0) ::close(next);
  return next < 0 || next > kMaxDescriptor;
}

// Set when the process ends: a call begun now would race the library's own tear-down in exit().
std::atomic<bool> processEnding{false};

/** The first call into the library starts its runtime, and a second one meanwhile would run in a half-started
 * one: the first caller holds a lock until its call has returned, and later ones wait for that. */
std::unique_lock<std::mutex> firstCallGuard() {
  static auto* mutex = new std::mutex;
  static std::atomic<bool> begun{false};
  std::unique_lock<std::mutex> lock(*mutex);
  if (begun.exchange(true)) lock.unlock();
  return lock;
}

int64_t ticketOf(void* userData) { return reinterpret_cast<int64_t>(userData); }

}  // namespace

void deliverReply(void* ticket, int code, const char* text, size_t length) noexcept {
  if (!Request::settle(ticketOf(ticket), code, text, length)) Stats::get().strayReplies++;
}

void deliverEvent(void* listener, int code, const char* text, size_t length) noexcept {
  const auto context = Registry<NodeContext>::get().find(ticketOf(listener));
  if (context) {
    context->receive(code, text, length);
  } else {
    Stats::get().strayEvents++;
  }
}

wb_status NodeContext::create(const std::shared_ptr<Session>& session, int64_t request, std::string config,
                              const Limits& limits) {
  const Library* library = Library::current();
  if (library == nullptr) return WB_NO_LIBRARY;
  if (hasTooManyFiles()) return WB_TOO_MANY_FILES;
  Dispatcher* dispatcher = Dispatcher::acquire();
  if (dispatcher == nullptr) return WB_NO_RESOURCES;
  Dispatcher* creator = library->abi().createsApart() ? Dispatcher::acquire() : dispatcher;
  if (creator == nullptr) {
    dispatcher->release();
    return WB_NO_RESOURCES;
  }
  auto self = std::make_shared<NodeContext>(request, session, *library, *creator, *dispatcher, limits);
  if (!session->add(self)) {
    if (creator != dispatcher) creator->release();
    dispatcher->release();
    return WB_CLOSED;
  }
  Registry<NodeContext>::get().add(self->id_, self);
  Stats::get().contexts++;
  // The answer may come inside the call that creates, before the library's handle is known: the rest waits
  // its turn.
  self->creation_ = Request::open(self->id_, [self](int32_t code, std::string&& text) {
    self->postAfterCreate([self, code, text = std::move(text)] { self->finishCreate(code, text); });
  });
  creator->postFunction([self, config = std::move(config)] { self->runCreate(config); });
  return WB_OK;
}

/** A call on its way: on the dispatcher with its arguments, and then until the answer is there. */
class NodeContext::Call : public Request, public Dispatcher::Task {
 public:
  Call(std::shared_ptr<NodeContext> context, int64_t request, const Function& function, Arguments&& arguments)
      : Request(context->id_),
        request(request),
        context_(std::move(context)),
        function_(function),
        arguments_(std::move(arguments)) {}

  void run() override {
    context_->runCall(ticket, function_, arguments_.begin());
    arguments_.release();
  }

  void answer(int32_t code, std::string&& text) override {
    context_->answerCall(request, function_.role, code, std::move(text));
  }

  const int64_t request;
  int64_t ticket = 0;  // set before it is posted

 protected:
  NodeContext& context() const { return *context_; }
  const Arguments& arguments() const { return arguments_; }

 private:
  const std::shared_ptr<NodeContext> context_;
  const Function& function_;
  Arguments arguments_;  // the dispatcher's
};

/** One that publishes. */
class NodeContext::PublishCall : public Call, public Pacer::Message {
 public:
  PublishCall(std::shared_ptr<NodeContext> context, int64_t request, const Function& function,
              Arguments&& arguments)
      : Call(std::move(context), request, function, std::move(arguments)),
        Message(this->arguments().size()) {}

  void run() override {
    if (const auto hash = arguments().repeated(); !hash.empty()) context().repetitions_.expect(hash);
    Call::run();
  }

  void answer(int32_t code, std::string&& text) override {
    context().pacer_.answered(*this);
    Call::answer(code, std::move(text));
  }
};

/** Pings a peer for the pacer. */
class NodeContext::Ping : public Request, public Dispatcher::Task {
 public:
  Ping(std::shared_ptr<NodeContext> context, const Function& function, std::string address, uint64_t round)
      : Request(context->id_),
        context_(std::move(context)),
        function_(function),
        address_(std::move(address)),
        round_(round) {}

  void run() override {
    const Argument arguments[] = {{true, address_, 0}, {false, {}, kPingTimeoutMs}};
    context_->runCall(ticket, function_, arguments);
  }

  void answer(int32_t, std::string&&) override { context_->pacer_.pong(round_, address_); }

  int64_t ticket = 0;  // set before it is posted

 private:
  const std::shared_ptr<NodeContext> context_;
  const Function& function_;
  const std::string address_;
  const uint64_t round_;
};

wb_status NodeContext::call(int64_t request, std::string_view name, Arguments&& arguments) {
  const Function* function = library_.abi().find(name);
  if (function == nullptr) return WB_UNKNOWN_FUNCTION;
  if (!isOfKinds(arguments, function->form->kinds)) return WB_BAD_ARGUMENTS;
  if (function->role == Role::kPublish) {
    const auto call =
        std::make_shared<PublishCall>(shared_from_this(), request, *function, std::move(arguments));
    return open(call, [&] { pacer_.pass(call); });
  }
  const auto call = std::make_shared<Call>(shared_from_this(), request, *function, std::move(arguments));
  // A question need not wait until all that is to be published is.
  return open(call, [&] { post(call, function->role == Role::kQuery); });
}

template <typename Begin>
wb_status NodeContext::open(const std::shared_ptr<Call>& call, Begin begin) {
  std::lock_guard<std::mutex> lock(mutex_);
  if (state_ == State::kClosing) return WB_CLOSED;
  if (state_ != State::kReady) return WB_NOT_READY;
  if (openCalls_ >= maxCalls_) return WB_QUEUE_FULL;
  call->ticket = Request::open(call);
  openCalls_++;
  begin();
  return WB_OK;
}

void NodeContext::post(const std::shared_ptr<Dispatcher::Task>& task, bool first) {
  if (first) {
    dispatcher_.postFirst(task);
  } else {
    dispatcher_.post(task);
  }
}

void NodeContext::setPeers(std::string_view addresses) {
  std::vector<std::string> each;
  while (!addresses.empty()) {
    const size_t end = std::min(addresses.find(' '), addresses.size());
    if (end > 0) each.emplace_back(addresses.substr(0, end));
    addresses.remove_prefix(std::min(end + 1, addresses.size()));
  }
  pacer_.setPeers(std::move(each));
}

void NodeContext::cancel(int64_t request) {
  const auto call = std::static_pointer_cast<PublishCall>(pacer_.giveUp(
      [&](const auto& message) { return static_cast<const PublishCall&>(message).request == request; }));
  if (call) Request::settle(call->ticket, WB_CANCELLED, nullptr, 0);
}

void NodeContext::handOver(const std::shared_ptr<Pacer::Message>& message) {
  post(std::static_pointer_cast<PublishCall>(message), false);
}

void NodeContext::ping(const std::string& address, bool inTurn, uint64_t round) {
  const auto ping = std::make_shared<Ping>(shared_from_this(), *library_.abi().find(kPing), address, round);
  ping->ticket = Request::open(ping);
  post(ping, !inTurn);
}

wb_status NodeContext::destroy(int64_t request) {
  if (!moveTo(State::kClosing)) return WB_CLOSED;
  events_.close();
  postAfterCreate([self = shared_from_this(), request] { self->runDestroy(request); });
  return WB_OK;
}

void NodeContext::leaveAll() { processEnding = true; }

void NodeContext::abandon(wb_fate fate) {
  if (fate == WB_FATE_LEAK) {
    leaveAll();
    Stats::get().leakedContexts++;
  }
  const bool first = moveTo(State::kClosing);
  events_.close();
  if (fate == WB_FATE_LEAK || !first) return;
  postAfterCreate([self = shared_from_this()] {
    self->runStop();
    self->runDestroy(0);
  });
}

void NodeContext::receive(int32_t code, const char* text, size_t length) noexcept {
  if (code == WB_OK && text != nullptr && repetitions_.take({text, length})) return;
  if (events_.push(code, text, length)) session_->ring();
}

NodeContext::State NodeContext::state() {
  std::lock_guard<std::mutex> lock(mutex_);
  return state_;
}

/** Ready and failed follow only creating; closing follows creating and ready. */
bool NodeContext::moveTo(State next) {
  std::lock_guard<std::mutex> lock(mutex_);
  const bool allowed = state_ == State::kCreating || (state_ == State::kReady && next == State::kClosing);
  if (allowed) state_ = next;
  return allowed;
}

template <typename Work>
void NodeContext::postAfterCreate(Work work) {
  creator_.postFunction([self = shared_from_this(), work = std::move(work)]() mutable {
    self->dispatcher_.postFunction(std::move(work));
  });
}

void NodeContext::runCreate(const std::string& config) {
  if (state() != State::kCreating || processEnding) return;  // runDestroy answers
  {
    const auto alone = firstCallGuard();
    const SignalGuard guard([this](void* address) { return library_.contains(address); });
    context_ = library_.abi().create(config.c_str(), creation_);
  }
  constexpr char kNothing[] = "the library made no node and gave no reason";
  if (context_ == nullptr) Request::settle(creation_, 1, kNothing, sizeof(kNothing) - 1);
}

void NodeContext::finishCreate(int32_t code, std::string text) {
  if (state() != State::kCreating) {
    session_->reply(number, WB_CLOSED, "closed while being created");
    return;
  }
  if (code == WB_OK && context_ != nullptr) {
    // Before the context can be started, so that no event is missed.
    library_.abi().listen(context_, id_);
    const bool ready = moveTo(State::kReady);
    session_->reply(number, ready ? WB_OK : WB_CLOSED, std::move(text));
    return;
  }
  if (code == WB_OK) text = "the library reported success and made no node";
  const bool failed = moveTo(State::kFailed);
  session_->reply(number, code == WB_OK ? 1 : code, std::move(text));
  if (failed) runDestroy(0);  // the one thing that may be done with it
}

void NodeContext::runCall(int64_t ticket, const Function& function, const Argument* arguments) {
  if (state() != State::kReady || processEnding) {
    constexpr char kClosed[] = "closed before the call was made";
    Request::settle(ticket, WB_CLOSED, kClosed, sizeof(kClosed) - 1);
    return;
  }
  if (function.role == Role::kStart) running_ = true;
  const int result =
      function.form->invoke(function.address, context_, arguments, reinterpret_cast<void*>(ticket));
  if (result == WB_OK) return;  // accepted; the answer comes or has come
  constexpr char kRefused[] = "the library refused the call and gave no reason";
  Request::settle(ticket, result, kRefused, sizeof(kRefused) - 1);
}

void NodeContext::answerCall(int64_t request, Role role, int32_t code, std::string&& text) {
  const uint32_t left = --openCalls_;
  dispatcher_.answeredFrom(currentProcessor());
  if (role == Role::kStop && code == WB_OK) running_ = false;
  session_->reply(request, code, std::move(text), role == Role::kPublish && left > 0);
}

void NodeContext::runStop() {
  const auto& functions = library_.abi().functions();
  const auto stop =
      std::find_if(functions.begin(), functions.end(), [](const auto& f) { return f.role == Role::kStop; });
  if (stop == functions.end() || !running_ || context_ == nullptr || processEnding) return;
  struct Done {
    std::mutex mutex;
    std::condition_variable wake;
    bool done = false;
  };
  const auto done = std::make_shared<Done>();
  const int64_t ticket = Request::open(id_, [done](int32_t, std::string&&) {
    std::lock_guard<std::mutex> lock(done->mutex);
    done->done = true;
    done->wake.notify_one();
  });
  if (stop->form->invoke(stop->address, context_, nullptr, reinterpret_cast<void*>(ticket)) != WB_OK) return;
  std::unique_lock<std::mutex> lock(done->mutex);
  done->wake.wait_for(lock, kStopDeadline, [&] { return done->done; });
}

void NodeContext::runDestroy(int64_t request) {
  if (processEnding) return;
  int32_t code = WB_OK;
  std::string text;
  if (context_ != nullptr) {
    const auto said = std::make_shared<std::string>();
    const int64_t ticket =
        Request::open(id_, [said](int32_t, std::string&& answer) { *said = std::move(answer); });
    code = library_.abi().destroy(context_, ticket);
    // A and B answer inside the call, C not at all; an answer that is to come finds nothing.
    if (Request::settle(ticket, WB_CLOSED, nullptr, 0)) said->clear();
    if (code != WB_OK) text = *said;
    if (code != WB_OK) Stats::get().leakedContexts++;
    context_ = nullptr;
  }
  pacer_.close();
  // The library answers none of these any more.
  Request::settleAll(id_, WB_CLOSED, "closed before the library answered");
  Registry<NodeContext>::get().take(id_);
  events_.close();
  session_->remove(this);
  Stats::get().contexts--;
  if (&creator_ != &dispatcher_) creator_.release();
  dispatcher_.release();
  if (request != 0) session_->reply(request, code, std::move(text));
}

}  // namespace waku_bridge
