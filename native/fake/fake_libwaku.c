/* The ABIs of libwaku over a pretended node: compiled once per GENERATION, 'A', 'B' or 'C' as 1, 2 or 3; 4
 * and more are libraries that the bridge must refuse. */
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fake_node.h"

#define EXPORT __attribute__((visibility("default")))
typedef const char* cs;

#if GENERATION >= 4
/* Only the markers: 4 none, 5 C1, 6 B', 7 C0, 8 those of A and of B, 9 C without create. */
EXPORT int an_exported_function(void) { return 0; }
#if GENERATION == 5 || GENERATION == 9
EXPORT void logosdelivery_add_event_listener(void) {}
#endif
#if GENERATION == 6 || GENERATION == 7
EXPORT void logosdelivery_set_event_callback(void) {}
#endif
#if GENERATION == 7
EXPORT void waku_connect(void) {}
#endif
#if GENERATION == 8
EXPORT void waku_new(void) {}
EXPORT void waku_set_event_callback(void) {}
EXPORT void set_event_callback(void) {}
#endif
#if GENERATION == 9
EXPORT cs logosdelivery_version(void) { return "fake"; }
#endif
#else

typedef void (*raw_callback)(int, const char*, size_t, void*);
typedef void (*typed_callback)(int, const char*, const char*, void*);

static void call_raw(const answer_t* self, int code, const char* text, size_t length) {
  ((raw_callback)self->callback)(code, text, length, self->user_data);
}

static answer_t raw(raw_callback callback, void* user_data) {
  return (answer_t){call_raw, (void*)callback, user_data};
}

#define ARGS(...) ((arguments_t){sizeof((int64_t[]){__VA_ARGS__}) / sizeof(int64_t), {0}, {__VA_ARGS__}})
#define NO_ARGS ((arguments_t){0, {0}, {0}})

static arguments_t texts(arguments_t args, cs a, cs b, cs c, cs d) {
  args.texts[0] = a;
  args.texts[1] = b;
  args.texts[2] = c;
  args.texts[3] = d;
  return args;
}

#define ARGS_S texts(ARGS(0), a, NULL, NULL, NULL)
#define ARGS_SS texts(ARGS(0, 0), a, b, NULL, NULL)
#define ARGS_SSS texts(ARGS(0, 0, 0), a, b, c, NULL)
#define ARGS_SN texts(ARGS(0, n), a, NULL, NULL, NULL)
#define ARGS_SSN texts(ARGS(0, 0, n), a, b, NULL, NULL)
#define ARGS_NNS texts(ARGS(m, n, 0), NULL, NULL, a, NULL)
#define ARGS_SNSS texts(ARGS(0, n, 0, 0), a, NULL, b, c)

