#include "pacer.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace waku_bridge {

namespace {

// The library queues what it sends to a peer per stream. When it cannot send and more than 256 000 bytes wait
// there, of which a message counts for at most a third, it resets the stream: what waits is lost, and so is
// all that is published until there is a new one. Neither an answer nor an event tells. It may be that
// nothing can be sent although the peer has read all that was, because the news of that waits to be read; so
// no more than this is open at once, wherever it is.
constexpr uint64_t kMaxOpenBytes = 250'000;
constexpr uint32_t kMaxCountedBytes = 83'000;

// How many messages at most are open. The other multiplexer, mplex, ends a connection on which 1 024 writes
// wait.
constexpr uint32_t kMaxOpenMessages = 512;

// The library answers before it sends; more calls than this only wait in front of it, and take the room of
// what is on its way to the peers. Of large messages few are open anyway.
constexpr uint32_t kMaxUnanswered = 128;
constexpr uint64_t kMaxUnansweredBytes = kMaxOpenBytes / 2;

// The part of what may be open from which on peers are asked: early enough that the answer is there before
// there is no more room. Of small messages only those count that the library has answered, because the peers
// can tell of no others.
constexpr double kAskedFrom = 1.0 / 2;

// The part from which on they are asked again before they have answered, taken by what they have not been
// asked about: the nearer the rounds are to each other, the less waits for one to begin. Two at once, because
// js-libp2p takes two pings of a peer.
constexpr double kAskedAgainFrom = 1.0 / 4;
constexpr size_t kMaxRounds = 2;

// A message of at most so many bytes is small: many are open, and a ping need not go in turn to tell of most.
constexpr size_t kSmallBytes = size_t{16} * 1024;

// How many peers are pinged at once: more than a mesh has. The rest have their turn later.
constexpr size_t kMaxPinged = 16;

// How long a peer may take to answer a ping before it is no longer waited for, how long it is then left out,
// and for how long is known which peers there are.
constexpr std::chrono::seconds kSlowAfter{5};
constexpr std::chrono::seconds kLeftOut{30};
constexpr std::chrono::seconds kPeersAreFresh{5};

}  // namespace

Pacer::Message::Message(size_t size)
    : bytes_(static_cast<uint32_t>(std::min<size_t>(size, kMaxCountedBytes))), isLarge_(size > kSmallBytes) {}

void Pacer::Amount::add(const Message& message) {
  messages++;
  bytes += message.bytes_;
  large += message.isLarge_ ? 1 : 0;
}

void Pacer::Amount::remove(const Message& message) {
  messages--;
  bytes -= message.bytes_;
  large -= message.isLarge_ ? 1 : 0;
}

void Pacer::Amount::add(const Amount& other) {
  messages += other.messages;
  bytes += other.bytes;
  large += other.large;
}

void Pacer::Amount::remove(const Amount& other) {
  messages -= other.messages;
  bytes -= other.bytes;
  large -= other.large;
}

bool Pacer::Amount::isMoreThan(double part) const {
  return messages > kMaxOpenMessages * part || static_cast<double>(bytes) > kMaxOpenBytes * part;
}

void Pacer::pass(std::shared_ptr<Message> message) {
  if (!isOn_) return calls_.handOver(message);
  std::lock_guard<std::mutex> lock(mutex_);
  held_.push_back(std::move(message));
  goOn();
}

void Pacer::answered(Message& message) {
  std::lock_guard<std::mutex> lock(mutex_);
  if (std::exchange(message.isUnanswered_, false)) {
    unanswered_.remove(message);
    const bool isAsked = !rounds_.empty() && rounds_.front().inTurn && message.number_ < rounds_.front().end;
    (isAsked ? rounds_.front().amount : answered_).add(message);
  }
  goOn();
}

void Pacer::pong(uint64_t round, const std::string& address) {
  std::lock_guard<std::mutex> lock(mutex_);
  for (auto& one : rounds_) {
    if (one.number != round) continue;
    const auto found = std::find(one.waiting.begin(), one.waiting.end(), address);
    if (found != one.waiting.end()) one.waiting.erase(found);
  }
  goOn();
}

