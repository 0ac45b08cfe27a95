#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>

namespace waku_bridge {

/**
 * A long-lived thread that enters the library for one context at a time, so that a blocked node holds up no
 * other. The library registers every thread that calls it and never forgets one, so threads are kept for the
 * next context instead of ended. A dispatcher is never freed: the process's end takes it, wherever in the
 * library it stands.
 */
class Dispatcher {
 public:
  using Task = std::function<void()>;

  /** Takes an idle dispatcher or starts one; nullptr if the system has no thread left. Any thread. */
  static Dispatcher* acquire();

  /** Hands the dispatcher back. Called by the last task of its context. */
  void release();

  /** Runs a task after those posted before. Any thread; does not wait. Throws std::bad_alloc. */
  void post(Task task);

 private:
  Dispatcher() = default;
  static void* run(void* self);

  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<Task> tasks_;
};

}  // namespace waku_bridge
