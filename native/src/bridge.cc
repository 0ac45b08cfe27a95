#include "bridge.h"

#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base64.h"
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

/** Does what a request asks for; one that is refused is answered with the status. */
template <typename Work>
void begin(int64_t session, int64_t request, Work work) noexcept {
  guarded([&]() -> int64_t {
    const auto found = Registry<Session>::get().find(session);
    if (!found) return WB_CLOSED;
    const int64_t status = guarded([&]() -> int64_t { return work(found); });
    if (status != WB_OK) found->reply(request, static_cast<int32_t>(status), {});
    return WB_OK;
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

template <typename T>
T read(const uint8_t* at) {
  uint64_t value = 0;
  for (size_t i = sizeof(T); i > 0; i--) value = value << 8 | at[i - 1];
  return static_cast<T>(value);
}

// What stands where a text has its length.
constexpr uint64_t kNumber = UINT64_MAX;
constexpr uint64_t kMoreBase64 = UINT64_MAX - 1;
constexpr uint64_t kMoreText = UINT64_MAX - 2;
constexpr uint64_t kRepeated = UINT64_MAX - 3;

/** A piece of packed arguments: a number, a text, more of the text before it, or what stands at the end. */
struct Part {
  uint64_t head;
  const uint8_t* bytes;
  uint64_t size;

  bool isMore() const { return head == kMoreBase64 || head == kMoreText; }
  bool hasOwnSize() const { return isMore() || head == kRepeated; }

  /** How long the text is that it makes. */
  size_t length() const { return head == kMoreBase64 ? base64Length(size) : size; }
};

/** Cuts the first part off; false if it ends early. */
bool cut(const uint8_t*& at, uint64_t& left, Part& part) {
  constexpr uint64_t kWord = 8;
  const auto word = [&](uint64_t& value) {
    if (left < kWord) return false;
    value = read<uint64_t>(at);
    at += kWord;
    left -= kWord;
    return true;
  };
  if (!word(part.head)) return false;
  part.size = part.head == kNumber ? kWord : part.head;
  if (part.hasOwnSize() && !word(part.size)) return false;
  if (left < part.size) return false;
  part.bytes = at;
  at += part.size;
  left -= part.size;
  return true;
}

/** How long a text becomes by what follows it, so that its memory is taken once. */
size_t lengthOfMore(const uint8_t* at, uint64_t left) {
  size_t length = 0;
  for (Part part{}; cut(at, left, part) && part.isMore();) length += part.length();
  return length;
}

void append(std::string& text, const Part& part) {
  if (part.head != kMoreBase64) {
    text.append(reinterpret_cast<const char*>(part.bytes), part.size);
    return;
  }
  const size_t start = text.size();
  text.resize(start + part.length());
  encodeBase64(part.bytes, part.size, &text[start]);
}

/** A call as it is packed; what it points to is the caller's. */
struct Call {
  std::vector<Argument> arguments;
  std::string_view repeated;
};

/** Reads arguments in the form that bridge.h gives; false if they end early, or more follows no text. */
bool unpack(const uint8_t* at, uint64_t left, Call& call) {
  auto& arguments = call.arguments;
  while (left > 0) {
    Part part{};
    if (!cut(at, left, part) || !call.repeated.empty()) return false;
    if (part.head == kNumber) {
      arguments.push_back({false, {}, read<int64_t>(part.bytes)});
      continue;
    }
    if (part.head == kRepeated) {
      call.repeated = {reinterpret_cast<const char*>(part.bytes), part.size};
      continue;
    }
    if (!part.isMore()) {
      arguments.push_back({true, {}, 0});
      arguments.back().text.reserve(part.length() + lengthOfMore(at, left));
    } else if (arguments.empty() || !arguments.back().isText) {
      return false;
    }
    append(arguments.back().text, part);
  }
  return true;
}

constexpr uint64_t kCallHeader = 24;
constexpr uint32_t kInTurn = uint32_t{1} << 31;

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

void wb_library_open(int64_t session, int64_t request, const char* path, int32_t output) noexcept {
  begin(session, request, [&](const std::shared_ptr<Session>& found) {
    auto* dispatcher = Dispatcher::acquire();
    if (dispatcher == nullptr) return WB_NO_RESOURCES;
    dispatcher->post([found, dispatcher, request, path = std::string(path), output] {
      auto outcome = Library::open(path, static_cast<wb_output>(output));
      dispatcher->release();
      found->reply(request, outcome.code, std::move(outcome.text));
    });
    return WB_OK;
  });
}

void wb_context_create(int64_t session, int64_t request, const char* config, uint32_t maxEvents,
                       uint64_t maxEventBytes, uint32_t maxCalls) noexcept {
  begin(session, request, [&](const std::shared_ptr<Session>& found) {
    return NodeContext::create(found, request, config, {maxEvents, maxEventBytes, maxCalls});
  });
}

int32_t wb_call(int64_t session, const uint8_t* calls, uint64_t size) noexcept {
  int32_t count = 0;
  for (uint64_t left = size; left > 0; count++) {
    if (left < kCallHeader) return WB_BAD_ARGUMENTS;
    const uint8_t* at = calls + (size - left) + kCallHeader;
    const auto nameField = read<uint32_t>(at - 8);
    const uint64_t nameSize = nameField & ~kInTurn;
    const bool inTurn = (nameField & kInTurn) != 0;
    const uint64_t argumentsSize = read<uint32_t>(at - 4);
    if (left - kCallHeader < nameSize + argumentsSize) return WB_BAD_ARGUMENTS;
    const auto request = read<int64_t>(at - kCallHeader);
    begin(session, request, [&](const std::shared_ptr<Session>& found) {
      const auto context = found->find(read<int64_t>(at - 16));
      if (!context) return WB_CLOSED;
      Call call;
      if (!unpack(at + nameSize, argumentsSize, call)) return WB_BAD_ARGUMENTS;
      return context->call(request, {reinterpret_cast<const char*>(at), nameSize}, std::move(call.arguments),
                           call.repeated, inTurn);
    });
    left -= kCallHeader + nameSize + argumentsSize;
  }
  return count;
}

void wb_context_destroy(int64_t session, int64_t request, int64_t context) noexcept {
  begin(session, request, [&](const std::shared_ptr<Session>& found) {
    const auto node = found->find(context);
    return node ? node->destroy(request) : WB_CLOSED;
  });
}

int64_t wb_batch_prepare(int64_t session, int32_t comesAgain) noexcept {
  return guarded([&]() -> int64_t {
    const auto found = Registry<Session>::get().find(session);
    if (!found) return WB_CLOSED;
    return static_cast<int64_t>(found->prepareBatch(comesAgain != 0));
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
