#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>

namespace waku_bridge {

/**
 * One question to the library, which waits for the answer. The library knows only the ticket, so whichever
 * result comes first settles it, and what comes after finds nothing.
 */
class Request {
 public:
  /** @param context the number of the one that is asked. */
  explicit Request(int64_t context) : context(context) {}
  Request(const Request&) = delete;
  Request& operator=(const Request&) = delete;
  virtual ~Request() = default;

  /** Takes the answer. Called once, on any thread. Throws std::bad_alloc. */
  virtual void answer(int32_t code, std::string&& text) = 0;

  const int64_t context;

  /** Opens a request and returns its ticket. */
  static int64_t open(std::shared_ptr<Request> request);

  /** Opens one whose answer a function takes. */
  template <typename Answer>
  static int64_t open(int64_t context, Answer answer);

  /** Settles a request; false if it has been settled. Copies the text, which may be NULL. Never throws. */
  static bool settle(int64_t ticket, int32_t code, const char* text, size_t length) noexcept;

  /** Settles all open requests of a context. */
  static void settleAll(int64_t context, int32_t code, const char* text) noexcept;
};

template <typename Answer>
int64_t Request::open(int64_t context, Answer answer) {
  class FunctionRequest : public Request {
   public:
    FunctionRequest(int64_t context, Answer&& answer) : Request(context), answer_(std::move(answer)) {}
    void answer(int32_t code, std::string&& text) override { answer_(code, std::move(text)); }

   private:
    Answer answer_;
  };
  return open(std::make_shared<FunctionRequest>(context, std::move(answer)));
}

}  // namespace waku_bridge
