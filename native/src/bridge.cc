#include "bridge.h"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <iterator>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "abi.h"
#include "arguments.h"
#include "host.h"
#include "library.h"
#include "little_endian.h"
#include "node_context.h"
#include "registry.h"
#include "session.h"
#include "sockets.h"
#include "stats.h"
#include "thread.h"

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

/** Does what a request of a session, if there is one, asks for; one that is refused is answered with the
 * status. */
template <typename Work>
void begin(const std::shared_ptr<Session>& session, int64_t request, Work work) noexcept {
  if (!session) return;
  const int64_t status = guarded(work);
  if (status == WB_OK) return;
  guarded([&] {
    session->reply(request, static_cast<int32_t>(status), {});
    return int64_t{WB_OK};
  });
}

constexpr uint64_t kCallHeader = 24;

struct Watch {
  std::shared_ptr<Session> session;
  int descriptor;
};

/** Waits until either end of a session's socket is given up: by the session's own end, or by the environment,
 * which at the end of a worker cannot say goodbye. */
void* watch(void* argument) {
  const std::unique_ptr<Watch> self(static_cast<Watch*>(argument));
  struct pollfd end = {self->descriptor, 0, 0};
  while (poll(&end, 1, -1) < 1) {
  }
  self->session->close(WB_FATE_DESTROY);
  close(self->descriptor);  // nobody rings any more
  return nullptr;
}

bool startWatch(std::shared_ptr<Session> session, int descriptor) {
  auto argument = std::make_unique<Watch>(Watch{std::move(session), descriptor});
  if (!startThread(watch, argument.get())) return false;
  (void)argument.release();
  return true;
}

/** A call of a function of the bridge itself. */
struct OwnCall {
  const std::shared_ptr<Session>& session;
  const std::shared_ptr<NodeContext>& context;  // if it is of one
  int64_t request;
  const Argument* arguments;

  std::string_view text(size_t index) const { return arguments[index].text; }
  template <typename Number>
  Number number(size_t index) const {
    return static_cast<Number>(arguments[index].number);
  }
};

int64_t openLibrary(const OwnCall& call) {
  auto* dispatcher = Dispatcher::acquire();
  if (dispatcher == nullptr) return WB_NO_RESOURCES;
  dispatcher->postFunction([session = call.session, dispatcher, request = call.request,
                            path = std::string(call.text(0)), output = call.number<wb_output>(1)] {
    auto outcome = Library::open(path, output);
    dispatcher->release();
    session->reply(request, outcome.code, std::move(outcome.text));
  });
  return WB_OK;
}

int64_t createContext(const OwnCall& call) {
  const NodeContext::Limits limits{call.number<uint32_t>(1), call.number<uint64_t>(2),
                                   call.number<uint32_t>(3), call.number<bool>(4)};
  return NodeContext::create(call.session, call.request, std::string(call.text(0)), limits);
}

int64_t destroyContext(const OwnCall& call) { return call.context->destroy(call.request); }

int64_t setPeers(const OwnCall& call) {
  call.context->setPeers(call.text(0));
  call.session->reply(call.request, WB_OK, {});
  return WB_OK;
}

int64_t cancelCall(const OwnCall& call) {
  call.context->cancel(call.number<int64_t>(0));
  call.session->reply(call.request, WB_OK, {});
  return WB_OK;
}

/** A function of the bridge itself, whether it is of a context, and the kinds of its arguments as isOfKinds()
 * has them. */
struct OwnFunction {
  std::string_view name;
  bool ofContext;
  std::string_view kinds;
  int64_t (*begin)(const OwnCall&);
};
constexpr OwnFunction kOwnFunctions[] = {{"open", false, "su", openLibrary},
                                         {"create", false, "suluu", createContext},
                                         {"destroy", true, "", destroyContext},
                                         {"peers", true, "s", setPeers},
                                         {"cancel", true, "l", cancelCall}};

