#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace waku_bridge {

/**
 * Bounds what was handed to the library and is perhaps not sent yet. The library does not tell when it has
 * sent something, but its pings go over the same connections: when one is back, the peer has read what was
 * published before that was sent. Once a part of what may be open is, every peer is pinged, and again for as
 * long as it is that much. So the pace is that of the peers, and with few messages nothing is done at all.
 *
 * A ping is two round trips, one to open a stream and one on it. What waited for the stream of the messages
 * when it began has left by the time the first is over, because by then the peer has read what was there and
 * told so, and is read before the second is. Of what the library answered while it was under way it tells
 * nothing; that is for the next round, which need not wait for the end of this one. Only behind large
 * messages there is one at a time: with two, bursts of 100 KiB messages lost some.
 *
 * Any thread. What it calls is called under a lock, and must not call back.
 */
class Pacer {
 public:
  /** A message, as far as the pace goes. */
  class Message {
   public:
    /** @param size in bytes, of payload, topics and the rest of its JSON: of that the names of the fields are
     * more than what hash, framing and encryption need instead. */
    explicit Message(size_t size);
    Message(const Message&) = delete;
    Message& operator=(const Message&) = delete;
    virtual ~Message() = default;

   private:
    friend class Pacer;
    const uint32_t bytes_;  // that it counts for
    const bool isLarge_;
    bool isUnanswered_ = false;  // by the library
    uint64_t number_ = 0;        // in the order in which they are handed over
  };

  struct Calls {
    /** Hands a message to the library. */
    std::function<void(const std::shared_ptr<Message>&)> handOver;
    /** Pings a peer, after what was handed over before or at once, and then tells pong(). */
    std::function<void(const std::string& address, bool inTurn, uint64_t round)> ping;
  };

  /** @param isOn otherwise messages go at once. */
  Pacer(bool isOn, Calls calls) : isOn_(isOn), calls_(std::move(calls)) {}

  /** Hands a message over once there is room for it, after those that came before it. */
  void pass(std::shared_ptr<Message> message);

  /** There is an answer to a message, of the library or of who has given it up. */
  void answered(Message& message);

  /** A peer has answered to a ping, whatever it was: one that does not speak ping has answered too. */
  void pong(uint64_t round, const std::string& address);

  /** Says which peers take what is published. To be told again every second while anything is held or handed
   * over: of what is older, none is asked. */
  void setPeers(std::vector<std::string> addresses);

  /** Gives up a message that is held, and returns it; nullptr if there is none. It is to be answered(). */
  template <typename Test>
  std::shared_ptr<Message> giveUp(Test test);

  /** Nothing is handed over or asked any more. What is held is forgotten. */
  void close();

 private:
  using Clock = std::chrono::steady_clock;

  struct Amount {
    uint32_t messages = 0;
    uint64_t bytes = 0;
    uint32_t large = 0;

    void add(const Message& message);
    void remove(const Message& message);
    void add(const Amount& other);
    void remove(const Amount& other);
    bool isMoreThan(double part) const;
  };

  /** Peers that are asked together. */
  struct Round {
    uint64_t number;
    bool inTurn;
    uint64_t end;                      // the number of the message behind those that it tells of
    Amount amount;                     // of those that the library has answered
    std::vector<std::string> waiting;  // peers
    Clock::time_point since;
  };

  bool fits(const Message& message) const;
  bool isDue() const;
  void goOn();
  bool handOver();
  bool ask();
  void endRounds();
  void leaveOutSlow(Clock::time_point now);
  std::vector<std::string> choosePeers();

  const bool isOn_;
  const Calls calls_;
  std::mutex mutex_;  // guards what follows
  bool isClosed_ = false;
  std::deque<std::shared_ptr<Message>> held_;
  uint64_t numHandedOver_ = 0;
  Amount open_;
  Amount unanswered_;
  Amount answered_;  // of which the peers are not asked yet
  std::list<Round> rounds_;
  uint64_t numRounds_ = 0;
  std::vector<std::string> peers_;
  Clock::time_point toldAt_;
  std::map<std::string, Clock::time_point> leftOut_;
  size_t turn_ = 0;  // whose it is to be pinged, when they are many
};

template <typename Test>
std::shared_ptr<Pacer::Message> Pacer::giveUp(Test test) {
  std::lock_guard<std::mutex> lock(mutex_);
  const auto found =
      std::find_if(held_.begin(), held_.end(), [&](const auto& message) { return test(*message); });
  if (found == held_.end()) return nullptr;
  const auto message = *found;
  held_.erase(found);
  return message;
}

}  // namespace waku_bridge
