#include "base64.h"

#include <array>
#include <cstring>

namespace waku_bridge {

namespace {

constexpr char kAlphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/** The two characters of each twelve bits. */
using Pairs = std::array<std::array<char, 2>, 4096>;

constexpr Pairs makePairs() {
  Pairs pairs{};
  for (size_t i = 0; i < pairs.size(); i++) pairs[i] = {kAlphabet[i >> 6], kAlphabet[i & 63]};
  return pairs;
}

/** What each character adds to its group's 24 bits, by its place in the group. */
using Digits = std::array<std::array<uint32_t, 256>, 4>;

/** Stands above those bits for what is no digit, so that many groups are checked at once. */
constexpr uint32_t kNoDigit = 1U << 24;

constexpr Digits makeDigits() {
  Digits digits{};
  for (size_t place = 0; place < digits.size(); place++) {
    for (auto& value : digits[place]) value = kNoDigit;
    for (uint32_t i = 0; i < 64; i++) {
      digits[place][static_cast<unsigned char>(kAlphabet[i])] = i << (18 - 6 * place);
    }
  }
  return digits;
}

constexpr Pairs kPairs = makePairs();
constexpr Digits kDigits = makeDigits();

uint32_t digit(size_t place, char c) { return kDigits[place][static_cast<unsigned char>(c)]; }

size_t paddingOf(const char* text, size_t length) {
  if (length == 0 || text[length - 1] != '=') return 0;
  return length > 1 && text[length - 2] == '=' ? 2 : 1;
}

}  // namespace

void encodeBase64(const uint8_t* bytes, size_t size, char* text) noexcept {
  const auto put = [&](uint32_t group) {
    std::memcpy(text, kPairs[group >> 12].data(), 2);
    std::memcpy(text + 2, kPairs[group & 4095].data(), 2);
    text += 4;
  };
  const uint8_t* const end = bytes + size / 3 * 3;
  for (; bytes != end; bytes += 3) put(uint32_t{bytes[0]} << 16 | uint32_t{bytes[1]} << 8 | bytes[2]);
  const size_t left = size % 3;
  if (left == 0) return;
  put(uint32_t{bytes[0]} << 16 | (left == 2 ? uint32_t{bytes[1]} << 8 : 0));
  std::memset(text - (3 - left), '=', 3 - left);
}

size_t base64Size(const char* text, size_t length) noexcept {
  const size_t size = length / 4 * 3;
  const size_t padding = paddingOf(text, length);
  return size < padding ? 0 : size - padding;
}

bool decodeBase64(const char* text, size_t length, uint8_t* bytes) noexcept {
  if (length % 4 != 0) return false;
  const size_t padding = paddingOf(text, length);
  const char* const end = text + length - (padding == 0 ? 0 : 4);
  uint32_t seen = 0;
  for (; text != end; text += 4) {
    const uint32_t group = digit(0, text[0]) | digit(1, text[1]) | digit(2, text[2]) | digit(3, text[3]);
    seen |= group;
    bytes[0] = static_cast<uint8_t>(group >> 16);
    bytes[1] = static_cast<uint8_t>(group >> 8);
    bytes[2] = static_cast<uint8_t>(group);
    bytes += 3;
  }
  if (padding > 0) {
    const uint32_t group = digit(0, text[0]) | digit(1, text[1]) | (padding == 1 ? digit(2, text[2]) : 0);
    seen |= group;
    bytes[0] = static_cast<uint8_t>(group >> 16);
    if (padding == 1) bytes[1] = static_cast<uint8_t>(group >> 8);
    // Bits that no byte takes are 0, or encoding would make another text.
    if ((group & (padding == 1 ? 0xffU : 0xffffU)) != 0) return false;
  }
  return (seen & kNoDigit) == 0;
}

}  // namespace waku_bridge
