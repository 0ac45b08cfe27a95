#include "request.h"

#include <cstring>
#include <memory>
#include <utility>

#include "bridge.h"
#include "registry.h"
#include "stats.h"

namespace waku_bridge {

namespace {

void answer(const Request& request, int32_t code, const char* text, size_t length) noexcept {
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

void Request::open(int64_t id, int64_t context, Answer answer) {
  Registry<Request>::get().add(id, std::make_shared<Request>(Request{context, std::move(answer)}));
  Stats::get().openRequests++;
}

bool Request::settle(int64_t id, int32_t code, const char* text, size_t length) noexcept {
  auto request = Registry<Request>::get().take(id);
  if (!request) return false;
  waku_bridge::answer(*request, code, text, length);
  return true;
}

void Request::settleAll(int64_t context, int32_t code, const char* text) noexcept {
  const auto open =
      Registry<Request>::get().takeIf([context](const Request& r) { return r.context == context; });
  for (const auto& request : open) waku_bridge::answer(*request, code, text, std::strlen(text));
}

}  // namespace waku_bridge
