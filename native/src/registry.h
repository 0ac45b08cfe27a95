#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <utility>

namespace waku_bridge {

/** Returns a number never returned before: below 2^53 for longer than a process lives. */
inline int64_t nextId() {
  static std::atomic<int64_t> last{0};
  return ++last;
}

/**
 * Finds objects by number. What the library and JavaScript hold are numbers, never pointers, so one that
 * comes late or twice finds nothing instead of freed memory. Any thread; the one instance per type is never
 * freed.
 */
template <typename T>
class Registry {
 public:
  static Registry& get() {
    static auto* registry = new Registry;
    return *registry;
  }

  void add(int64_t id, std::shared_ptr<T> value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_.emplace(id, std::move(value));
  }

  std::shared_ptr<T> find(int64_t id) {
    std::lock_guard<std::mutex> lock(mutex_);
    auto found = values_.find(id);
    return found == values_.end() ? nullptr : found->second;
  }

  /** Finds and removes: of several callers, one gets the object. */
  std::shared_ptr<T> take(int64_t id) {
    std::lock_guard<std::mutex> lock(mutex_);
    auto found = values_.find(id);
    if (found == values_.end()) return nullptr;
    auto value = std::move(found->second);
    values_.erase(found);
    return value;
  }

 private:
  std::mutex mutex_;
  std::unordered_map<int64_t, std::shared_ptr<T>> values_;
};

}  // namespace waku_bridge
