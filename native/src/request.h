#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>

namespace waku_bridge {

/**
 * One question to the library. It has two owners: the dispatcher, which holds the arguments until the call
 * returns, and this record, which waits for the answer. The library knows only the record's number, so
 * whichever result comes first settles it, and what comes after finds nothing.
 */
struct Request {
  using Answer = std::function<void(int32_t code, std::string&& text)>;

  int64_t context;  // 0: none
  Answer answer;    // called once, on any thread

  /** Opens a request under `id`. */
  static void open(int64_t id, int64_t context, Answer answer);

  /** Settles a request; false if it has been settled. Copies the text, which may be NULL. Never throws. */
  static bool settle(int64_t id, int32_t code, const char* text, size_t length) noexcept;

  /** Settles all open requests of a context. */
  static void settleAll(int64_t context, int32_t code, const char* text) noexcept;
};

}  // namespace waku_bridge
