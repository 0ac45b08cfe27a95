#include "arguments.h"

#include <cstring>

#include "base64.h"
#include "little_endian.h"

namespace waku_bridge {

namespace {

// What stands where a text has its length.
constexpr uint64_t kNumber = UINT64_MAX;
constexpr uint64_t kMoreBase64 = UINT64_MAX - 1;
constexpr uint64_t kMoreText = UINT64_MAX - 2;
constexpr uint64_t kRepeated = UINT64_MAX - 3;

/** A piece of packed arguments: a number, a text, more of the text before it, or what stands at the end. */
struct Part {
  uint64_t head;
  const uint8_t* bytes;
  uint64_t size;

  bool isMore() const { return head == kMoreBase64 || head == kMoreText; }
  bool hasOwnSize() const { return isMore() || head == kRepeated; }
  bool isText() const { return head != kNumber; }

  /** How long the text is that it makes. */
  size_t length() const { return head == kMoreBase64 ? base64Length(size) : size; }
};

/** Cuts the first part off; false if it ends early. */
bool cut(const uint8_t*& at, uint64_t& left, Part& part) {
  constexpr uint64_t kWord = 8;
  const auto word = [&](uint64_t& value) {
    if (left < kWord) return false;
    value = load<uint64_t>(at);
    at += kWord;
    left -= kWord;
    return true;
  };
  if (!word(part.head)) return false;
  part.size = part.head == kNumber ? kWord : part.head;
  if (part.hasOwnSize() && !word(part.size)) return false;
  if (left < part.size) return false;
  part.bytes = at;
  at += part.size;
  left -= part.size;
  return true;
}

/** How much memory the texts need, with a NUL for each part, which is enough. */
size_t sizeOfTexts(const uint8_t* at, uint64_t left) {
  size_t size = 0;
  for (Part part{}; cut(at, left, part);) size += part.isText() ? part.length() + 1 : 0;
  return size;
}

char* write(char* to, const Part& part) {
  if (part.head == kMoreBase64) {
    encodeBase64(part.bytes, part.size, to);
  } else {
    std::memcpy(to, part.bytes, part.size);
  }
  return to + part.length();
}

}  // namespace

bool Arguments::read(const uint8_t* packed, uint64_t size) {
  texts_.reset(new char[sizeOfTexts(packed, size)]);
  char* end = texts_.get();
  for (Part part{}; size > 0;) {
    if (!cut(packed, size, part) || !repeated_.empty()) return false;
    if (part.head == kRepeated) {
      repeated_ = {end, part.size};
      end = write(end, part);
      continue;
    }
    if (part.isMore()) {
      if (count_ == 0 || !arguments_[count_ - 1].isText) return false;
      end--;  // instead of the NUL
    } else {
      if (count_ == arguments_.size()) return false;
      arguments_[count_++] = {part.isText(), {end, 0}, 0};
    }
    auto& argument = arguments_[count_ - 1];
    if (part.isText()) {
      end = write(end, part);
      size_ += part.size;
      argument.text = {argument.text.data(), static_cast<size_t>(end - argument.text.data())};
      *end++ = '\0';
    } else {
      argument.number = load<int64_t>(part.bytes);
    }
  }
  return true;
}

}  // namespace waku_bridge
