#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

namespace waku_bridge {

/** A text, which a NUL follows, or a number. */
struct Argument {
  bool isText;
  std::string_view text;
  int64_t number;
};

/** The arguments of a call, in one piece of memory. */
class Arguments {
 public:
  /** Reads them in the form that bridge.h gives. Returns false if they end early, are too many, or more
   * follows no text. Once. Throws std::bad_alloc. */
  bool read(const uint8_t* packed, uint64_t size);

  const Argument* begin() const { return arguments_.data(); }
  const Argument* end() const { return begin() + count_; }

  /** The hash of the message that the call publishes, if its event is to be left out. */
  std::string_view repeated() const { return repeated_; }

  /** How many bytes the texts have, base64 counted as what it is made of. */
  size_t size() const { return size_; }

  /** Frees the texts. */
  void release() { texts_.reset(); }

 private:
  std::array<Argument, 5> arguments_{};  // as many as any function has
  size_t count_ = 0;
  std::string_view repeated_;
  size_t size_ = 0;
  std::unique_ptr<char[]> texts_;
};

}  // namespace waku_bridge