void Pacer::setPeers(std::vector<std::string> addresses) {
  std::lock_guard<std::mutex> lock(mutex_);
  peers_ = std::move(addresses);
  toldAt_ = Clock::now();
  for (auto left = leftOut_.begin(); left != leftOut_.end();) {
    left = left->second <= toldAt_ ? leftOut_.erase(left) : std::next(left);
  }
  leaveOutSlow(toldAt_);
  goOn();
}

void Pacer::close() {
  std::deque<std::shared_ptr<Message>> held;
  const std::lock_guard<std::mutex> lock(mutex_);
  isClosed_ = true;
  held.swap(held_);
}

bool Pacer::fits(const Message& message) const {
  return unanswered_.messages < kMaxUnanswered &&
         (message.isLarge_ || unanswered_.bytes + message.bytes_ <= kMaxUnansweredBytes) &&
         open_.messages < kMaxOpenMessages && open_.bytes + message.bytes_ <= kMaxOpenBytes;
}

bool Pacer::isDue() const {
  const bool hasLarge = open_.large > 0;
  if (rounds_.size() >= (hasLarge ? 1 : kMaxRounds)) return false;
  // Of what the library has not answered a ping tells only when it goes in turn, as behind large messages.
  Amount known = open_;
  if (!hasLarge) known.remove(unanswered_);
  return known.isMoreThan(kAskedFrom) && (hasLarge ? open_ : answered_).isMoreThan(kAskedAgainFrom);
}

/** Does all that can be done. */
void Pacer::goOn() {
  if (isClosed_) return;
  do {
    endRounds();
  } while (ask() || handOver());
}

/** Hands over what there is room for. Returns whether a round is over that began meanwhile. */
bool Pacer::handOver() {
  while (!held_.empty()) {
    const auto message = held_.front();
    if (!fits(*message)) return false;
    held_.pop_front();
    message->isUnanswered_ = true;
    message->number_ = numHandedOver_++;
    open_.add(*message);
    unanswered_.add(*message);
    calls_.handOver(message);
    // A ping in turn tells of this message and those before it, not of what comes behind: asked about all
    // that there is room for at once, the peer can answer before it has the end of the last, and some were
    // lost.
    if (open_.large > 0 && ask()) return true;
  }
  return false;
}

/** Begins a round if that is due. Returns whether it is over, because there is no peer to wait for. */
bool Pacer::ask() {
  if (!isDue()) return false;
  const auto now = Clock::now();
  if (now - toldAt_ >= kPeersAreFresh) return false;
  const bool inTurn = open_.large > 0;
  const auto& round = rounds_.emplace_back(
      Round{numRounds_++, inTurn, numHandedOver_, std::exchange(answered_, {}), choosePeers(), now});
  for (const auto& address : round.waiting) calls_.ping(address, inTurn, round.number);
  return round.waiting.empty() && round.amount.messages > 0;
}

/** Forgets what the rounds tell of that are over. */
void Pacer::endRounds() {
  for (auto round = rounds_.begin(); round != rounds_.end();) {
    if (round->waiting.empty()) open_.remove(round->amount);
    round = round->waiting.empty() ? rounds_.erase(round) : std::next(round);
  }
}

void Pacer::leaveOutSlow(Clock::time_point now) {
  for (auto& round : rounds_) {
    if (now - round.since < kSlowAfter) continue;
    for (const auto& address : round.waiting) leftOut_[address] = now + kLeftOut;
    round.waiting.clear();
  }
}

std::vector<std::string> Pacer::choosePeers() {
  std::vector<std::string> chosen;
  std::copy_if(peers_.begin(), peers_.end(), std::back_inserter(chosen),
               [&](const auto& address) { return leftOut_.count(address) == 0; });
  if (chosen.size() <= kMaxPinged) return chosen;
  turn_ = (turn_ + kMaxPinged) % chosen.size();
  std::rotate(chosen.begin(), chosen.begin() + static_cast<std::ptrdiff_t>(turn_), chosen.end());
  chosen.resize(kMaxPinged);
  return chosen;
}

}  // namespace waku_bridge
