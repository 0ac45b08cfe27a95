#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "arguments.h"

namespace waku_bridge {

/** Tells whether number, kinds and ranges of the arguments are right, and texts hold no NUL. @param kinds one
 * letter an argument: s text, h uint16, i int32, u uint32, l uint64. */
bool isOfKinds(const Arguments& arguments, std::string_view kinds);

/** What a call means: for the life of a node, that it publishes a message, or that it only asks and changes
 * nothing. */
enum class Role { kPlain, kStart, kStop, kPublish, kQuery };

/** How one function is called in one generation. Immutable. */
struct Form {
  const char* symbol = nullptr;  // nullptr: this generation lacks it
  const char* kinds = "";        // of its arguments, as isOfKinds() has them
  int (*invoke)(void* address, void* context, const Argument* arguments, void* ticket) = nullptr;
};

/** How a node is made and ended in one generation. Immutable. */
struct Lifecycle {
  const char* createSymbol;
  void* (*create)(void* address, const char* config, void* ticket);
  const char* listenSymbol;
  void (*listen)(void* address, void* context, void* listener);  // once, on a created context, before start
  const char* destroySymbol;
  int (*destroy)(void* address, void* context, void* ticket);
  /** What creating allocates stays in the heap of the thread that did it, unknown to that thread's collector,
   * which frees it in some later call: the thread may make none while the node lives. */
  bool createsApart;
};

/** A function of the open library. Immutable once resolved. */
struct Function {
  std::string_view name;
  Role role;
  const Form* form;
  void* address;
};

/** The open library's generation and its addresses. Immutable once resolved. */
class Abi {
 public:
  using Lookup = std::function<void*(const char* symbol)>;

  /** Identifies the generation by its markers and finds the functions. Returns false, with the reason, if it
   * is not exactly one of those in the table. */
  bool resolve(const Lookup& lookup, std::string& reason);

  const char* generation() const { return generation_; }
  bool createsApart() const { return lifecycle_->createsApart; }
  const std::vector<Function>& functions() const { return functions_; }
  const Function* find(std::string_view name) const;

  /** An address inside the library. */
  void* anyAddress() const { return create_; }

  void* create(const char* config, int64_t ticket) const;
  void listen(void* context, int64_t listener) const;
  int destroy(void* context, int64_t ticket) const;

 private:
  const char* generation_ = nullptr;
  const Lifecycle* lifecycle_ = nullptr;
  void* create_ = nullptr;
  void* listen_ = nullptr;
  void* destroy_ = nullptr;
  std::vector<Function> functions_;
};

// Where the library's callbacks end up; any thread, node_context.cc.

/** Takes an answer to the request numbered `ticket`; `text` is valid only during the call. */
void deliverReply(void* ticket, int code, const char* text, size_t length) noexcept;

/** Takes an event for the context numbered `listener`; `text` is valid only during the call. */
void deliverEvent(void* listener, int code, const char* text, size_t length) noexcept;

}  // namespace waku_bridge
