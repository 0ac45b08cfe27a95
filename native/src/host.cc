#include "host.h"

#include <poll.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <climits>
#include <cstdio>
#include <cstring>
#include <exception>
#include <memory>

#ifdef __APPLE__
#include <mach/mach.h>
#endif

#include "little_endian.h"
#include "sockets.h"
#include "thread.h"

// The bridge's third front door: it uses no more of the core than its plain C interface, as the others do.

namespace waku_bridge {

namespace {

enum Kind : uint32_t { kBytes = 1, kPing = 2, kPong = 3, kEnd = 4 };

// What is told of the other process.
constexpr char kConnected = 'c';
constexpr char kNothingWanted = 'e';

constexpr size_t kFrameHeader = 8;
constexpr size_t kPongSize = 20;

// For how long a flood is gathered, in milliseconds: each batch wakes the other process, which costs as much
// as several messages.
constexpr uint32_t kMaxWaitMs = 12;

// What is read at once at most.
constexpr size_t kReadSize = size_t{256} * 1024;

// So much memory is kept.
constexpr size_t kKeptSize = 2 * kReadSize;

uint64_t residentBytes() {
#ifdef __APPLE__
  mach_task_basic_info_data_t info;
  mach_msg_type_number_t count = MACH_TASK_BASIC_INFO_COUNT;
  const auto result =
      task_info(mach_task_self(), MACH_TASK_BASIC_INFO, reinterpret_cast<task_info_t>(&info), &count);
  return result == KERN_SUCCESS ? info.resident_size : 0;
#else
  unsigned long long all = 0;       // NOLINT(google-runtime-int): as scanf has it
  unsigned long long resident = 0;  // NOLINT(google-runtime-int)
  const std::unique_ptr<FILE, int (*)(FILE*)> file(fopen("/proc/self/statm", "re"), fclose);
  if (!file || fscanf(file.get(), "%llu %llu", &all, &resident) != 2) return 0;
  return resident * static_cast<uint64_t>(sysconf(_SC_PAGESIZE));
#endif
}

void tell(int told, char what) { (void)::send(told, &what, 1, MSG_DONTWAIT | kNoSignal); }

/** Bytes that come in at the end and go out at the front. Memory is not kept beyond a bound. */
class Bytes {
 public:
  const uint8_t* data() const { return memory_.get() + start_; }
  size_t size() const { return end_ - start_; }

  /** Makes room behind the last. Throws std::bad_alloc. */
  uint8_t* room(size_t size) {
    const size_t waiting = this->size();
    if (waiting == 0 || capacity_ - end_ < size) {
      const size_t needed = waiting + size;
      if (capacity_ < needed || (capacity_ > kKeptSize && needed <= kKeptSize)) {
        const size_t capacity = std::max({needed, 2 * waiting, kKeptSize});
        std::unique_ptr<uint8_t[]> memory(new uint8_t[capacity]);
        std::copy_n(data(), waiting, memory.get());
        memory_ = std::move(memory);
        capacity_ = capacity;
      } else {
        std::memmove(memory_.get(), data(), waiting);
      }
      start_ = 0;
      end_ = waiting;
    }
    return memory_.get() + end_;
  }

  void added(size_t size) { end_ += size; }
  void removed(size_t size) { start_ += size; }

 private:
  std::unique_ptr<uint8_t[]> memory_;
  size_t capacity_ = 0;
  size_t start_ = 0;
  size_t end_ = 0;
};

/** The connection with the other process, and the session that is served to it. One thread. */
class Connection {
 public:
  /** @param socket owned. */
  Connection(int socket, int told)
      : socket_(socket), told_(told), session_(wb_session_open(nullptr, nullptr, &bell_)) {}

  ~Connection() {
    if (session_ > 0) {
      wb_session_close(session_, WB_FATE_DESTROY);
      close(bell_);
    }
    close(socket_);
  }

  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  /** Serves until the other process is gone. Throws std::bad_alloc. */
  void run() {
    while (isOpen_ && session_ > 0) {
      struct pollfd both[] = {{socket_, static_cast<short>(isBehind() ? POLLIN | POLLOUT : POLLIN), 0},
                              {bell_, POLLIN, 0}};
      // What the other process does not take in waits in the bridge, in the bounds of its node.
      if (poll(both, isBehind() ? 1 : 2, isBehind() ? -1 : untilComingAgainMs()) < 0 && errno != EINTR)
        return;
      if ((both[0].revents & POLLOUT) != 0) send();
      if ((both[0].revents & ~POLLOUT) != 0) read();
      if ((both[1].revents & POLLIN) != 0) answerBell();
      if (isRung_ || untilComingAgainMs() == 0) takeBatch();
    }
  }

 private:
  using Clock = std::chrono::steady_clock;

  bool isBehind() const { return outgoing_.size() > 0; }

  int untilComingAgainMs() const {
    if (!comesAgain_) return -1;
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(comesAgainAt_ - Clock::now()).count();
    return static_cast<int>(std::clamp<int64_t>(left, 0, INT_MAX));
  }

  void answerBell() {
    char rings[16];
    while (recv(bell_, rings, sizeof(rings), MSG_DONTWAIT) == static_cast<ssize_t>(sizeof(rings))) {
    }
    isRung_ = true;
  }