#if GENERATION == 1
const char fake_version[] = "v0.37.4-fake";
const char fake_error_prefix[] = "libwaku error: handleRes fireSyncRes error: ";
const int fake_minds_creator = 1;
#define DEFINE(name, args, ...)                                          \
  EXPORT int name(void* ctx, ##__VA_ARGS__, raw_callback cb, void* ud) { \
    return fake_request(ctx, #name, raw(cb, ud), args);                  \
  }
#elif GENERATION == 2
const char fake_version[] = "v0.38.1-fake";
const char fake_error_prefix[] = "ffi error: handleRes fireSyncRes error: ";
const int fake_minds_creator = 0;
#define DEFINE(name, args, ...)                                          \
  EXPORT int name(void* ctx, raw_callback cb, void* ud, ##__VA_ARGS__) { \
    return fake_request(ctx, #name, raw(cb, ud), args);                  \
  }
#endif

#if GENERATION < 3
const char fake_joined[] = "Joined", fake_left[] = "Left";
const int fake_wraps_options = 0, fake_answers_pending = 0;
#define NONE(name) DEFINE(name, NO_ARGS)
#define NUM64(name) DEFINE(name, ARGS((int64_t)n), uint64_t n)
#define S(name) DEFINE(name, ARGS_S, cs a)
#define SS(name) DEFINE(name, ARGS_SS, cs a, cs b)
#define SU(name) DEFINE(name, ARGS_SN, cs a, unsigned n)
#define SSU(name) DEFINE(name, ARGS_SSN, cs a, cs b, unsigned n)
#define SSI(name) DEFINE(name, ARGS_SSN, cs a, cs b, int n)
#define SHARD(name) DEFINE(name, ARGS_NNS, int m, int n, char* a)
#define SUSS(name) DEFINE(name, ARGS_SNSS, cs a, unsigned n, cs b, cs c)

EXPORT void* waku_new(cs config, raw_callback cb, void* ud) { return fake_create(config, raw(cb, ud)); }

EXPORT int waku_destroy(void* ctx, raw_callback cb, void* ud) {
  const answer_t answer = raw(cb, ud);
  return fake_destroy(ctx, &answer);
}

#if GENERATION == 1
EXPORT void waku_set_event_callback(void* ctx, raw_callback cb, void* ud) {
#else
EXPORT void set_event_callback(void* ctx, raw_callback cb, void* ud) {
#endif
  fake_listen(ctx, raw(cb, ud));
  fake_listen_unresponsive(ctx, raw(cb, ud));
}

NONE(waku_start)
NONE(waku_stop)

#else /* C */

const char fake_version[] = "v0.39.0-fake";
const char fake_error_prefix[] = "";
const char fake_joined[] = "EventConnected", fake_left[] = "EventDisconnected";
const int fake_wraps_options = 1, fake_answers_pending = 1, fake_minds_creator = 0;

/* Terminated copies, and the empty text in place of the one that is not meant. */
static void call_typed(const answer_t* self, int code, const char* text, size_t length) {
  if (code == 3) return;
  char* copy = malloc(length + 1);
  if (length > 0) memcpy(copy, text, length);
  copy[length] = '\0';
  ((typed_callback)self->callback)(code, code == 0 ? copy : "", code == 0 ? "" : copy, self->user_data);
  free(copy);
}

static answer_t typed(typed_callback callback, void* user_data) {
  return (answer_t){call_typed, (void*)callback, user_data};
}

#define NAMED(name, as)                                   \
  EXPORT int name(void* ctx, raw_callback cb, void* ud) { \
    return fake_request(ctx, as, raw(cb, ud), NO_ARGS);   \
  }
#define NONE(name) NAMED(name, #name)
#define NUM64(name)                                                   \
  EXPORT int name(void* ctx, raw_callback cb, void* ud, uint64_t n) { \
    return fake_request(ctx, #name, raw(cb, ud), ARGS((int64_t)n));   \
  }
#define TYPED(name, args, fields, unpack)                                            \
  typedef struct name##_request {                                                    \
    fields                                                                           \
  } name##_request;                                                                  \
  EXPORT int name(void* ctx, typed_callback cb, void* ud, const name##_request* r) { \
    unpack return fake_request(ctx, #name, typed(cb, ud), args);                     \
  }
#define S(name) TYPED(name, ARGS_S, cs a;, cs a = r->a;)
#define SS(name) TYPED(name, ARGS_SS, cs a; cs b;, cs a = r->a; cs b = r->b;)
#define SSS(name) TYPED(name, ARGS_SSS, cs a; cs b; cs c;, cs a = r->a; cs b = r->b; cs c = r->c;)
#define SU(name) TYPED(name, ARGS_SN, cs a; uint32_t n;, cs a = r->a; uint32_t n = r->n;)
#define SSU(name) TYPED(name, ARGS_SSN, cs a; cs b; uint32_t n;, cs a = r->a; cs b = r->b; uint32_t n = r->n;)
#define SSI(name) TYPED(name, ARGS_SSN, cs a; cs b; int32_t n;, cs a = r->a; cs b = r->b; int32_t n = r->n;)
#define SHARD(name) \
  TYPED(name, ARGS_NNS, uint16_t m; uint16_t n; cs a;, uint16_t m = r->m; uint16_t n = r->n; cs a = r->a;)
#define SUSS(name)                                                                                   \
  TYPED(name, ARGS_SNSS, cs a; uint32_t n; cs b; cs c;, cs a = r->a; uint32_t n = r->n; cs b = r->b; \
        cs c = r->c;)

typedef struct create_request {
  cs config;
} create_request;

EXPORT void* logosdelivery_create_node(const create_request* r, typed_callback cb, void* ud) {
  return fake_create(r->config, typed(cb, ud));
}

EXPORT int logosdelivery_destroy(void* ctx) { return fake_destroy(ctx, NULL); }

EXPORT cs logosdelivery_version(void) { return fake_version; }

/* CBOR, as the library sends: the bridge must not hand it on as text. */
static void call_cbor(const answer_t* self, int code, const char* text, size_t length) {
  (void)text;
  (void)length;
  ((raw_callback)self->callback)(code, "\xa1\x61x\xf4", 4, self->user_data);
}

EXPORT uint64_t logosdelivery_add_event_listener(void* ctx, cs name, raw_callback cb, void* ud) {
  static uint64_t id = 0;
  if (strcmp(name, "onReceivedMessage") == 0) fake_listen(ctx, raw(cb, ud));
  if (strcmp(name, "not_responding") == 0)
    fake_listen_unresponsive(ctx, (answer_t){call_cbor, (void*)cb, ud});
  return __atomic_add_fetch(&id, 1, __ATOMIC_RELAXED);
}

EXPORT int logosdelivery_remove_event_listener(void* ctx, uint64_t id) {
  (void)ctx;
  return id == 0;
}

NAMED(logosdelivery_start_node, "waku_start")
NAMED(logosdelivery_stop_node, "waku_stop")
NONE(logosdelivery_get_available_node_info_ids)
NONE(logosdelivery_get_available_configs)
S(logosdelivery_subscribe)
S(logosdelivery_unsubscribe)
S(logosdelivery_send)
S(logosdelivery_get_node_info)
SSS(logosdelivery_channel_create)
S(logosdelivery_channel_exists)
S(logosdelivery_channel_close)
SS(logosdelivery_channel_send)
#endif

NONE(waku_version)
NONE(waku_listen_addresses)
NONE(waku_get_my_enr)
NONE(waku_get_my_peerid)
NONE(waku_get_metrics)
NONE(waku_is_online)
SUSS(waku_content_topic)
S(waku_pubsub_topic)
NONE(waku_default_pubsub_topic)
SSU(waku_relay_publish)
S(waku_relay_subscribe)
S(waku_relay_unsubscribe)
SHARD(waku_relay_add_protected_shard)
S(waku_relay_get_num_connected_peers)
S(waku_relay_get_connected_peers)
S(waku_relay_get_num_peers_in_mesh)
S(waku_relay_get_peers_in_mesh)
SS(waku_lightpush_publish)
SS(waku_filter_subscribe)
SS(waku_filter_unsubscribe)
NONE(waku_filter_unsubscribe_all)
SSI(waku_store_query)
SU(waku_connect)
SSU(waku_dial_peer)
SSU(waku_dial_peer_by_id)
S(waku_disconnect_peer_by_id)
NONE(waku_disconnect_all_peers)
NONE(waku_get_peerids_from_peerstore)
NONE(waku_get_connected_peers_info)
NONE(waku_get_connected_peers)
S(waku_get_peerids_by_protocol)
SSI(waku_dns_discovery)
S(waku_discv5_update_bootnodes)
NONE(waku_start_discv5)
NONE(waku_stop_discv5)
NUM64(waku_peer_exchange_request)
SU(waku_ping_peer)
#endif