/** nullptr: it is none of these. */
const OwnFunction* findOwn(std::string_view name, bool ofContext) {
  const auto* found = std::find_if(std::begin(kOwnFunctions), std::end(kOwnFunctions), [&](const auto& own) {
    return own.name == name && own.ofContext == ofContext;
  });
  return found == std::end(kOwnFunctions) ? nullptr : found;
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
    auto session = std::make_shared<Session>(id, wake, data, ends[0]);
    Registry<Session>::get().add(id, session);
    Stats::get().sessions++;
    if (wake != nullptr) return id;
    if (!startWatch(session, ends[0])) {
      session->close(WB_FATE_DESTROY);
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

int32_t wb_call(int64_t session, const uint8_t* calls, uint64_t size) noexcept {
  const auto found = Registry<Session>::get().find(session);
  std::shared_ptr<NodeContext> context;  // most calls are of that of the call before
  int32_t count = 0;
  for (uint64_t left = size; left > 0; count++) {
    if (left < kCallHeader) return WB_BAD_ARGUMENTS;
    const uint8_t* at = calls + (size - left) + kCallHeader;
    const uint64_t nameSize = load<uint32_t>(at - 8);
    const uint64_t argumentsSize = load<uint32_t>(at - 4);
    if (left - kCallHeader < nameSize + argumentsSize) return WB_BAD_ARGUMENTS;
    const auto request = load<int64_t>(at - kCallHeader);
    begin(found, request, [&]() -> int64_t {
      const std::string_view name{reinterpret_cast<const char*>(at), nameSize};
      const auto number = load<int64_t>(at - 16);
      if (number != 0 && (!context || context->number != number)) context = found->find(number);
      if (number != 0 && !context) return WB_CLOSED;
      Arguments arguments;
      if (!arguments.read(at + nameSize, argumentsSize)) return WB_BAD_ARGUMENTS;
      if (const auto* own = findOwn(name, number != 0)) {
        if (!isOfKinds(arguments, own->kinds)) return WB_BAD_ARGUMENTS;
        return own->begin({found, context, request, arguments.begin()});
      }
      if (number == 0) return WB_UNKNOWN_FUNCTION;
      return context->call(request, name, std::move(arguments));
    });
    left -= kCallHeader + nameSize + argumentsSize;
  }
  return count;
}

int64_t wb_batch_prepare(int64_t session, uint32_t maxWaitMs) noexcept {
  return guarded([&]() -> int64_t {
    const auto found = Registry<Session>::get().find(session);
    if (!found) return WB_CLOSED;
    return static_cast<int64_t>(found->prepareBatch(maxWaitMs));
  });
}

int64_t wb_batch_take(int64_t session, uint8_t* buffer, uint64_t capacity) noexcept {
  return guarded([&]() -> int64_t {
    const auto found = Registry<Session>::get().find(session);
    if (!found) return WB_CLOSED;
    const size_t size = found->batchSize();
    if (size > capacity) return WB_BAD_ARGUMENTS;
    if (size > 0) found->takeBatch(buffer);
    return static_cast<int64_t>(size);
  });
}

int32_t wb_host_serve(const char* path, int32_t* descriptor) noexcept {
  return static_cast<int32_t>(guarded([&]() -> int64_t { return serveHost(path, *descriptor); }));
}

void wb_process_ends(void) noexcept { NodeContext::leaveAll(); }

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
  return static_cast<int32_t>(guarded([&]() -> int64_t {
    const auto found = Registry<Session>::get().find(session);
    const auto node = found ? found->find(context) : nullptr;
    if (!node) return WB_CLOSED;
    const auto events = node->events().counts();
    return copyFigures({static_cast<double>(node->openCalls()), static_cast<double>(events.waiting),
                        static_cast<double>(events.bytes), static_cast<double>(events.received),
                        static_cast<double>(events.dropped)},
                       figures, count);
  }));
}

}  // extern "C"
