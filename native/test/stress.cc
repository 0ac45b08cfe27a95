// A stress of the bridge for the sanitizers, without Node: stress LIBRARY. It compares base64.h with what is
// plainly right, and what pace.h tells; then it uses bridge.h alone, has several sessions on threads of their
// own do everything at once, and ends with 0 if all was answered as it should be.
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
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

#include "../src/base64.h"
#include "../src/bridge.h"
#include "../src/pace.h"

namespace {

#define CHECK(condition)                                                           \
  do {                                                                             \
    if (!(condition)) {                                                            \
      std::fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #condition); \
      std::abort();                                                                \
    }                                                                              \
  } while (0)

constexpr char kDigits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/** Base64 bit by bit. */
std::string plainEncode(const std::string& bytes) {
  std::string bits;
  for (const char byte : bytes) {
    for (int i = 7; i >= 0; i--) bits += (static_cast<unsigned char>(byte) >> i & 1) != 0 ? '1' : '0';
  }
  while (bits.size() % 6 != 0) bits += '0';
  std::string text;
  for (size_t i = 0; i < bits.size(); i += 6) text += kDigits[std::stoi(bits.substr(i, 6), nullptr, 2)];
  while (text.size() % 4 != 0) text += '=';
  return text;
}

/** The bytes of which plainEncode() makes this text; false if there are none. */
bool plainDecode(const std::string& text, std::string& bytes) {
  std::string bits;
  for (const char c : text) {
    const char* found = c == '\0' ? nullptr : std::strchr(kDigits, c);
    if (found == nullptr) break;
    for (int i = 5; i >= 0; i--) bits += ((found - kDigits) >> i & 1) != 0 ? '1' : '0';
  }
  bytes.clear();
  for (size_t i = 0; i + 8 <= bits.size(); i += 8)
    bytes += static_cast<char>(std::stoi(bits.substr(i, 8), nullptr, 2));
  return plainEncode(bytes) == text;
}

std::string someBytes(size_t size) {
  std::string bytes;
  for (size_t i = 0; i < size; i++) bytes += static_cast<char>((i * 131 + size * 17) >> (i % 3));
  return bytes;
}

/** Decodes between walls, so that the sanitizers see what is read and written beside them. */
void compareDecoding(const std::string& text) {
  const std::vector<char> walled(text.begin(), text.end());
  std::vector<uint8_t> decoded(waku_bridge::base64Size(walled.data(), walled.size()));
  const bool valid = waku_bridge::decodeBase64(walled.data(), walled.size(), decoded.data());
  std::string expected;
  CHECK(valid == plainDecode(text, expected));
  if (valid) CHECK(std::string(decoded.begin(), decoded.end()) == expected);
}

void base64() {
  for (size_t size = 0; size <= 300; size++) {
    const std::string bytes = someBytes(size);
    std::vector<char> text(waku_bridge::base64Length(size));
    const std::vector<uint8_t> walled(bytes.begin(), bytes.end());
    waku_bridge::encodeBase64(walled.data(), size, text.data());
    const std::string encoded(text.begin(), text.end());
    CHECK(encoded == plainEncode(bytes));
    compareDecoding(encoded);
    for (size_t cut = 1; cut <= 5 && cut <= encoded.size(); cut++) {
      compareDecoding(encoded.substr(0, encoded.size() - cut));
      compareDecoding(encoded.substr(cut));
    }
    for (const char* more : {"=", "==", "===", "====", "A", "A===", "AA==", "AB==", "AAA=", "AAB=", "\n"}) {
      compareDecoding(encoded + more);
    }
  }
  for (const size_t size : {1, 2, 3, 4, 5, 6, 7}) {
    const std::string encoded = plainEncode(someBytes(size));
    for (size_t at = 0; at < encoded.size(); at++) {
      for (int c = 0; c < 256; c++) {
        std::string text = encoded;
        text[at] = static_cast<char>(c);
        compareDecoding(text);
      }
    }
  }
}

/** For how long the next is waited for when so many items were taken every 2 ms, and after a pause. */
void pace() {
  const auto waitMs = [](uint32_t numItems, std::chrono::milliseconds pause) {
    waku_bridge::Pace pace;
    waku_bridge::Pace::Clock::time_point now;
    for (int turn = 0; turn < 20; turn++) pace.note(numItems, now += std::chrono::milliseconds(2));
    if (pause.count() > 0) pace.note(1, now + pause);
    return pace.waitMs(12);
  };
  constexpr std::chrono::milliseconds kNone{0};
  CHECK(waitMs(1, kNone) == 0);
  CHECK(waitMs(3, kNone) == 2);
  CHECK(waitMs(10, kNone) == 12);
  CHECK(waitMs(10, std::chrono::milliseconds(100)) == 0);
}

/** Arguments in the form of bridge.h. */
struct Packed {
  std::vector<uint8_t> bytes;
  std::vector<size_t> ends;  // of what could stand alone

