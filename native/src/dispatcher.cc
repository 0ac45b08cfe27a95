#include "dispatcher.h"

#include <pthread.h>
#include <signal.h>

#include <utility>
#include <vector>

#include "stats.h"
#include "thread.h"

namespace waku_bridge {

namespace {

// What the main thread of a C program has, on every libc: the library was written for that.
constexpr size_t kStackBytes = size_t{8} * 1024 * 1024;

// From so many waiting tasks on a dispatcher stays with the library's thread. Each call is a handshake of the
// two, and where they run on different processors, one of them sleeps and wakes in it, which on a virtual
// machine can take nearly as long as the library's work on a small message. A thread that a
// call starts would stay as well; only creating a node starts any, and that waits behind nothing.
constexpr size_t kManyTasks = 4;

struct Pool {
  std::mutex mutex;
  std::vector<Dispatcher*> idle;

  static Pool& get() {
    static auto* pool = new Pool;
    return *pool;
  }
};

/** Leaves signals sent to the process to the host's threads; the library's threads inherit this mask. */
void blockSignals() {
  sigset_t set;
  sigfillset(&set);
  for (const int own : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGTRAP, SIGSYS, SIGPROF})
    sigdelset(&set, own);
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
}

}  // namespace

Dispatcher* Dispatcher::acquire() {
  auto& pool = Pool::get();
  auto& stats = Stats::get();
  {
    std::lock_guard<std::mutex> lock(pool.mutex);
    if (!pool.idle.empty()) {
      auto* dispatcher = pool.idle.back();
      pool.idle.pop_back();
      stats.idleDispatchers--;
      return dispatcher;
    }
  }
  auto* dispatcher = new Dispatcher;
  if (!startThread(&Dispatcher::run, dispatcher, kStackBytes)) {
    delete dispatcher;
    return nullptr;
  }
  stats.dispatchers++;
  return dispatcher;
}

void Dispatcher::release() {
  auto& pool = Pool::get();
  std::lock_guard<std::mutex> lock(pool.mutex);
  pool.idle.push_back(this);
  Stats::get().idleDispatchers++;
}

void Dispatcher::add(Tasks& tasks, std::shared_ptr<Task> task) {
  std::lock_guard<std::mutex> lock(mutex_);
  tasks.push_back(std::move(task));
  wake_.notify_one();
}

std::shared_ptr<Dispatcher::Task> Dispatcher::next() {
  std::unique_lock<std::mutex> lock(mutex_);
  const auto isIdle = [&] { return tasks_.empty() && first_.empty(); };
  if (isIdle()) stay_.end();
  wake_.wait(lock, [&] { return !isIdle(); });
  auto& tasks = first_.empty() ? tasks_ : first_;
  auto task = std::move(tasks.front());
  tasks.pop_front();
  const bool isBusy = tasks_.size() >= kManyTasks;
  lock.unlock();
  if (isBusy) stay_.on(libraryProcessor_.load(std::memory_order_relaxed));
  return task;
}

void* Dispatcher::run(void* self) {
  auto& dispatcher = *static_cast<Dispatcher*>(self);
  blockSignals();
  for (;;) {
    const auto task = dispatcher.next();
    try {
      task->run();
    } catch (...) {
      // Only for want of memory; whoever waits has a deadline.
      Stats::get().lostReplies++;
    }
  }
}

}  // namespace waku_bridge
