#include "repetitions.h"

#include <algorithm>

namespace waku_bridge {

namespace {

// Only a key looks like this: quotation marks inside texts are escaped. Before it stands a topic.
constexpr std::string_view kHashKey = R"("messageHash":")";
constexpr size_t kHashWithin = 512;

// A call that fails early is not repeated at all.
constexpr std::chrono::seconds kMaxAge{30};

std::string_view hashOf(std::string_view event) {
  const size_t key = event.substr(0, kHashWithin).find(kHashKey);
  if (key == std::string_view::npos) return {};
  const size_t start = key + kHashKey.size();
  return event.substr(start, event.find('"', start) - start);
}

}  // namespace

void Repetitions::expect(std::string_view hash) {
  Awaited awaited{{}, std::chrono::steady_clock::now()};
  if (hash.size() != awaited.hash.size()) return;
  std::copy(hash.begin(), hash.end(), awaited.hash.begin());
  std::lock_guard<std::mutex> lock(mutex_);
  while (!awaited_.empty() && awaited.since - awaited_.front().since > kMaxAge) awaited_.pop_front();
  awaited_.push_back(awaited);
}

bool Repetitions::take(std::string_view event) {
  const std::string_view hash = hashOf(event);
  std::lock_guard<std::mutex> lock(mutex_);
  const auto found = std::find_if(awaited_.begin(), awaited_.end(), [=](const Awaited& awaited) {
    return hash == std::string_view(awaited.hash.data(), awaited.hash.size());
  });
  if (found == awaited_.end()) return false;
  awaited_.erase(found);
  return true;
}

}  // namespace waku_bridge
