#include "signals.h"

#include <signal.h>

#include <mutex>
#include <utility>

namespace waku_bridge {

namespace {

/** The handlers to go back to. Shared by all guards: one that begins while another is active must not
 * remember the library's handlers. Never freed. */
struct Saved {
  std::mutex mutex;
  struct sigaction actions[NSIG] = {};

  static Saved& get() {
    static auto* saved = new Saved;
    return *saved;
  }
};

void* handlerOf(const struct sigaction& action) {
  return (action.sa_flags & SA_SIGINFO) != 0 ? reinterpret_cast<void*>(action.sa_sigaction)
                                             : reinterpret_cast<void*>(action.sa_handler);
}

}  // namespace

SignalGuard::SignalGuard(std::function<bool(void*)> isLibrary) : isLibrary_(std::move(isLibrary)) {
  auto& saved = Saved::get();
  std::lock_guard<std::mutex> lock(saved.mutex);
  for (int number = 1; number < NSIG; number++) {
    struct sigaction now;
    if (sigaction(number, nullptr, &now) == 0 && !isLibrary_(handlerOf(now))) saved.actions[number] = now;
  }
}

SignalGuard::~SignalGuard() {
  auto& saved = Saved::get();
  std::lock_guard<std::mutex> lock(saved.mutex);
  for (int number = 1; number < NSIG; number++) {
    struct sigaction now;
    if (sigaction(number, nullptr, &now) == 0 && isLibrary_(handlerOf(now))) {
      sigaction(number, &saved.actions[number], nullptr);
    }
  }
}

}  // namespace waku_bridge
