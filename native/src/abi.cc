// The one table of what is called and how. A new generation of the library is a new entry of kGenerations and
// a new column of kFunctions, and touches no other file.
#include "abi.h"

#include <algorithm>
#include <climits>
#include <cstring>
#include <type_traits>
#include <utility>

namespace waku_bridge {

namespace {

static_assert(sizeof(void*) == 8, "numbers travel through the library as 64-bit user data");

// --- Callbacks, as the generations declare them
// -------------------------------------------------------------------

extern "C" {

/** A and B: every answer and event. */
using Reply = void (*)(int, const char*, size_t, void*);
void onReply(int code, const char* text, size_t length, void* ticket) {
  deliverReply(ticket, code, text, length);
}
void onEvent(int code, const char* text, size_t length, void* ctx) { deliverEvent(ctx, code, text, length); }

/** C, functions without a text among their arguments. Code 3 only says that the answer takes its time. */
using ScalarReply = void (*)(int, char*, size_t, void*);
void onScalarReply(int code, char* text, size_t length, void* ticket) {
  constexpr int kStillRunning = 3;
  if (code != kStillRunning) deliverReply(ticket, code, text, length);
}

/** C, the other functions, and creation: both texts are NUL-terminated, the unused one is empty. */
using TypedReply = void (*)(int, const char*, const char*, void*);
void onTypedReply(int code, const char* reply, const char* error, void* ticket) {
  const char* text = code == 0 ? reply : error;
  deliverReply(ticket, code, text, text == nullptr ? 0 : std::strlen(text));
}

/** C: these two carry CBOR; they reach JavaScript as the text that the other generations use. */
void onNotResponding(int, const char*, size_t, void* context) {
  constexpr char kText[] = R"({"eventType":"not_responding"})";
  deliverEvent(context, 0, kText, sizeof(kText) - 1);
}
void onResponding(int, const char*, size_t, void* context) {
  constexpr char kText[] = R"({"eventType":"responding"})";
  deliverEvent(context, 0, kText, sizeof(kText) - 1);
}

}  // extern "C"

// --- Arguments
// ----------------------------------------------------------------------------------------------------

struct Text {
  using Type = const char*;
  static constexpr char kKind = 's';
};
template <typename T, char letter>
struct Number {
  using Type = T;
  static constexpr char kKind = letter;
};
using Uint16 = Number<uint16_t, 'h'>;
using Int32 = Number<int32_t, 'i'>;
using Uint32 = Number<uint32_t, 'u'>;
using Uint64 = Number<uint64_t, 'l'>;

template <typename Kind>
typename Kind::Type value(const Argument& argument) {
  if constexpr (Kind::kKind == 's') {
    return argument.text.data();
  } else {
    return static_cast<typename Kind::Type>(argument.number);
  }
}

template <typename... Kinds>
constexpr char kKinds[] = {Kinds::kKind..., '\0'};

template <typename T>
T callable(void* address) {
  return reinterpret_cast<T>(address);
}

// --- A: arguments, callback, user data; B: callback, user data, arguments
// -----------------------------------------

template <typename... Kinds, size_t... I>
int invokeA(void* address, void* context, const Argument* a, void* ticket, std::index_sequence<I...>) {
  using F = int (*)(void*, typename Kinds::Type..., Reply, void*);
  (void)a;
  return callable<F>(address)(context, value<Kinds>(a[I])..., onReply, ticket);
}

template <typename... Kinds, size_t... I>
int invokeB(void* address, void* context, const Argument* a, void* ticket, std::index_sequence<I...>) {
  using F = int (*)(void*, Reply, void*, typename Kinds::Type...);
  (void)a;
  return callable<F>(address)(context, onReply, ticket, value<Kinds>(a[I])...);
}

// --- C: as B without texts; with any, a pointer to a request struct in natural alignment
// ---------------------------

template <typename... Kinds, size_t... I>
int invokeScalar(void* address, void* context, const Argument* a, void* ticket, std::index_sequence<I...>) {
  using F = int (*)(void*, ScalarReply, void*, typename Kinds::Type...);
  (void)a;
  return callable<F>(address)(context, onScalarReply, ticket, value<Kinds>(a[I])...);
}

constexpr size_t aligned(size_t offset, size_t size) { return (offset + size - 1) / size * size; }

/** Where each field of a request struct lies; the entry after the last is the end. */
template <typename... Kinds>
struct Layout {
  static constexpr size_t offset(size_t index) {
    constexpr size_t kSizes[] = {sizeof(typename Kinds::Type)...};
    size_t at = 0;
    for (size_t i = 0; i < index; i++) at = aligned(at, kSizes[i]) + kSizes[i];
    return index < sizeof...(Kinds) ? aligned(at, kSizes[index]) : at;
  }
};
static_assert(Layout<Uint16, Uint16, Text>::offset(1) == 2 && Layout<Uint16, Uint16, Text>::offset(2) == 8);
static_assert(Layout<Text, Uint32, Text, Text>::offset(1) == 8 &&
              Layout<Text, Uint32, Text, Text>::offset(3) == 24);

template <typename... Kinds, size_t... I>
int invokeTyped(void* address, void* context, const Argument* a, void* ticket, std::index_sequence<I...>) {
  using F = int (*)(void*, TypedReply, void*, const void*);
  alignas(8) unsigned char request[aligned(Layout<Kinds...>::offset(sizeof...(Kinds)), 8)] = {};
  const auto put = [&](size_t offset, auto field) { std::memcpy(request + offset, &field, sizeof(field)); };
  (put(Layout<Kinds...>::offset(I), value<Kinds>(a[I])), ...);
  return callable<F>(address)(context, onTypedReply, ticket, request);
}

// --- Columns of the table
// -----------------------------------------------------------------------------------------

template <typename... Kinds>
constexpr Form a(const char* symbol) {
  return {symbol, kKinds<Kinds...>, [](void* f, void* context, const Argument* args, void* ticket) {
            return invokeA<Kinds...>(f, context, args, ticket, std::index_sequence_for<Kinds...>());
          }};
}

template <typename... Kinds>
constexpr Form b(const char* symbol) {
  return {symbol, kKinds<Kinds...>, [](void* f, void* context, const Argument* args, void* ticket) {
            return invokeB<Kinds...>(f, context, args, ticket, std::index_sequence_for<Kinds...>());
          }};
}

template <typename... Kinds>
constexpr Form c(const char* symbol) {
  return {symbol, kKinds<Kinds...>, [](void* f, void* context, const Argument* args, void* ticket) {
            constexpr auto kAll = std::index_sequence_for<Kinds...>();
            if constexpr (((Kinds::kKind == 's') || ...)) {
              return invokeTyped<Kinds...>(f, context, args, ticket, kAll);
            } else {
              return invokeScalar<Kinds...>(f, context, args, ticket, kAll);
            }
          }};
}

struct Row {
  const char* name;
  Role role;
  Form forms[3];  // A, B, C
};

template <typename... Kinds>
constexpr Row all(const char* name) {
  return {name, Role::kPlain, {a<Kinds...>(name), b<Kinds...>(name), c<Kinds...>(name)}};
}

template <typename... Kinds>
constexpr Row query(const char* name) {
  return {name, Role::kQuery, {a<Kinds...>(name), b<Kinds...>(name), c<Kinds...>(name)}};
}

template <typename... Kinds>
constexpr Row publish(const char* name) {
  return {name, Role::kPublish, {a<Kinds...>(name), b<Kinds...>(name), c<Kinds...>(name)}};
}

template <typename... Kinds>
constexpr Row onlyC(const char* name, Role role = Role::kPlain) {
  return {name, role, {{}, {}, c<Kinds...>(name)}};
}

const Row kFunctions[] = {
    {"waku_start", Role::kStart, {a<>("waku_start"), b<>("waku_start"), c<>("logosdelivery_start_node")}},
    {"waku_stop", Role::kStop, {a<>("waku_stop"), b<>("waku_stop"), c<>("logosdelivery_stop_node")}},
    query<>("waku_version"),
    query<>("waku_listen_addresses"),
    query<>("waku_get_my_enr"),
    query<>("waku_get_my_peerid"),
    query<>("waku_get_metrics"),
    query<>("waku_is_online"),
    query<Text, Uint32, Text, Text>("waku_content_topic"),  // application, version, name, encoding
    query<Text>("waku_pubsub_topic"),
    query<>("waku_default_pubsub_topic"),
    publish<Text, Text, Uint32>("waku_relay_publish"),  // pubsub topic, message, timeout
    all<Text>("waku_relay_subscribe"),
    all<Text>("waku_relay_unsubscribe"),
    {"waku_relay_add_protected_shard",  // cluster, shard, public key
     Role::kPlain,
     {a<Int32, Int32, Text>("waku_relay_add_protected_shard"),
      b<Int32, Int32, Text>("waku_relay_add_protected_shard"),
      c<Uint16, Uint16, Text>("waku_relay_add_protected_shard")}},
    query<Text>("waku_relay_get_num_connected_peers"),
    query<Text>("waku_relay_get_connected_peers"),
    query<Text>("waku_relay_get_num_peers_in_mesh"),
    query<Text>("waku_relay_get_peers_in_mesh"),
    publish<Text, Text>("waku_lightpush_publish"),  // pubsub topic, message
    all<Text, Text>("waku_filter_subscribe"),       // pubsub topic, content topics
    all<Text, Text>("waku_filter_unsubscribe"),     // pubsub topic, content topics
    all<>("waku_filter_unsubscribe_all"),
    all<Text, Text, Int32>("waku_store_query"),  // query, peer address, timeout
    all<Text, Uint32>("waku_connect"),           // address, timeout
    // The headers of A and B say int for these timeouts, the libraries read them as unsigned.
    all<Text, Text, Uint32>("waku_dial_peer"),        // address, protocol, timeout
    all<Text, Text, Uint32>("waku_dial_peer_by_id"),  // peer id, protocol, timeout
    all<Text>("waku_disconnect_peer_by_id"),
    all<>("waku_disconnect_all_peers"),
    query<>("waku_get_peerids_from_peerstore"),
    query<>("waku_get_connected_peers_info"),
    query<>("waku_get_connected_peers"),
    query<Text>("waku_get_peerids_by_protocol"),
    all<Text, Text, Int32>("waku_dns_discovery"),  // tree, name server, timeout
    all<Text>("waku_discv5_update_bootnodes"),
    all<>("waku_start_discv5"),
    all<>("waku_stop_discv5"),
    // The headers of A and B say int, the libraries read 64 bits.
    all<Uint64>("waku_peer_exchange_request"),
    query<Text, Uint32>("waku_ping_peer"),  // address, timeout
    onlyC<Text>("logosdelivery_subscribe"),
    onlyC<Text>("logosdelivery_unsubscribe"),
    onlyC<Text>("logosdelivery_send", Role::kPublish),
    onlyC<Text>("logosdelivery_get_node_info"),
    onlyC<>("logosdelivery_get_available_node_info_ids"),
    onlyC<>("logosdelivery_get_available_configs"),
    onlyC<Text, Text, Text>("logosdelivery_channel_create"),  // channel, content topic, sender
    onlyC<Text>("logosdelivery_channel_exists"),
    onlyC<Text>("logosdelivery_channel_close"),
    onlyC<Text, Text>("logosdelivery_channel_send", Role::kPublish),  // channel, message
};

// --- Life of a node
// -----------------------------------------------------------------------------------------------

void* create(void* address, const char* config, void* ticket) {
  return callable<void* (*)(const char*, Reply, void*)>(address)(config, onReply, ticket);
}

void* createC(void* address, const char* config, void* ticket) {
  const struct { const char* configJson; } request{config};
  return callable<void* (*)(const void*, TypedReply, void*)>(address)(&request, onTypedReply, ticket);
}

void listenA(void* address, void* context, void* listener) {
  callable<void (*)(void*, Reply, void*)>(address)(context, onEvent, listener);
}

void listenC(void* address, void* context, void* listener) {
  const auto add = callable<uint64_t (*)(void*, const char*, Reply, void*)>(address);
  for (const char* name :
       {"onMessageSent", "onMessagePropagated", "onMessageError", "onMessageReceived", "onReceivedMessage",
        "onConnectionStatusChange", "onTopicHealthChange", "onConnectionChange", "onChannelMessageReceived",
        "onChannelMessageSent", "onChannelMessageError"}) {
    add(context, name, onEvent, listener);
  }
  add(context, "not_responding", onNotResponding, listener);
  add(context, "responding", onResponding, listener);
}

int destroy(void* address, void* context, void* ticket) {
  return callable<int (*)(void*, Reply, void*)>(address)(context, onReply, ticket);
}

int destroyC(void* address, void* context, void* /* answers by its return value */) {
  return callable<int (*)(void*)>(address)(context);
}

constexpr Lifecycle kLifecycleA = {"waku_new", create, "waku_set_event_callback", listenA, "waku_destroy",
                                   destroy,    true};
constexpr Lifecycle kLifecycleB = {"waku_new", create, "set_event_callback", listenA, "waku_destroy",
                                   destroy,    false};
constexpr Lifecycle kLifecycleC = {"logosdelivery_create_node",
                                   createC,
                                   "logosdelivery_add_event_listener",
                                   listenC,
                                   "logosdelivery_destroy",
                                   destroyC,
                                   false};

// --- Generations
// --------------------------------------------------------------------------------------------------

struct Generation {
  const char* name;
  std::vector<const char*> has;    // symbols that it exports
  std::vector<const char*> lacks;  // symbols that it does not
  const Lifecycle* lifecycle;      // nullptr: refused
  const char* reason;
};

constexpr char kTooEarly[] =
    "a development state of liblogosdelivery whose calls cannot be told apart safely; take a release, or a "
    "build of "
    "2026-08-19 or later";

const std::vector<Generation>& generations() {
  static const auto* all = new std::vector<Generation>{
      {"A and B",
       {"waku_new", "waku_set_event_callback", "set_event_callback"},
       {},
       nullptr,
       "it exports the markers of two generations of libwaku"},
      {"A", {"waku_new", "waku_set_event_callback"}, {"logosdelivery_create_node"}, &kLifecycleA, nullptr},
      {"B", {"waku_new", "set_event_callback"}, {"logosdelivery_create_node"}, &kLifecycleB, nullptr},
      {"C0", {"logosdelivery_set_event_callback", "waku_connect"}, {}, nullptr, kTooEarly},
      {"B'",
       {"logosdelivery_set_event_callback"},
       {"waku_connect"},
       nullptr,
       "the liblogosdelivery of v0.38, which lacks relay and store; take the libwaku of the same release"},
      {"C",
       {"logosdelivery_add_event_listener", "logosdelivery_version"},
       {"waku_new"},
       &kLifecycleC,
       nullptr},
      {"C1", {"logosdelivery_add_event_listener"}, {"waku_new"}, nullptr, kTooEarly},
  };
  return *all;
}

int column(const Generation& generation) { return generation.name[0] - 'A'; }

bool inRange(char kind, int64_t number) {
  switch (kind) {
    case 'h':
      return number >= 0 && number <= UINT16_MAX;
    case 'i':
      return number >= INT32_MIN && number <= INT32_MAX;
    case 'u':
      return number >= 0 && number <= UINT32_MAX;
    default:
      return number >= 0;
  }
}

bool fits(const Argument& argument, char kind) {
  if (argument.isText != (kind == 's')) return false;
  return argument.isText ? argument.text.find('\0') == std::string_view::npos
                         : inRange(kind, argument.number);
}

}  // namespace

bool isOfKinds(const Arguments& arguments, std::string_view kinds) {
  return std::equal(arguments.begin(), arguments.end(), kinds.begin(), kinds.end(), fits);
}

bool Abi::resolve(const Lookup& lookup, std::string& reason) {
  const auto exported = [&](const char* symbol) { return lookup(symbol) != nullptr; };
  const auto fits = [&](const Generation& g) {
    return std::all_of(g.has.begin(), g.has.end(), exported) &&
           std::none_of(g.lacks.begin(), g.lacks.end(), exported);
  };
  const auto found = std::find_if(generations().begin(), generations().end(), fits);
  if (found == generations().end()) {
    reason = "not a libwaku that this version knows: none of the marker symbols is there";
    return false;
  }
  if (found->lifecycle == nullptr) {
    reason = found->reason;
    return false;
  }
  const auto& life = *found->lifecycle;
  for (const auto& [symbol, address] :
       {std::make_pair(life.createSymbol, &create_), std::make_pair(life.listenSymbol, &listen_),
        std::make_pair(life.destroySymbol, &destroy_)}) {
    *address = lookup(symbol);
    if (*address == nullptr) {
      reason = std::string("it lacks ") + symbol;
      return false;
    }
  }
  for (const auto& row : kFunctions) {
    const auto& form = row.forms[column(*found)];
    void* address = form.symbol == nullptr ? nullptr : lookup(form.symbol);
    if (address != nullptr) functions_.push_back({row.name, row.role, &form, address});
  }
  lifecycle_ = found->lifecycle;
  generation_ = found->name;
  return true;
}

const Function* Abi::find(std::string_view name) const {
  const auto found =
      std::find_if(functions_.begin(), functions_.end(), [&](const auto& f) { return f.name == name; });
  return found == functions_.end() ? nullptr : &*found;
}

void* Abi::create(const char* config, int64_t ticket) const {
  return lifecycle_->create(create_, config, reinterpret_cast<void*>(ticket));
}

void Abi::listen(void* context, int64_t listener) const {
  lifecycle_->listen(listen_, context, reinterpret_cast<void*>(listener));
}

int Abi::destroy(void* context, int64_t ticket) const {
  return lifecycle_->destroy(destroy_, context, reinterpret_cast<void*>(ticket));
}

}  // namespace waku_bridge
