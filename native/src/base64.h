#pragma once

#include <cstddef>
#include <cstdint>

namespace waku_bridge {

// Base64 in the standard alphabet, padded, as the library writes and reads payloads. No function throws or
// allocates.

/** How many characters so many bytes make. */
constexpr size_t base64Length(size_t size) { return (size + 2) / 3 * 4; }

/** Writes the base64Length(size) characters of `bytes`. */
void encodeBase64(const uint8_t* bytes, size_t size, char* text) noexcept;

/** How many bytes a text stands for, if it is base64: told by its length and its padding alone. */
size_t base64Size(const char* text, size_t length) noexcept;

/** Writes the base64Size(text, length) bytes that a text stands for. Returns false, with anything written, if
 * it is not what encodeBase64() makes of some bytes. */
bool decodeBase64(const char* text, size_t length, uint8_t* bytes) noexcept;

}  // namespace waku_bridge
