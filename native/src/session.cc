#include "session.h"

#include <sys/socket.h>

#include <algorithm>
#include <utility>

#include "event_queue.h"
#include "node_context.h"
#include "registry.h"
#include "stats.h"

#ifndef MSG_NOSIGNAL
#define MSG_NOSIGNAL 0  // macOS: the socket has SO_NOSIGPIPE instead
#endif

namespace waku_bridge {

namespace {

// One turn of the host's event loop: short enough that a flood leaves it responsive.
constexpr uint32_t kMaxItems = 64;
constexpr size_t kMaxBytes = 256 * 1024;
constexpr size_t kBatchHeader = 8;

enum Kind : uint32_t { kReply = 0, kEvent = 1, kDropped = 2 };

template <typename T>
void put(uint8_t* at, T value) {
  for (size_t i = 0; i < sizeof(T); i++)
    at[i] = static_cast<uint8_t>(static_cast<uint64_t>(value) >> (8 * i));
}

}  // namespace

void Bell::ring() {
  if (rung_.exchange(true)) return;
  std::lock_guard<std::mutex> lock(mutex_);
  if (muted_) return;
  if (wake_ != nullptr) {
    wake_(data_);
  } else {
    // It fails when the other end is gone, of which the watch learns, or is full, and then the listener is
    // coming.
    (void)::send(descriptor_, "!", 1, MSG_DONTWAIT | MSG_NOSIGNAL);
  }
}

void Bell::mute() {
  std::lock_guard<std::mutex> lock(mutex_);
  if (muted_) return;
  muted_ = true;
  if (descriptor_ >= 0) ::shutdown(descriptor_, SHUT_RDWR);
}

void Session::reply(int64_t request, int32_t code, std::string text) {
  {
    std::lock_guard<std::mutex> lock(mutex_);
    if (closed_) return;
    replies_.push_back({request, code, std::move(text)});
  }
  ring();
}

void Session::add(const std::shared_ptr<NodeContext>& context) {
  std::lock_guard<std::mutex> lock(mutex_);
  contexts_.push_back(context);
}

void Session::remove(const NodeContext* context) {
  std::lock_guard<std::mutex> lock(mutex_);
  const auto found =
      std::find_if(contexts_.begin(), contexts_.end(), [=](const auto& c) { return c.get() == context; });
  if (found != contexts_.end()) contexts_.erase(found);
}

size_t Session::prepareBatch() {
  if (!batch_.empty()) return batch_.size();
  bell_.answer();  // before looking, so that what comes meanwhile rings
  items_ = 0;
  batch_.resize(kBatchHeader);
  collectReplies();
  collectEvents();
  if (items_ == 0) {
    batch_.clear();
    return 0;
  }
  const bool more = !nothingLeft();
  if (more) bell_.hold();
  put<uint32_t>(batch_.data(), items_);
  put<uint32_t>(batch_.data() + 4, more ? 1 : 0);
  return batch_.size();
}

void Session::clearBatch() {
  batch_.clear();
  if (batch_.capacity() > 2 * kMaxBytes) batch_.shrink_to_fit();
}

bool Session::fits() const { return items_ < kMaxItems && batch_.size() < kMaxBytes; }

void Session::append(uint32_t kind, int32_t code, int64_t id, const std::string& text) {
  constexpr size_t kHeader = 24;
  const size_t at = batch_.size();
  batch_.resize(at + kHeader);
  put<uint32_t>(&batch_[at], kind);
  put<int32_t>(&batch_[at + 4], code);
  put<int64_t>(&batch_[at + 8], id);
  put<uint64_t>(&batch_[at + 16], text.size());
  batch_.insert(batch_.end(), text.begin(), text.end());
  items_++;
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
    append(kReply, reply.code, reply.request, reply.text);
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
      append(kEvent, event.code, context.id, event.text);
    }
    if (const uint64_t dropped = context.events().takeDropped(); dropped > 0) {
      append(kDropped, static_cast<int32_t>(std::min<uint64_t>(dropped, INT32_MAX)), context.id, {});
    }
  }
}

bool Session::nothingLeft() {
  std::lock_guard<std::mutex> lock(mutex_);
  return replies_.empty() &&
         std::all_of(contexts_.begin(), contexts_.end(), [](const auto& c) { return c->events().empty(); });
}

void Session::close(wb_fate fate) {
  if (!Registry<Session>::get().take(id)) return;
  Stats::get().sessions--;
  bell_.mute();
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