  void word(uint64_t value) {
    for (int i = 0; i < 8; i++) bytes.push_back(static_cast<uint8_t>(value >> (8 * i)));
  }

  Packed& text(const std::string& text) {
    word(text.size());
    bytes.insert(bytes.end(), text.begin(), text.end());
    ends.push_back(bytes.size());
    return *this;
  }

  Packed& number(int64_t value) {
    word(UINT64_MAX);
    word(static_cast<uint64_t>(value));
    return *this;
  }

  Packed& moreBase64(const std::string& payload) {
    word(UINT64_MAX - 1);
    return text(payload);
  }

  Packed& moreText(const std::string& more) {
    word(UINT64_MAX - 2);
    return text(more);
  }

  Packed& repeated(const std::string& hash) {
    word(UINT64_MAX - 3);
    return text(hash);
  }

  bool mayEnd(size_t size) const { return std::find(ends.begin(), ends.end(), size) != ends.end(); }
};

struct Answer {
  int32_t code;
  std::string text;
};

/** An event with a payload. */
struct Message {
  std::string text;
  std::string payload;
};

/** How a client hears of what there is for it: by a function, on a socket, or as another process does, which
 * is served. */
enum class Way { kFunction, kSocket, kServed };

/** A session and its one thread, as an environment has them. */
class Client {
 public:
  explicit Client(Way way) : way_(way) {
    if (way == Way::kServed) {
      connectToHost();
    } else {
      session_ = way == Way::kSocket ? wb_session_open(nullptr, nullptr, &descriptor_)
                                     : wb_session_open(&Client::wake, this, nullptr);
      CHECK(session_ > 0);
    }
  }

  ~Client() { close(); }

  void close() {
    if (way_ != Way::kServed) wb_session_close(session_, WB_FATE_DESTROY);
    if (descriptor_ >= 0) ::close(descriptor_);
    descriptor_ = -1;
    if (told_ >= 0) {
      char byte;
      CHECK(recv(told_, &byte, 1, 0) == 0);  // the host has noticed
      ::close(told_);
      told_ = -1;
    }
  }

  /** Ends as a worker's environment does on the socket: without a word. */
  void vanish() {
    ::close(descriptor_);
    descriptor_ = -1;
  }

  int64_t open(const char* path) {
    return callWhole(0, "open", Packed().text(path).number(WB_OUTPUT_INHERIT));
  }

  int64_t create(const std::string& config, int64_t maxEvents = 1000) {
    return callWhole(0, "create",
                     Packed().text(config).number(maxEvents).number(1 << 20).number(100).number(1));
  }

  int64_t provoke(int64_t context, const std::string& behaviour) {
    return call(context, Packed().text("fake:" + behaviour));
  }

  int64_t call(int64_t context, const Packed& packed) {
    constexpr size_t kManyBytes = 1000;
    for (size_t size = 1; size < std::min(packed.bytes.size(), kManyBytes); size++) {
      if (!packed.mayEnd(size)) CHECK(isRefused(callWith(context, packed, size)));
    }
    return callWith(context, packed, packed.bytes.size());
  }

  int64_t publish(int64_t context, const std::string& behaviour) {
    const auto packed = Packed()
                            .text("fake:" + behaviour)
                            .text(R"({"payload":")")
                            .moreBase64(someBytes(10000))
                            .number(0)
                            .repeated("0x" + std::string(64, 'a'));
    return callWhole(context, "waku_relay_publish", packed);
  }

  int64_t setPeers(int64_t context, const char* peers) {
    return callWhole(context, "peers", Packed().text(peers));
  }

  int64_t cancel(int64_t context, int64_t request) {
    return callWhole(context, "cancel", Packed().number(request));
  }

  int64_t destroy(int64_t context) { return callWhole(context, "destroy", {}); }

