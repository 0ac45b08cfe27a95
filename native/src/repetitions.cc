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
  const auto now = std::chrono::steady_clock::now();
  std::lock_guard<std::mutex> lock(mutex_);
  const auto added = awaited_.insert(awaited_.end(), {std::string(hash), now});
  byHash_.emplace(added->hash, added);
  for (auto oldest = awaited_.begin(); now - oldest->since > kMaxAge; oldest = awaited_.erase(oldest)) {
    const auto [first, last] = byHash_.equal_range(oldest->hash);
    byHash_.erase(std::find_if(first, last, [=](const auto& entry) { return entry.second == oldest; }));
  }
}

bool Repetitions::take(std::string_view event) {
  std::lock_guard<std::mutex> lock(mutex_);
  if (awaited_.empty()) return false;
  const auto found = byHash_.find(hashOf(event));
  if (found == byHash_.end()) return false;
  const auto taken = found->second;
  byHash_.erase(found);
  awaited_.erase(taken);
  return true;
}

}  // namespace waku_bridge
