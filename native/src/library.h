#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>
#include <string>

#include "abi.h"
#include "bridge.h"

namespace waku_bridge {

/** The library: opened once per process, never closed, because its runtime and its threads outlive every
 * node. */
class Library {
 public:
  /** The open library, or nullptr. Any thread. */
  static const Library* current();

  /** Where a file lies in memory. */
  struct Range {
    uintptr_t begin = 0;
    unsigned long size = 0;  // NOLINT(google-runtime-int): as macOS has it
  };

  struct Outcome {
    int32_t code;
    std::string text;  // as bridge.h says of open
  };

  /** Opens the library, or finds it open. On a dispatcher: constructors of the library run. */
  static Outcome open(const std::string& path, wb_output output);

  const Abi& abi() const { return abi_; }

  /** Tells whether an address lies in the library. */
  bool contains(void* address) const;

 private:
  Library() = default;
  std::string describe() const;

  Abi abi_;
  std::string path_;  // without links
  Range range_;
};

}  // namespace waku_bridge