  /** Sends a batch, unless what was sent before is still on its way. Returns whether another may be waiting.
   */
  bool takeBatch() {
    if (isBehind()) return true;
    isRung_ = comesAgain_ = false;
    const int64_t size = wb_batch_prepare(session_, kMaxWaitMs);
    if (size <= 0) return false;
    uint8_t* batch = begin(kBytes, static_cast<size_t>(size));
    wb_batch_take(session_, batch, static_cast<uint64_t>(size));
    const auto againMs = load<uint32_t>(batch + 4);
    if (againMs != WB_WHEN_WOKEN) {
      comesAgain_ = true;
      comesAgainAt_ = Clock::now() + std::chrono::milliseconds(againMs);
    }
    end(static_cast<size_t>(size));
    return againMs == 0;
  }

  void answerPing(uint64_t number) {
    const bool isBatchWaiting = takeBatch();
    uint8_t* at = begin(kPong, kPongSize);
    at = store<uint64_t>(at, number);
    at = store<uint64_t>(at, residentBytes());
    store<uint32_t>(at, isBatchWaiting ? 1 : 0);
    end(kPongSize);
  }

  /** Begins a frame, of which as much is to be written. */
  uint8_t* begin(Kind kind, size_t size) {
    uint8_t* at = outgoing_.room(kFrameHeader + size);
    return store<uint32_t>(store<uint32_t>(at, kind), static_cast<uint32_t>(size));
  }

  void end(size_t size) {
    outgoing_.added(kFrameHeader + size);
    send();
  }

  void send() {
    while (isBehind()) {
      const auto sent = ::send(socket_, outgoing_.data(), outgoing_.size(), kNoSignal);
      if (sent > 0) {
        outgoing_.removed(static_cast<size_t>(sent));
      } else if (errno != EINTR) {
        isOpen_ = isOpen_ && isLater();
        return;
      }
    }
  }

  void read() {
    const auto size = recv(socket_, incoming_.room(kReadSize), kReadSize, 0);
    if (size <= 0) {
      isOpen_ = size < 0 && (errno == EINTR || isLater());
      return;
    }
    incoming_.added(static_cast<size_t>(size));
    while (isOpen_ && incoming_.size() >= kFrameHeader) {
      const uint8_t* frame = incoming_.data();
      const auto kind = load<uint32_t>(frame);
      const size_t length = load<uint32_t>(frame + 4);
      isOpen_ = isOpen_ && isFrame(kind, length);
      if (incoming_.size() < kFrameHeader + length) return;
      if (isOpen_ && !take(kind, frame + kFrameHeader, length)) isOpen_ = false;
      incoming_.removed(kFrameHeader + length);
    }
  }

  static bool isFrame(uint32_t kind, size_t length) {
    return kind == kBytes || (kind == kPing && length == sizeof(uint64_t)) || (kind == kEnd && length == 0);
  }

  /** Takes a frame in; false if none is to come any more. */
  bool take(uint32_t kind, const uint8_t* body, size_t length) {
    if (kind == kBytes) return wb_call(session_, body, length) >= 0;
    if (kind == kPing) {
      answerPing(load<uint64_t>(body));
      return true;
    }
    wb_process_ends();
    tell(told_, kNothingWanted);
    return false;
  }

  // Of buffers there may be none for a while.
  static bool isLater() { return errno == EAGAIN || errno == EWOULDBLOCK || errno == ENOBUFS; }

  const int socket_;
  const int told_;
  int32_t bell_ = -1;
  const int64_t session_;
  bool isOpen_ = true;
  bool isRung_ = false;
  bool comesAgain_ = false;
  Clock::time_point comesAgainAt_;
  Bytes incoming_;
  Bytes outgoing_;
};

/** Where the other process is awaited, and whom that is told. */
struct Host {
  int listener = -1;
  int told = -1;

  Host() = default;
  Host(const Host&) = delete;
  Host& operator=(const Host&) = delete;

  ~Host() {
    if (listener >= 0) close(listener);
    if (told >= 0) close(told);
  }
};

/** Waits for the other process; -1 if it is given up. */
int await(Host& host) {
  struct pollfd both[] = {{host.listener, POLLIN, 0}, {host.told, POLLIN, 0}};
  while (poll(both, 2, -1) < 0 && errno == EINTR) {
  }
  const int socket = both[0].revents != 0 ? acceptSocket(host.listener) : -1;
  close(host.listener);
  host.listener = -1;
  if (socket >= 0) tell(host.told, kConnected);
  return socket;
}

void* runHost(void* argument) {
  const std::unique_ptr<Host> host(static_cast<Host*>(argument));
  const int socket = await(*host);
  if (socket < 0) return nullptr;
  try {
    Connection(socket, host->told).run();
  } catch (const std::exception&) {
    // No memory is left: the other process finds the connection at its end.
  }
  return nullptr;
}

}  // namespace

wb_status serveHost(const char* path, int32_t& descriptor) {
  struct sockaddr_un address {};
  address.sun_family = AF_UNIX;
  const size_t length = std::strlen(path);
  if (length >= sizeof(address.sun_path)) return WB_BAD_ARGUMENTS;
  std::copy_n(path, length, address.sun_path);
  auto host = std::make_unique<Host>();
  host->listener = makeSocket();
  int ends[2];
  if (host->listener < 0 ||
      bind(host->listener, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0 ||
      listen(host->listener, 1) != 0 || !makeSocketPair(ends)) {
    return WB_NO_RESOURCES;
  }
  host->told = ends[0];
  if (!startThread(runHost, host.get())) {
    close(ends[1]);
    return WB_NO_RESOURCES;
  }
  (void)host.release();
  descriptor = ends[1];
  return WB_OK;
}

}  // namespace waku_bridge
