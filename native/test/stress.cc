// A stress of the bridge for the sanitizers, without Node: stress LIBRARY. It uses bridge.h alone, has
// several sessions on threads of their own do everything at once, and ends with 0 if all was answered as it
// should be.
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "../src/bridge.h"

namespace {

#define CHECK(condition)                                                           \
  do {                                                                             \
    if (!(condition)) {                                                            \
      std::fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #condition); \
      std::abort();                                                                \
    }                                                                              \
  } while (0)

struct Answer {
  int32_t code;
  std::string text;
};

/** A session and its one thread, as an environment has them. */
class Client {
 public:
  explicit Client(bool bySocket) {
    session_ = bySocket ? wb_session_open(nullptr, nullptr, &descriptor_)
                        : wb_session_open(&Client::wake, this, nullptr);
    CHECK(session_ > 0);
  }

  ~Client() { close(); }

  void close() {
    wb_session_close(session_, WB_FATE_DESTROY);
    if (descriptor_ >= 0) ::close(descriptor_);
    descriptor_ = -1;
  }

  /** Ends as a worker's environment does on the socket: without a word. */
  void vanish() {
    ::close(descriptor_);
    descriptor_ = -1;
  }

  int64_t open(const char* path) { return wb_library_open(session_, path, WB_OUTPUT_INHERIT); }

  int64_t create(const std::string& config, uint32_t maxEvents = 1000) {
    return wb_context_create(session_, config.c_str(), maxEvents, 1 << 20, 100);
  }

  int64_t provoke(int64_t context, const std::string& behaviour) {
    const std::string text = "fake:" + behaviour;
    std::vector<uint8_t> packed(8);
    for (int i = 0; i < 8; i++)
      packed[i] = static_cast<uint8_t>(static_cast<uint64_t>(text.size()) >> (8 * i));
    packed.insert(packed.end(), text.begin(), text.end());
    for (size_t size = 1; size < packed.size(); size++) {
      CHECK(wb_context_call(session_, context, "waku_relay_subscribe", packed.data(), size) < 0);
    }
    return wb_context_call(session_, context, "waku_relay_subscribe", packed.data(), packed.size());
  }

  int64_t destroy(int64_t context) { return wb_context_destroy(session_, context); }

  Answer wait(int64_t request) {
    CHECK(request > 0);
    while (answers_.find(request) == answers_.end()) CHECK(turn());
    auto answer = answers_[request];
    answers_.erase(request);
    return answer;
  }

  void waitForEvents(uint64_t count) {
    while (events_ + dropped_ < count) CHECK(turn());
  }

  uint64_t events() const { return events_; }
  uint64_t dropped() const { return dropped_; }

 private:
  static void wake(void* data) {
    auto& self = *static_cast<Client*>(data);
    const std::lock_guard<std::mutex> lock(self.mutex_);
    self.rung_ = true;
    self.bell_.notify_one();
  }

  /** Takes a batch, waiting for one; false after a long silence. */
  bool turn() {
    for (int tries = 0; tries < 2; tries++) {
      const int64_t size = wb_batch_prepare(session_, 0);
      if (size > 0) {
        std::vector<uint8_t> batch(static_cast<size_t>(size));
        CHECK(wb_batch_take(session_, batch.data(), batch.size()) == size);
        read(batch);
        return true;
      }
      if (!waitForBell()) return false;
    }
    return true;  // a ring for what an earlier turn had taken
  }

  bool waitForBell() {
    if (descriptor_ >= 0) {
      char byte;
      return recv(descriptor_, &byte, 1, 0) == 1;
    }
    std::unique_lock<std::mutex> lock(mutex_);
    const bool rung = bell_.wait_for(lock, std::chrono::seconds(30), [this] { return rung_; });
    rung_ = false;
    return rung;
  }

  template <typename T>
  static T get(const uint8_t* at) {
    T value;
    std::memcpy(&value, at, sizeof(T));
    return value;
  }

  void read(const std::vector<uint8_t>& batch) {
    const uint8_t* at = batch.data() + 8;
    for (auto left = get<uint32_t>(batch.data()); left > 0; left--) {
      const auto kind = get<uint32_t>(at);
      const auto code = get<int32_t>(at + 4);
      const auto length = get<uint64_t>(at + 16);
      if (kind == 0)
        answers_[get<int64_t>(at + 8)] = {code, std::string(reinterpret_cast<const char*>(at) + 24, length)};
      if (kind == 1) events_++;
      if (kind == 2) dropped_ += static_cast<uint64_t>(code);
      at += 24 + length;
    }
    CHECK(at == batch.data() + batch.size());
  }

