#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <utility>

#include "stay.h"

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
  void post(Task task) { add(tasks_, std::move(task)); }

  /** Runs a task before those that wait, but after others that were posted so. Likewise. */
  void postFirst(Task task) { add(first_, std::move(task)); }

  /** Tells on which processor the library's thread runs that answers this one's calls. Any thread. */
  void answeredFrom(int processor) { libraryProcessor_.store(processor, std::memory_order_relaxed); }

 private:
  Dispatcher() = default;
  static void* run(void* self);
  void add(std::deque<Task>& tasks, Task task);
  Task next();

  std::mutex mutex_;  // guards tasks_, first_
  std::condition_variable wake_;
  std::deque<Task> tasks_;
  std::deque<Task> first_;
  std::atomic<int> libraryProcessor_{-1};
  Stay stay_;  // of the thread's own
};

}  // namespace waku_bridge
