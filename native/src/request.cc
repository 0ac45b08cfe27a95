#include "request.h"

#include <cstring>
#include <memory>
#include <utility>

#include "bridge.h"
#include "slots.h"
#include "stats.h"

namespace waku_bridge {

namespace {

/** Those without an answer. Never freed. */
Slots<Request>& openRequests() {
  static auto* requests = new Slots<Request>;
  return *requests;
}

void answer(Request& request, int32_t code, const char* text, size_t length) noexcept {
  Stats::get().openRequests--;
  try {
    request.answer(code, text == nullptr ? std::string() : std::string(text, length));
  } catch (...) {
    // Out of memory for the copy or for the queue; a reply without text may still fit.
    Stats::get().lostReplies++;
    try {
      request.answer(WB_NO_RESOURCES, std::string());
    } catch (...) {
      // The caller's deadline ends its wait.
    }
  }
}

}  // namespace

int64_t Request::open(std::shared_ptr<Request> request) {
  const int64_t ticket = openRequests().add(std::move(request));
  Stats::get().openRequests++;
  return ticket;
}

bool Request::settle(int64_t ticket, int32_t code, const char* text, size_t length) noexcept {
  const auto request = openRequests().take(ticket);
  if (!request) return false;
  waku_bridge::answer(*request, code, text, length);
  return true;
}

void Request::settleAll(int64_t context, int32_t code, const char* text) noexcept {
  const auto open = openRequests().takeIf([context](const Request& r) { return r.context == context; });
  for (const auto& request : open) waku_bridge::answer(*request, code, text, std::strlen(text));
}

}  // namespace waku_bridge
