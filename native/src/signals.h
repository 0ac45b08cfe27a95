#pragma once

#include <functional>

namespace waku_bridge {

/**
 * Puts back signal handlers that the library replaces. Its runtime takes over SIGINT, SIGSEGV and others on
 * the first call, which would end Node's own SIGINT and SIGTERM listeners.
 *
 * Only handlers whose code lies in the library are put back, so one that the host sets meanwhile stays.
 * SIGPIPE, which the library ignores, is left: Node ignores it too.
 */
class SignalGuard {
 public:
  /** Remembers the handlers there are now. `isLibrary` tells whether an address lies in the library. */
  explicit SignalGuard(std::function<bool(void*)> isLibrary);

  /** Puts them back. */
  ~SignalGuard();

  SignalGuard(const SignalGuard&) = delete;
  SignalGuard& operator=(const SignalGuard&) = delete;

 private:
  std::function<bool(void*)> isLibrary_;
};

}  // namespace waku_bridge
