#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
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
  /** Something to do on a dispatcher. */
  class Task {
   public:
    Task() = default;
    Task(const Task&) = delete;
    Task& operator=(const Task&) = delete;
    virtual ~Task() = default;

    /** Throws std::bad_alloc. */
    virtual void run() = 0;
  };

  /** Takes an idle dispatcher or starts one; nullptr if the system has no thread left. Any thread. */
  static Dispatcher* acquire();

  /** Hands the dispatcher back. Called by the last task of its context. */
  void release();

  /** Runs a task after those posted before. Any thread; does not wait. Throws std::bad_alloc. */
  void post(std::shared_ptr<Task> task) { add(tasks_, std::move(task)); }

  /** Runs a task before those that wait, but after others that were posted so. Likewise. */
  void postFirst(std::shared_ptr<Task> task) { add(first_, std::move(task)); }

  /** Runs a function after what was posted before. Likewise. */
  template <typename Function>
  void postFunction(Function function);

  /** Tells on which processor the library's thread runs that answers this one's calls. Any thread. */
  void answeredFrom(int processor) { libraryProcessor_.store(processor, std::memory_order_relaxed); }

 private:
  Dispatcher() = default;
  static void* run(void* self);
  using Tasks = std::deque<std::shared_ptr<Task>>;
  void add(Tasks& tasks, std::shared_ptr<Task> task);
  std::shared_ptr<Task> next();

  std::mutex mutex_;  // guards tasks_, first_
  std::condition_variable wake_;
  Tasks tasks_;
  Tasks first_;
  std::atomic<int> libraryProcessor_{-1};
  Stay stay_;  // of the thread's own
};

template <typename Function>
void Dispatcher::postFunction(Function function) {
  class FunctionTask : public Task {
   public:
    explicit FunctionTask(Function&& function) : function_(std::move(function)) {}
    void run() override { function_(); }

   private:
    Function function_;
  };
  post(std::make_shared<FunctionTask>(std::move(function)));
}

}  // namespace waku_bridge
