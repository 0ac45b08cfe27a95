#include "bridge.h"

#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "library.h"
#include "node_context.h"
#include "registry.h"
#include "session.h"
#include "stats.h"

using namespace waku_bridge;  // NOLINT(google-build-using-namespace): this file is the namespace's C face

namespace {

/** No exception crosses into C: what is left of them is want of memory. */
template <typename Work>
int64_t guarded(Work work) noexcept {
  try {
    return work();
  } catch (...) {
    return WB_NO_RESOURCES;
  }
}

template <typename Work>
int64_t withContext(int64_t session, int64_t context, Work work) noexcept {
  return guarded([&]() -> int64_t {
    const auto found = Registry<NodeContext>::get().find(context);
    if (!found || !found->belongsTo(session)) return WB_CLOSED;
    return work(*found);
  });
}

/** Makes a pair of connected sockets that no child process inherits. */
bool makeSocketPair(int (&ends)[2]) {
#ifdef SOCK_CLOEXEC
  return socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) == 0;
#else
  if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) != 0) return false;
  for (const int end : ends) {
    const int yes = 1;
    fcntl(end, F_SETFD, FD_CLOEXEC);
    setsockopt(end, SOL_SOCKET, SO_NOSIGPIPE, &yes, sizeof(yes));
  }
  return true;
#endif
}

struct Watch {
  int64_t session;
  int descriptor;
};

/** Waits until either end of a session's socket is given up: by the session's own end, or by the environment,
 * which at the end of a worker cannot say goodbye. */
void* watch(void* argument) {
  const std::unique_ptr<Watch> self(static_cast<Watch*>(argument));
  struct pollfd end = {self->descriptor, 0, 0};
  while (poll(&end, 1, -1) < 1) {
  }
  wb_session_close(self->session, WB_FATE_DESTROY);
  close(self->descriptor);
  return nullptr;
}

bool startWatch(int64_t session, int descriptor) {
  auto argument = std::make_unique<Watch>(Watch{session, descriptor});
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
  pthread_t thread;
  const bool started = pthread_create(&thread, &attributes, watch, argument.get()) == 0;
  pthread_attr_destroy(&attributes);
  if (started) (void)argument.release();
  return started;
}

int32_t copyFigures(const std::vector<double>& all, double* figures, uint32_t count) {
  std::copy_n(all.begin(), std::min<size_t>(count, all.size()), figures);
  return static_cast<int32_t>(all.size());
}

}  // namespace

extern "C" {

int32_t wb_interface_version(void) noexcept { return WB_INTERFACE_VERSION; }

int64_t wb_session_open(wb_wake wake, void* data, int32_t* descriptor) noexcept {
  return guarded([&]() -> int64_t {
    int ends[2] = {-1, -1};
    if (wake == nullptr && (descriptor == nullptr || !makeSocketPair(ends))) return WB_NO_RESOURCES;
    const int64_t id = nextId();
    Registry<Session>::get().add(id, std::make_shared<Session>(id, wake, data, ends[0]));
    Stats::get().sessions++;
    if (wake != nullptr) return id;
    if (!startWatch(id, ends[0])) {
      wb_session_close(id, WB_FATE_DESTROY);
      close(ends[0]);
      close(ends[1]);
      return WB_NO_RESOURCES;
    }
    *descriptor = ends[1];
    return id;
  });
}

void wb_session_close(int64_t session, int32_t fate) noexcept {
  guarded([&] {
    const auto found = Registry<Session>::get().find(session);
    if (found) found->close(static_cast<wb_fate>(fate));
    return int64_t{WB_OK};
  });
}

int64_t wb_library_open(int64_t session, const char* path, int32_t output) noexcept {
  return guarded([&]() -> int64_t {
    const auto found = Registry<Session>::get().find(session);
    if (!found) return WB_CLOSED;
    auto* dispatcher = Dispatcher::acquire();
    if (dispatcher == nullptr) return WB_NO_RESOURCES;
    const int64_t request = nextId();
    dispatcher->post([found, dispatcher, request, path = std::string(path), output] {
      auto outcome = Library::open(path, static_cast<wb_output>(output));
      dispatcher->release();
      found->reply(request, outcome.code, std::move(outcome.text));
    });
    return request;
  });
}

int64_t wb_context_create(int64_t session, const char* config, uint32_t maxEvents, uint64_t maxEventBytes,
                          uint32_t maxCalls) noexcept {
  return guarded([&]() -> int64_t {
    const auto found = Registry<Session>::get().find(session);
    if (!found) return WB_CLOSED;
    return NodeContext::create(found, config, {maxEvents, maxEventBytes, maxCalls});
  });
}

int64_t wb_context_call(int64_t session, int64_t context, const char* function, const wb_value* values,
                        uint32_t count) noexcept {
  return withContext(session, context, [&](NodeContext& node) {
    std::vector<Argument> arguments;
    arguments.reserve(count);
    for (uint32_t i = 0; i < count; i++) {
      const auto& value = values[i];
      const bool isText = value.text != nullptr;
      arguments.push_back(
          {isText, isText ? std::string(value.text, value.length) : std::string(), value.number});
    }
    return node.call(function, std::move(arguments));
  });
}

int64_t wb_context_destroy(int64_t session, int64_t context) noexcept {
  return withContext(session, context, [](NodeContext& node) { return node.destroy(); });
}

int64_t wb_batch_prepare(int64_t session) noexcept {
  return guarded([&]() -> int64_t {
    const auto found = Registry<Session>::get().find(session);
    if (!found) return WB_CLOSED;
    return static_cast<int64_t>(found->prepareBatch());
  });
}

int64_t wb_batch_take(int64_t session, uint8_t* buffer, uint64_t capacity) noexcept {
  return guarded([&]() -> int64_t {
    const auto found = Registry<Session>::get().find(session);
    if (!found) return WB_CLOSED;
    const auto& batch = found->batch();
    if (batch.size() > capacity) return WB_BAD_ARGUMENTS;
    const size_t size = batch.size();
    if (size > 0) memcpy(buffer, batch.data(), size);
    found->clearBatch();
    return static_cast<int64_t>(size);
  });
}

int32_t wb_process_stats(double* figures, uint32_t count) noexcept {
  return static_cast<int32_t>(guarded([&]() -> int64_t {
    const auto& s = Stats::get();
    std::vector<double> all;
    for (const auto* figure :
         {&s.contexts, &s.leakedContexts, &s.dispatchers, &s.idleDispatchers, &s.openRequests,
          &s.strayReplies, &s.strayEvents, &s.lostReplies, &s.sessions}) {
      all.push_back(static_cast<double>(figure->load()));
    }
    return copyFigures(all, figures, count);
  }));
}

int32_t wb_context_stats(int64_t session, int64_t context, double* figures, uint32_t count) noexcept {
  return static_cast<int32_t>(withContext(session, context, [&](NodeContext& node) -> int64_t {
    const auto events = node.events().counts();
    return copyFigures({static_cast<double>(node.openCalls()), static_cast<double>(events.waiting),
                        static_cast<double>(events.bytes), static_cast<double>(events.received),
                        static_cast<double>(events.dropped)},
                       figures, count);
  }));
}

}  // extern "C"