  int64_t session_ = 0;
  int32_t descriptor_ = -1;
  std::mutex mutex_;
  std::condition_variable bell_;
  bool rung_ = false;
  std::map<int64_t, Answer> answers_;
  uint64_t events_ = 0;
  uint64_t dropped_ = 0;
};

void answers(Client& client) {
  const int64_t node = client.create("{}");
  CHECK(client.wait(node).code == WB_OK);
  CHECK(client.wait(client.provoke(node, "sync")).text == "sync");
  CHECK(client.wait(client.provoke(node, "late:5")).text == "late");
  CHECK(client.wait(client.provoke(node, "twice")).text == "first");
  CHECK(client.wait(client.provoke(node, "foreign")).text == "foreign");
  CHECK(client.wait(client.provoke(node, "unterminated")).text == "unterminated");
  CHECK(client.wait(client.provoke(node, "null")).text.empty());
  CHECK(client.wait(client.provoke(node, "huge:3000000")).text.size() == 3000000);
  CHECK(client.wait(client.provoke(node, "refused")).code == 1);
  CHECK(client.wait(client.provoke(node, "error-then-late:5")).code == 1);
  const int64_t silent = client.provoke(node, "silent");
  const int64_t ghost = client.provoke(node, "ghost:20");
  CHECK(client.wait(client.provoke(node, "sync")).code == WB_OK);
  CHECK(client.wait(client.destroy(node)).code == WB_OK);
  CHECK(client.wait(silent).code == WB_CLOSED);
  const int32_t late = client.wait(ghost).code;
  CHECK(late == WB_CLOSED || late == WB_OK);
  CHECK(client.provoke(node, "sync") == WB_CLOSED);
  CHECK(client.destroy(node) == WB_CLOSED);
}

void events(Client& client) {
  const int64_t node = client.create("{}", 50);
  CHECK(client.wait(node).code == WB_OK);
  const uint64_t before = client.events() + client.dropped();
  const int64_t alarms = client.provoke(node, "unresponsive:200");
  const int64_t flood = client.provoke(node, "flood:2000:300");
  CHECK(client.wait(alarms).code == WB_OK);
  CHECK(client.wait(flood).code == WB_OK);
  client.waitForEvents(before + 2200);
  CHECK(client.wait(client.provoke(node, "flow:100000:200")).code == WB_OK);
  CHECK(client.wait(client.destroy(node)).code == WB_OK);
}

void failures(Client& client) {
  CHECK(client.wait(client.create(R"({"fake:create":"error"})")).code == 1);
  CHECK(client.wait(client.create(R"({"fake:create":"nothing"})")).code == 1);
  CHECK(client.wait(client.create(R"({"fake:create":"nothing-error"})")).code == 1);
  const int64_t silent = client.create(R"({"fake:create":"silent"})");
  CHECK(client.provoke(silent, "sync") == WB_NOT_READY);
  CHECK(client.wait(client.destroy(silent)).code == WB_OK);
  CHECK(client.wait(silent).code == WB_CLOSED);
  const int64_t racing = client.create(R"({"fake:create":"late:1"})");
  const int64_t destroyed = client.destroy(racing);
  if (destroyed > 0) CHECK(client.wait(destroyed).code == WB_OK);
}

void abandon(const char* library, bool bySocket) {
  Client client(bySocket);
  CHECK(client.wait(client.open(library)).code == WB_OK);
  const int64_t node = client.create("{}");
  CHECK(client.wait(node).code == WB_OK);
  CHECK(client.wait(client.provoke(node, "flow:50000:200")).code == WB_OK);
  client.provoke(node, "silent");
  if (bySocket) client.vanish();
}

void work(const char* library, bool bySocket, int rounds) {
  Client client(bySocket);
  CHECK(client.wait(client.open(library)).code == WB_OK);
  for (int round = 0; round < rounds; round++) {
    answers(client);
    events(client);
    failures(client);
    abandon(library, bySocket);
  }
}

/** Waits until the abandoned nodes are gone too. */
bool settled() {
  double figures[9];
  for (int tries = 0; tries < 3000; tries++) {
    wb_process_stats(figures, 9);
    if (figures[0] == 0 && figures[4] == 0 && figures[8] == 0) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  std::fprintf(stderr, "contexts %.0f, requests %.0f, sessions %.0f\n", figures[0], figures[4], figures[8]);
  return false;
}

}  // namespace

int main(int count, char** arguments) {
  CHECK(count == 2);
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; i++) threads.emplace_back(work, arguments[1], i % 2 == 1, 5);
  for (auto& thread : threads) thread.join();
  CHECK(settled());
  return 0;
}
