#pragma once

#include <cstddef>
#include <cstdint>

namespace waku_bridge {

/** Reads a number, little-endian. */
template <typename T>
T load(const uint8_t* at) {
  uint64_t value = 0;
  for (size_t i = sizeof(T); i > 0; i--) value = value << 8 | at[i - 1];
  return static_cast<T>(value);
}

/** Writes a number, little-endian. Returns where it ends. */
template <typename T>
uint8_t* store(uint8_t* at, T value) {
  for (size_t i = 0; i < sizeof(T); i++) {
    at[i] = static_cast<uint8_t>(static_cast<uint64_t>(value) >> (8 * i));
  }
  return at + sizeof(T);
}

}  // namespace waku_bridge
