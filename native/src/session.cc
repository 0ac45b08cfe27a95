#include "session.h"

#include <algorithm>
#include <utility>

#include "event_queue.h"
#include "little_endian.h"
#include "node_context.h"
#include "registry.h"
#include "sockets.h"
#include "stats.h"

namespace waku_bridge {

namespace {

// One turn of the host's event loop: short enough that a flood leaves it responsive.
constexpr uint32_t kMaxItems = 64;
// Items from which on no more are gathered: in full turns each costs little, and whoever has a bound on what
// is under way waits for them.
constexpr uint32_t kEnough = 2 * kMaxItems;
constexpr size_t kMaxBytes = size_t{256} * 1024;
constexpr size_t kBatchHeader = 12;
constexpr size_t kItemHeader = 24;
constexpr size_t kMessageHeader = 8;

enum Kind : uint32_t { kReply = 0, kEvent = 1, kDropped = 2, kMessage = 3 };

}  // namespace

void Bell::ring() {
  if (!rung_.exchange(true)) toll();
}

void Bell::ringAtOnce() {
  if (comesLater_.exchange(false) || !rung_.exchange(true)) toll();
}

void Bell::toll() {
  std::lock_guard<std::mutex> lock(mutex_);
  if (muted_) return;
  if (wake_ != nullptr) {
    wake_(data_);
  } else {
    // It fails when the other end is gone, of which the watch learns, or is full, and then the listener is
    // coming.
    (void)::send(descriptor_, "!", 1, MSG_DONTWAIT | kNoSignal);
  }
}

void Bell::mute() {
  std::lock_guard<std::mutex> lock(mutex_);
  if (muted_) return;
  muted_ = true;
  if (descriptor_ >= 0) ::shutdown(descriptor_, SHUT_RDWR);
}

void Session::reply(int64_t request, int32_t code, std::string text, bool isOneOfMany) {
  {
    std::lock_guard<std::mutex> lock(mutex_);
    if (closed_) return;
    replies_.push_back({request, code, std::move(text)});
  }
  ringFor(!isOneOfMany);
}

void Session::ringFor(bool isAwaited) {
  if (++numWaiting_ >= kEnough || isAwaited) {
    bell_.ringAtOnce();
  } else {
    bell_.ring();
  }
}

bool Session::add(const std::shared_ptr<NodeContext>& context) {
  std::lock_guard<std::mutex> lock(mutex_);
  const auto isTaken = [&](const auto& other) { return other->number == context->number; };
  if (closed_ || std::any_of(contexts_.begin(), contexts_.end(), isTaken)) return false;
  contexts_.push_back(context);
  return true;
}

void Session::remove(const NodeContext* context) {
  std::lock_guard<std::mutex> lock(mutex_);
  const auto found =
      std::find_if(contexts_.begin(), contexts_.end(), [=](const auto& c) { return c.get() == context; });
  if (found != contexts_.end()) contexts_.erase(found);
}

std::shared_ptr<NodeContext> Session::find(int64_t number) {
  std::lock_guard<std::mutex> lock(mutex_);
  const auto found =
      std::find_if(contexts_.begin(), contexts_.end(), [=](const auto& c) { return c->number == number; });
  return found == contexts_.end() ? nullptr : *found;
}

size_t Session::prepareBatch(uint32_t maxWaitMs) {
  if (!batch_.empty()) return batchSize_;
  const uint32_t waitMs = pace_.waitMs(maxWaitMs);
  numWaiting_ = 0;
  bell_.answer();  // before looking, so that what comes meanwhile rings
  batchSize_ = kBatchHeader;
  collectReplies();
  collectEvents();
  if (batch_.empty()) return 0;
  pace_.note(static_cast<uint32_t>(batch_.size()));
  const bool more = !nothingLeft();
  comesAgainMs_ = more ? 0 : waitMs > 0 ? waitMs : WB_WHEN_WOKEN;
  if (comesAgainMs_ != WB_WHEN_WOKEN) bell_.hold(!more);
  return batchSize_;
}

void Session::takeBatch(uint8_t* memory) {
  uint8_t* at = store<uint32_t>(memory, static_cast<uint32_t>(batch_.size()));
  at = store<uint32_t>(at, comesAgainMs_);
  const auto isAnswer = [](const Item& item) { return item.kind == kReply; };
  at = store<uint32_t>(at, static_cast<uint32_t>(std::count_if(batch_.begin(), batch_.end(), isAnswer)));
  for (const auto& item : batch_) {
    at = store<uint32_t>(at, item.kind);
    at = store<int32_t>(at, item.code);
    at = store<int64_t>(at, item.id);
    at = store<uint64_t>(at, item.size());
    if (item.kind == kMessage) at = store<uint64_t>(at, item.textLength);
    at = std::copy(item.bytes.begin(), item.bytes.end(), at);
  }
  batch_.clear();
}

size_t Session::Item::size() const { return (kind == kMessage ? kMessageHeader : 0) + bytes.size(); }

bool Session::fits() const { return batch_.size() < kMaxItems && batchSize_ < kMaxBytes; }

void Session::append(Item item) {
  batchSize_ += kItemHeader + item.size();
  batch_.push_back(std::move(item));
}

void Session::collectReplies() {
  while (fits()) {
    Reply reply;
    {
      std::lock_guard<std::mutex> lock(mutex_);
      if (replies_.empty()) return;
      reply = std::move(replies_.front());
      replies_.pop_front();
    }
    append({kReply, reply.code, reply.request, std::move(reply.text), 0});
  }
}

void Session::collectEvents() {
  std::vector<std::shared_ptr<NodeContext>> contexts;
  {
    std::lock_guard<std::mutex> lock(mutex_);
    contexts = contexts_;
  }
  if (contexts.empty()) return;
  turn_++;
  for (size_t i = 0; i < contexts.size() && fits(); i++) {
    auto& context = *contexts[(turn_ + i) % contexts.size()];
    // Each gets a fair part of the turn; what a quiet one leaves, the next turn makes up for.
    const uint32_t share = std::max<uint32_t>(1, kMaxItems / static_cast<uint32_t>(contexts.size()));
    Event event;
    for (uint32_t taken = 0; taken < share && fits() && context.events().take(event); taken++) {
      append({event.isMessage ? kMessage : kEvent, event.code, context.number, std::move(event.bytes),
              event.textLength});
    }
    if (const uint64_t dropped = context.events().takeDropped(); dropped > 0) {
      append({kDropped, static_cast<int32_t>(std::min<uint64_t>(dropped, INT32_MAX)), context.number, {}, 0});
    }
  }
}

bool Session::nothingLeft() {
  std::lock_guard<std::mutex> lock(mutex_);
  return replies_.empty() &&
         std::all_of(contexts_.begin(), contexts_.end(), [](const auto& c) { return c->events().empty(); });
}

void Session::close(wb_fate fate) {
  bell_.mute();  // before all else: whoever closes second relies on it as well
  if (!Registry<Session>::get().take(id)) return;
  Stats::get().sessions--;
  std::vector<std::shared_ptr<NodeContext>> contexts;
  {
    std::lock_guard<std::mutex> lock(mutex_);
    closed_ = true;
    replies_.clear();
    contexts.swap(contexts_);
  }
  for (const auto& context : contexts) context->abandon(fate);
}

}  // namespace waku_bridge
