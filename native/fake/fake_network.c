#include "fake_network.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { MAX_MEMBERS = 64, MAX_TOPICS = 64, MAX_STORED = 20000, MAX_MESSAGE = 150 * 1024 * 4 / 3 };

typedef struct stored {
  char hash[67];
  char* topic;
  char* json; /* the message in the form of a store reply */
  char* content_topic;
  int64_t timestamp;
} stored;

struct member {
  fake_node* node;
  emit_t emit;
  int started, port, cluster, keeps;
  char id[64];
  char* topics[MAX_TOPICS];
  member* peers[MAX_MEMBERS];
  stored* messages;
  size_t first, count;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static member* members[MAX_MEMBERS];

static void emit(member* to, const char* format, ...) __attribute__((format(printf, 2, 3)));
static void emit(member* to, const char* format, ...) {
  char text[512];
  va_list list;
  va_start(list, format);
  const int length = vsnprintf(text, sizeof(text), format, list);
  va_end(list);
  to->emit(to->node, text, (size_t)length);
}

static char** topic_slot(member* self, const char* topic) {
  for (int i = 0; i < MAX_TOPICS; i++)
    if (self->topics[i] != NULL && strcmp(self->topics[i], topic) == 0) return &self->topics[i];
  return NULL;
}

static void subscribe(member* self, const char* topic) {
  if (topic_slot(self, topic) != NULL) return;
  for (int i = 0; i < MAX_TOPICS; i++) {
    if (self->topics[i] != NULL) continue;
    self->topics[i] = strdup(topic);
    return;
  }
}

static member** peer_slot(member* self, const member* peer) {
  for (int i = 0; i < MAX_MEMBERS; i++)
    if (self->peers[i] == peer) return &self->peers[i];
  return NULL;
}

static void link_peers(member* a, member* b) {
  if (peer_slot(a, b) != NULL) return;
  *peer_slot(a, NULL) = b;
  *peer_slot(b, NULL) = a;
  emit(a, "{\"peerId\":\"%s\",\"peerEvent\":\"%s\",\"eventType\":\"connection_change\"}", b->id, fake_joined);
  emit(b, "{\"peerId\":\"%s\",\"peerEvent\":\"%s\",\"eventType\":\"connection_change\"}", a->id, fake_joined);
}

static void unlink_peers(member* a, member* b) {
  if (peer_slot(a, b) == NULL) return;
  *peer_slot(a, b) = NULL;
  *peer_slot(b, a) = NULL;
  emit(a, "{\"peerId\":\"%s\",\"peerEvent\":\"%s\",\"eventType\":\"connection_change\"}", b->id, fake_left);
  emit(b, "{\"peerId\":\"%s\",\"peerEvent\":\"%s\",\"eventType\":\"connection_change\"}", a->id, fake_left);
}

static void unlink_all(member* self) {
  for (int i = 0; i < MAX_MEMBERS; i++)
    if (self->peers[i] != NULL) unlink_peers(self, self->peers[i]);
}

/* By its peer id, which an address ends in too. */
static member* find_started(const char* text) {
  for (int i = 0; i < MAX_MEMBERS; i++)
    if (members[i] != NULL && members[i]->started && strstr(text, members[i]->id) != NULL) return members[i];
  return NULL;
}

/* A peer id that only this node key gives, in the right alphabet and length. */
static void make_id(const char* key, char out[64]) {
  static const char alphabet[] = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
  char hash[67];
  message_hash(key, "", (const uint8_t*)"", 0, (const uint8_t*)"", 0, 0, hash);
  strcpy(out, "16Uiu2HAm");
  for (int i = 0; i < 44; i++)
    out[9 + i] = alphabet[((unsigned)hash[2 + i] * 31u + (unsigned)hash[2 + i + 20] * 7u) % 58];
  out[53] = '\0';
}

member* network_join(fake_node* node, const char* config, emit_t send) {
  static unsigned serial = 0;
  member* self = calloc(1, sizeof(*self));
  self->node = node;
  self->emit = send;
  self->port = (int)json_number(config, "tcpPort", 60000);
  self->cluster = (int)json_number(config, "clusterId", 0);
  self->keeps = json_number(config, "store", 0) != 0;
  if (self->keeps) self->messages = calloc(MAX_STORED, sizeof(stored));
  char* key = json_value(config, "nodekey");
  char* shards = json_value(config, "shards");
  pthread_mutex_lock(&lock);
  char serial_key[32];
  snprintf(serial_key, sizeof(serial_key), "node %u", ++serial);
  make_id(key == NULL ? serial_key : key, self->id);
  for (char* at = shards; at != NULL && *at != '\0';) {
    char* end;
    const long shard = strtol(at, &end, 10);
    if (end == at) {
      at++;
      continue;
    }
    char topic[64];
    snprintf(topic, sizeof(topic), "/waku/2/rs/%d/%ld", self->cluster, shard);
    subscribe(self, topic);
    at = end;
  }
  int i = 0;
  while (i < MAX_MEMBERS && members[i] != NULL) i++;
  if (i < MAX_MEMBERS) members[i] = self;
  pthread_mutex_unlock(&lock);
  free(key);
  free(shards);
  return self;
}

void network_leave(member* self) {
  pthread_mutex_lock(&lock);
  unlink_all(self);
  for (int i = 0; i < MAX_MEMBERS; i++)
    if (members[i] == self) members[i] = NULL;
  pthread_mutex_unlock(&lock);
  for (int i = 0; i < MAX_TOPICS; i++) free(self->topics[i]);
  for (size_t i = 0; i < self->count; i++) {
    stored* old = &self->messages[(self->first + i) % MAX_STORED];
    free(old->topic);
    free(old->json);
    free(old->content_topic);
  }
  free(self->messages);
  free(self);
}

int network_size(void) {
  int size = 0;
  pthread_mutex_lock(&lock);
  for (int i = 0; i < MAX_MEMBERS; i++) size += members[i] != NULL;
  pthread_mutex_unlock(&lock);
  return size;
}

static void add_bytes(text_t* text, const uint8_t* bytes, int64_t length) {
  text_add(text, "[", 1);
  for (int64_t i = 0; i < length; i++) text_format(text, i == 0 ? "%d" : ",%d", bytes[i]);
  text_add(text, "]", 1);
}

static void keep(member* self, const char* topic, const char* hash, const char* content_topic,
                 const char* json, const uint8_t* payload, int64_t payload_length, const uint8_t* meta,
                 int64_t meta_length, int64_t timestamp) {
  stored* slot = &self->messages[(self->first + self->count) % MAX_STORED];
  if (self->count == MAX_STORED) {
    free(slot->topic);
    free(slot->json);
    free(slot->content_topic);
    self->first = (self->first + 1) % MAX_STORED;
  } else {
    self->count++;
  }
  text_t text = {0};
  text_format(&text, "{\"payload\":");
  add_bytes(&text, payload, payload_length);
  text_format(&text, ",\"contentTopic\":\"%s\",\"meta\":", content_topic);
  add_bytes(&text, meta, meta_length);
  text_format(&text, ",\"version\":%d,\"timestamp\":%lld,\"ephemeral\":false,\"proof\":[]}",
              (int)json_number(json, "version", 0), (long long)timestamp);
  strcpy(slot->hash, hash);
  slot->topic = strdup(topic);
  slot->content_topic = strdup(content_topic);
  slot->json = text.data;
  slot->timestamp = timestamp;
}

/* As the library: own messages come back even when nobody takes them, too large ones vanish, and without a
 * timestamp the hash returned is not the one that travels. */
static int publish(member* self, const char* topic, const char* json, text_t* reply) {
  char* payload64 = json_value(json, "payload");
  char* content_topic = json_value(json, "contentTopic");
  char* meta64 = json_value(json, "meta");
  uint8_t *payload = NULL, *meta = NULL;
  int code = 1;
  const int64_t payload_length = payload64 == NULL ? 0 : base64_decode(payload64, &payload);
  const int64_t meta_length = base64_decode(meta64 == NULL ? "" : meta64, &meta);
  if (payload64 == NULL || content_topic == NULL) {
    text_format(reply, "Error parsing json message: Missing required field in WakuMessage: %s",
                payload64 == NULL ? "payload" : "contentTopic");
  } else if (payload_length < 0 || meta_length < 0) {
    text_format(reply, "Problem building the WakuMessage: invalid payload format: Incorrect base64 string");
  } else {
    const int64_t given = json_number(json, "timestamp", 0);
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    const int64_t timestamp = given != 0 ? given : (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
    const int ephemeral = json_number(json, "ephemeral", 0) != 0;
    char hash[67], returned[67];
    message_hash(topic, content_topic, payload, (size_t)payload_length, meta, (size_t)meta_length, timestamp,
                 hash);
    message_hash(topic, content_topic, payload, (size_t)payload_length, meta, (size_t)meta_length, given,
                 returned);
    text_t event = {0};
    text_format(
        &event,
        "{\"pubsubTopic\":\"%s\",\"messageHash\":\"%s\",\"wakuMessage\":{\"payload\":\"%s\",\"contentTopic\":"
        "\"%s\",\"version\":%d,"
        "\"timestamp\":%lld,\"ephemeral\":%s,\"meta\":\"%s\",\"proof\":\"\"},\"eventType\":\"message\"}",
        topic, hash, payload64, content_topic, (int)json_number(json, "version", 0), (long long)timestamp,
        ephemeral ? "true" : "false", meta64 == NULL ? "" : meta64);
    const int fits = strlen(payload64) <= MAX_MESSAGE && meta_length <= 64;
    int peers = 0;
    if (topic_slot(self, topic) != NULL) self->emit(self->node, event.data, event.length);
    if (self->keeps && !ephemeral)
      keep(self, topic, hash, content_topic, json, payload, payload_length, meta, meta_length, timestamp);
    for (int i = 0; i < MAX_MEMBERS; i++) {
      member* peer = self->peers[i];
      if (peer == NULL || !peer->started || topic_slot(peer, topic) == NULL) continue;
      peers++;
      if (!fits) continue;
      peer->emit(peer->node, event.data, event.length);
      if (peer->keeps && !ephemeral)
        keep(peer, topic, hash, content_topic, json, payload, payload_length, meta, meta_length, timestamp);
    }
    free(event.data);
    code = peers == 0;
    text_format(reply, "%s", peers == 0 ? "NoPeersToPublish" : returned);
  }
  free(payload64);
  free(content_topic);
  free(meta64);
  free(payload);
  free(meta);
  return code;
}

static int matches(const stored* message, const char* query, const char* topic, int64_t from, int64_t to) {
  if (topic != NULL && strcmp(topic, message->topic) != 0) return 0;
  if (from != 0 && message->timestamp < from) return 0;
  if (to != 0 && message->timestamp > to) return 0;
  return json_list_allows(query, "contentTopics", message->content_topic) &&
         json_list_allows(query, "messageHashes", message->hash);
}

static void add_option(text_t* text, const char* value) {
  const char* none = fake_wraps_options ? "{\"oResultPrivate\":false}" : "null";
  if (value == NULL)
    text_add(text, none, strlen(none));
  else if (fake_wraps_options)
    text_format(text, "{\"oResultPrivate\":true,\"vResultPrivate\":%s}", value);
  else
    text_format(text, "%s", value);
}

static void add_stored(text_t* text, const stored* message, int data, int first) {
  char topic[256];
  snprintf(topic, sizeof(topic), "\"%s\"", message->topic);
  text_format(text, "%s{\"messageHash\":\"%s\",\"message\":", first ? "" : ",", message->hash);
  add_option(text, data ? message->json : NULL);
  text_add(text, ",\"pubsubTopic\":", 15);
  add_option(text, data ? topic : NULL);
  text_add(text, "}", 1);
}

static int query_store(const char* query, const char* address, text_t* reply) {
  member* peer = find_started(address);
  if (peer == NULL || !peer->keeps) {
    text_format(reply, "StoreRequest failed store query: PEER_DIAL_FAILURE: %s", address);
    return 1;
  }
  char* topic = json_value(query, "pubsubTopic");
  char* cursor = json_value(query, "paginationCursor");
  char* id = json_value(query, "requestId");
  const int64_t from = json_number(query, "timeStart", 0), to = json_number(query, "timeEnd", 0);
  const int forward = json_number(query, "paginationForward", 1) != 0,
            data = json_number(query, "includeData", 0) != 0;
  int64_t limit = json_number(query, "paginationLimit", 20);
  if (limit <= 0 || limit > 100) limit = 100;
  /* A page: the first `limit` after the cursor, or the last before it; oldest first either way. */
  size_t picked[101];
  int64_t found = 0;
  int after = cursor == NULL;
  for (size_t i = 0; i < peer->count && found <= limit; i++) {
    const size_t at = (peer->first + (forward ? i : peer->count - 1 - i)) % MAX_STORED;
    if (after && matches(&peer->messages[at], query, topic, from, to)) picked[found++] = at;
    if (cursor != NULL && strcmp(cursor, peer->messages[at].hash) == 0) after = 1;
  }
  const int64_t shown = found > limit ? limit : found;
  text_format(reply, "{\"requestId\":\"%s\",\"statusCode\":200,\"statusDesc\":\"OK\",\"messages\":[",
              id == NULL ? "" : id);
  for (int64_t i = 0; i < shown; i++)
    add_stored(reply, &peer->messages[picked[forward ? i : shown - 1 - i]], data, i == 0);
  text_format(reply, "],\"paginationCursor\":");
  char next[80];
  if (found > limit) snprintf(next, sizeof(next), "\"%s\"", peer->messages[picked[shown - 1]].hash);
  add_option(reply, found > limit ? next : NULL);
  text_add(reply, "}", 1);
  free(topic);
  free(cursor);
  free(id);
  return 0;
}

/* The peers that are on a topic, or all if there is none. */
static int list_peers(member* self, const char* topic, text_t* text) {
  int count = 0;
  for (int i = 0; i < MAX_MEMBERS; i++) {
    member* peer = self->peers[i];
    if (peer == NULL || (topic != NULL && topic[0] != '\0' && topic_slot(peer, topic) == NULL)) continue;
    if (text != NULL) text_format(text, "%s%s", count == 0 ? "" : ",", peer->id);
    count++;
  }
  return count;
}

static void describe_peers(member* self, text_t* text) {
  const char* comma = "";
  text_add(text, "{", 1);
  for (int i = 0; i < MAX_MEMBERS; i++) {
    member* peer = self->peers[i];
    if (peer == NULL) continue;
    text_format(text,
                "%s\"%s\":{\"protocols\":[\"/ipfs/id/1.0.0\",\"/vac/waku/relay/2.0.0\"%s],\"addresses\":[\"/"
                "ip4/127.0.0.1/tcp/%d\"]}",
                comma, peer->id, peer->keeps ? ",\"/vac/waku/store-query/3.0.0\"" : "", peer->port);
    comma = ",";
  }
  text_add(text, "}", 1);
}

static int perform(member* self, const char* function, const arguments_t* a, text_t* text) {
  const char* first = a->texts[0] == NULL ? "" : a->texts[0];
  const char* f = strncmp(function, "waku_", 5) == 0 ? function + 5 : function;
#define IS(name) (strcmp(f, name) == 0)
  if (IS("start")) return self->started = 1, 0;
  if (IS("stop")) return self->started = 0, unlink_all(self), 0;
  if (IS("version")) return text_format(text, "version / git commit hash: %s", fake_version), 0;
  if (IS("listen_addresses"))
    return text_format(text, "/ip4/127.0.0.1/tcp/%d/p2p/%s", self->port, self->id), 0;
  if (IS("get_my_peerid")) return text_format(text, "%s", self->id), 0;
  if (IS("get_my_enr")) return text_format(text, "enr:-fake%s", self->id), 0;
  if (IS("get_metrics"))
    return text_format(
               text,
               "# TYPE waku_version gauge\nwaku_version{version=\"%s\"} 1.0\nwaku_connected_peers %d.0\n",
               fake_version, list_peers(self, NULL, NULL)),
           0;
  if (IS("is_online")) return text_format(text, "%s", list_peers(self, NULL, NULL) > 0 ? "true" : "false"), 0;
  if (IS("default_pubsub_topic")) return text_format(text, "/waku/2/rs/0/0"), 0;
  if (IS("pubsub_topic")) return text_format(text, "/waku/2/%s", first), 0;
  if (IS("content_topic"))
    return text_format(text, "/%s/%lld/%s/%s", first, (long long)a->numbers[1], a->texts[2], a->texts[3]), 0;
  if (IS("relay_subscribe")) return subscribe(self, first), 0;
  if (IS("relay_unsubscribe")) {
    if (strcmp(fake_joined, "Joined") == 0 && strstr(fake_version, "0.37") != NULL)
      return text_format(text, "Unsupported subscription type in relay unsubscribe"), 1;
    char** slot = topic_slot(self, first);
    if (slot != NULL) free(*slot), *slot = NULL;
    return 0;
  }
  if (IS("relay_publish") || IS("lightpush_publish")) return publish(self, first, a->texts[1], text);
  if (IS("store_query")) return query_store(first, a->texts[1], text);
  if (IS("connect") || IS("dial_peer") || IS("dial_peer_by_id")) {
    member* peer = find_started(first);
    if (peer != NULL && peer != self && peer->cluster == self->cluster) return link_peers(self, peer), 0;
    return IS("connect") ? 0 : (text_format(text, "failed dialing peer"), 1);
  }
  if (IS("disconnect_peer_by_id")) {
    member* peer = find_started(first);
    if (peer != NULL) unlink_peers(self, peer);
    return 0;
  }
  if (IS("disconnect_all_peers")) return unlink_all(self), 0;
  if (IS("ping_peer")) {
    member* peer = find_started(first);
    if (peer == NULL || peer_slot(self, peer) == NULL) return text_format(text, "failed dialing peer"), 1;
    return text_format(text, "412345"), 0;
  }
  if (IS("get_connected_peers") || IS("get_peerids_from_peerstore") || IS("get_peerids_by_protocol"))
    return list_peers(self, NULL, text), 0;
  if (IS("get_connected_peers_info")) return describe_peers(self, text), 0;
  if (IS("relay_get_connected_peers") || IS("relay_get_peers_in_mesh"))
    return list_peers(self, first, text), 0;
  if (IS("relay_get_num_connected_peers") || IS("relay_get_num_peers_in_mesh"))
    return text_format(text, "%d", list_peers(self, first, NULL)), 0;
#undef IS
  return 0;
}

int network_perform(member* self, const char* function, const arguments_t* arguments, text_t* text) {
  pthread_mutex_lock(&lock);
  const int code = perform(self, function, arguments, text);
  pthread_mutex_unlock(&lock);
  return code;
}