  /** Asks a host whether it is there. */
  void ping() {
    if (way_ != Way::kServed) return;
    Packed number;
    number.word(++pinged_);
    send(2, number.bytes);
    while (ponged_ < pinged_) CHECK(turn());
  }

  bool isRefused(int64_t request) { return wait(request).code < 0; }

  /** Makes two calls at once, and tries those that end early. */
  void callTwice(int64_t context, const Packed& packed) {
    auto calls = pack(context, kSubscribe, packed, packed.bytes.size());
    const int64_t first = last_;
    const size_t length = calls.size();
    const auto second = pack(context, kSubscribe, packed, packed.bytes.size());
    calls.insert(calls.end(), second.begin(), second.end());
    submit(calls, 2);
    CHECK(wait(first).code == WB_OK);
    CHECK(wait(last_).code == WB_OK);
    if (way_ == Way::kServed) return;
    for (size_t size = 1; size < length; size++)
      CHECK(wb_call(session_, calls.data(), size) == WB_BAD_ARGUMENTS);
  }

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

  /** The last that came. */
  const Message& message() const { return message_; }

 private:
  static constexpr const char* kSubscribe = "waku_relay_subscribe";

  void connectToHost() {
    std::string folder = "/tmp/stress-XXXXXX";
    CHECK(mkdtemp(folder.data()) != nullptr);
    const std::string path = folder + "/s";
    CHECK(wb_host_serve(path.c_str(), &told_) == WB_OK);
    struct sockaddr_un address {};
    address.sun_family = AF_UNIX;
    std::copy(path.begin(), path.end(), address.sun_path);
    descriptor_ = socket(AF_UNIX, SOCK_STREAM, 0);
    CHECK(connect(descriptor_, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0);
    char byte;
    CHECK(recv(told_, &byte, 1, 0) == 1);
    CHECK(unlink(path.c_str()) == 0 && rmdir(folder.c_str()) == 0);
  }

  /** Sends a frame to the host, in two pieces. */
  void send(uint32_t kind, const std::vector<uint8_t>& body) {
    Packed frame;
    frame.word(kind | static_cast<uint64_t>(body.size()) << 32);
    frame.bytes.insert(frame.bytes.end(), body.begin(), body.end());
    const size_t first = frame.bytes.size() / 3;
    CHECK(::send(descriptor_, frame.bytes.data(), first, 0) == static_cast<ssize_t>(first));
    const size_t rest = frame.bytes.size() - first;
    CHECK(::send(descriptor_, frame.bytes.data() + first, rest, 0) == static_cast<ssize_t>(rest));
  }

  std::vector<uint8_t> receive(size_t size) {
    std::vector<uint8_t> bytes(size);
    CHECK(recv(descriptor_, bytes.data(), size, MSG_WAITALL) == static_cast<ssize_t>(size));
    return bytes;
  }

  void submit(const std::vector<uint8_t>& calls, int32_t count) {
    if (way_ == Way::kServed) {
      send(1, calls);
    } else {
      CHECK(wb_call(session_, calls.data(), calls.size()) == count);
    }
  }

  std::vector<uint8_t> pack(int64_t context, const std::string& name, const Packed& packed, size_t size) {
    Packed call;
    call.word(static_cast<uint64_t>(++last_));
    call.word(static_cast<uint64_t>(context));
    call.word(name.size() | static_cast<uint64_t>(size) << 32);
    call.bytes.insert(call.bytes.end(), name.begin(), name.end());
    call.bytes.insert(call.bytes.end(), packed.bytes.begin(),
                      packed.bytes.begin() + static_cast<ptrdiff_t>(size));
    return call.bytes;
  }

  int64_t callWith(int64_t context, const Packed& packed, size_t size) {
    submit(pack(context, kSubscribe, packed, size), 1);
    return last_;
  }

  int64_t callWhole(int64_t context, const std::string& name, const Packed& packed) {
    submit(pack(context, name, packed, packed.bytes.size()), 1);
    return last_;
  }

  static void wake(void* data) {
    auto& self = *static_cast<Client*>(data);
    const std::lock_guard<std::mutex> lock(self.mutex_);
    self.rung_ = true;
    self.bell_.notify_one();
  }

  /** Takes a frame of the host. */
  void readFrame() {
    const auto header = receive(8);
    const auto kind = get<uint32_t>(header.data());
    const auto body = receive(get<uint32_t>(header.data() + 4));
    if (kind == 1) return read(body);
    CHECK(kind == 3 && body.size() == 20);
    CHECK(get<uint64_t>(body.data()) == ++ponged_);
    CHECK(get<uint64_t>(body.data() + 8) > 0);
  }

  /** Takes a batch, waiting for one; false after a long silence. */
  bool turn() {
    if (way_ == Way::kServed) {
      readFrame();
      return true;
    }
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
    const uint8_t* at = batch.data() + 12;
    auto numAnswers = get<uint32_t>(batch.data() + 8);
    for (auto left = get<uint32_t>(batch.data()); left > 0; left--) {
      const auto kind = get<uint32_t>(at);
      const auto code = get<int32_t>(at + 4);
      const auto length = get<uint64_t>(at + 16);
      if (kind == 0) {
        answers_[get<int64_t>(at + 8)] = {code, std::string(reinterpret_cast<const char*>(at) + 24, length)};
        numAnswers--;
      }
      if (kind == 1 || kind == 3) events_++;
      if (kind == 3) {
        const auto textLength = get<uint64_t>(at + 24);
        CHECK(textLength + 8 <= length);
        const char* const text = reinterpret_cast<const char*>(at) + 32;
        message_ = {std::string(text, textLength), std::string(text + textLength, length - 8 - textLength)};
      }
      if (kind == 2) dropped_ += static_cast<uint64_t>(code);
      at += 24 + length;
    }
    CHECK(at == batch.data() + batch.size());
    CHECK(numAnswers == 0);
  }

  const Way way_;
  int64_t session_ = 0;
  int32_t told_ = -1;
  uint64_t pinged_ = 0;
  uint64_t ponged_ = 0;
  int64_t last_ = 0;  // request
  int32_t descriptor_ = -1;
  std::mutex mutex_;
  std::condition_variable bell_;
  bool rung_ = false;
  std::map<int64_t, Answer> answers_;
  uint64_t events_ = 0;
  uint64_t dropped_ = 0;
  Message message_;
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
  CHECK(client.wait(client.provoke(node, "sync")).code == WB_CLOSED);
  CHECK(client.wait(client.destroy(node)).code == WB_CLOSED);
}

void textsInParts(Client& client) {
  const int64_t node = client.create("{}");
  CHECK(client.wait(node).code == WB_OK);
  for (const size_t size : {0, 1, 2, 3, 4, 5, 100, 100000}) {
    const std::string bytes = someBytes(size);
    const auto packed =
        Packed().text("fake:echo:").moreBase64(bytes).moreText(",").moreBase64("ab").moreText("");
    CHECK(client.wait(client.call(node, packed)).text ==
          "waku_relay_subscribe|fake:echo:" + plainEncode(bytes) + ",YWI=");
  }
  CHECK(client.wait(client.call(node, Packed().moreBase64("ab"))).code == WB_BAD_ARGUMENTS);
  CHECK(client.wait(client.call(node, Packed().moreText("ab"))).code == WB_BAD_ARGUMENTS);
  CHECK(client.wait(client.call(node, Packed().number(7).moreText("ab"))).code == WB_BAD_ARGUMENTS);
  Packed endless;
  endless.text("a").word(UINT64_MAX - 1);
  endless.word(UINT64_MAX - 1);
  CHECK(client.wait(client.call(node, endless)).code == WB_BAD_ARGUMENTS);
  CHECK(client.wait(client.destroy(node)).code == WB_OK);
}

void payloads(Client& client) {
  const int64_t node = client.create("{}");
  CHECK(client.wait(node).code == WB_OK);
  const auto tell = [&](const Packed& packed) {
    const uint64_t before = client.events();
    CHECK(client.wait(client.call(node, packed)).code == WB_OK);
    client.waitForEvents(before + client.dropped() + 1);
  };
  for (const size_t size : {0, 1, 2, 3, 4, 5, 100, 300, 100000}) {
    const std::string bytes = someBytes(size);
    tell(Packed().text(R"(fake:event:{"payload":")").moreBase64(bytes).moreText(R"(","more":1})"));
    CHECK(client.message().text == R"({"payload":"","more":1})");
    CHECK(client.message().payload == bytes);
  }
  const std::string last = client.message().payload;
  for (const char* event :
       {R"({"payload":"AAA"})", R"({"payload":"AB=="})", R"({"payload":"AAAA)", R"({"payload":")",
        R"({"payload":")"
        "\xff\xff\xff\xff\"}",
        ""}) {
    tell(Packed().text(std::string("fake:event:") + event));
    CHECK(client.message().payload == last);
  }
  CHECK(client.wait(client.destroy(node)).code == WB_OK);
}

void repetitions(Client& client) {
  const int64_t node = client.create("{}");
  CHECK(client.wait(node).code == WB_OK);
  const auto event = [](const std::string& hash) { return R"(fake:event:{"messageHash":")" + hash + "\"}"; };
  client.callTwice(node, Packed().text(event("0x1")).repeated("0x1"));
  client.callTwice(node, Packed().text(event("0x2")).repeated("0x3"));
  const uint64_t before = client.events() + client.dropped();
  CHECK(client.wait(client.call(node, Packed().text(event("0x3")))).code == WB_OK);
  CHECK(client.wait(client.call(node, Packed().text(event("0x1")))).code == WB_OK);
  client.waitForEvents(before + 1);
  CHECK(client.wait(client.destroy(node)).code == WB_OK);
}

void pacing(Client& client) {
  const int64_t node = client.create("{}");
  CHECK(client.wait(node).code == WB_OK);
  const auto publishMany = [&] {
    std::vector<int64_t> requests;
    for (const char* behaviour : {"sync", "foreign", "late:1"}) {
      for (int i = 0; i < 20; i++) requests.push_back(client.publish(node, behaviour));
    }
    return requests;
  };
  CHECK(client.wait(client.setPeers(node, "fake:late:1 fake:foreign  fake:error")).code == WB_OK);
  for (const int64_t request : publishMany()) CHECK(client.wait(request).code == WB_OK);
  CHECK(client.wait(client.setPeers(node, "fake:silent")).code == WB_OK);
  const auto requests = publishMany();
  CHECK(client.wait(client.cancel(node, requests.back())).code == WB_OK);
  CHECK(client.wait(requests.back()).code == WB_CANCELLED);
  CHECK(client.wait(client.cancel(node, requests.back())).code == WB_OK);
  CHECK(client.wait(client.destroy(node)).code == WB_OK);
  size_t numClosed = 0;
  for (const int64_t request : requests) {
    if (request != requests.back() && client.wait(request).code == WB_CLOSED) numClosed++;
  }
  CHECK(numClosed > 0);
}

void events(Client& client) {
  const int64_t node = client.create("{}", 50);
  CHECK(client.wait(node).code == WB_OK);
  const uint64_t before = client.events() + client.dropped();
  const int64_t alarms = client.provoke(node, "unresponsive:200");
  const int64_t flood = client.provoke(node, "flood:2000:300");
  CHECK(client.wait(alarms).code == WB_OK);
  client.ping();
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
  CHECK(client.wait(client.provoke(silent, "sync")).code == WB_NOT_READY);
  CHECK(client.wait(client.destroy(silent)).code == WB_OK);
  CHECK(client.wait(silent).code == WB_CLOSED);
  const int64_t racing = client.create(R"({"fake:create":"late:1"})");
  const int32_t destroyed = client.wait(client.destroy(racing)).code;
  CHECK(destroyed == WB_OK || destroyed == WB_CLOSED);
}

void abandon(const char* library, Way way) {
  Client client(way);
  CHECK(client.wait(client.open(library)).code == WB_OK);
  const int64_t node = client.create("{}");
  CHECK(client.wait(node).code == WB_OK);
  CHECK(client.wait(client.provoke(node, "flow:50000:200")).code == WB_OK);
  client.provoke(node, "silent");
  if (way == Way::kSocket) client.vanish();
}

void work(const char* library, Way way, int rounds) {
  Client client(way);
  CHECK(client.wait(client.open(library)).code == WB_OK);
  for (int round = 0; round < rounds; round++) {
    answers(client);
    textsInParts(client);
    payloads(client);
    repetitions(client);
    pacing(client);
    events(client);
    failures(client);
    abandon(library, way);
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
  base64();
  pace();
  std::vector<std::thread> threads;
  for (const Way way : {Way::kFunction, Way::kSocket, Way::kServed}) {
    for (int i = 0; i < 2; i++) threads.emplace_back(work, arguments[1], way, 5);
  }
  for (auto& thread : threads) thread.join();
  CHECK(settled());
  return 0;
}
