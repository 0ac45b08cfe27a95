#define _GNU_SOURCE
#include "node.h"

#include <arpa/inet.h>
#include <dlfcn.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef void (*callback)(int code, const char *text, size_t length, void *data);
typedef void (*typed_callback)(int code, const char *reply, const char *error, void *data);

static void *library;
static enum { A, B, C } generation;
static unsigned failed;
static int lastPort;

void die(const char *what, const char *text) {
  fprintf(stderr, "%s: %s\n", what, text);
  _exit(1);
}

static void *function(const char *name) {
  void *found = dlsym(library, name);
  if (found == NULL) die("there is no function", name);
  return found;
}

void openLibrary(const char *path) {
  library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  if (library == NULL) die("dlopen", dlerror());
  if (dlsym(library, "waku_set_event_callback") != NULL) generation = A;
  else if (dlsym(library, "set_event_callback") != NULL) generation = B;
  else if (dlsym(library, "logosdelivery_version") != NULL) generation = C;
  else die("not libwaku", path);
}

/* --- Calls that are waited for */

struct answer {
  pthread_mutex_t mutex;
  pthread_cond_t come;
  bool here;
  int code;
  char text[1024];
};

static void onAnswer(int code, const char *text, size_t length, void *data) {
  struct answer *answer = data;
  if (code == 3) return; /* not the end of it */
  pthread_mutex_lock(&answer->mutex);
  answer->code = code;
  if (length > sizeof(answer->text) - 1) length = sizeof(answer->text) - 1;
  if (text != NULL) memcpy(answer->text, text, length);
  answer->text[length] = '\0';
  answer->here = true;
  pthread_cond_signal(&answer->come);
  pthread_mutex_unlock(&answer->mutex);
}

static void onTypedAnswer(int code, const char *reply, const char *error, void *data) {
  const char *text = code == 0 ? reply : error;
  onAnswer(code, text, text == NULL ? 0 : strlen(text), data);
}

static const char *wait(struct answer *answer, const char *what) {
  static char text[sizeof(answer->text)];
  pthread_mutex_lock(&answer->mutex);
  while (!answer->here) pthread_cond_wait(&answer->come, &answer->mutex);
  pthread_mutex_unlock(&answer->mutex);
  if (answer->code != 0) die(what, answer->text);
  return memcpy(text, answer->text, sizeof(text));
}

#define NEW_ANSWER {.mutex = PTHREAD_MUTEX_INITIALIZER, .come = PTHREAD_COND_INITIALIZER}

/* Without arguments all generations are alike. */
static const char *call(void *node, const char *name) {
  struct answer answer = NEW_ANSWER;
  ((int (*)(void *, callback, void *))function(name))(node, onAnswer, &answer);
  return wait(&answer, name);
}

static const char *callWith(void *node, const char *name, const char *text) {
  struct answer answer = NEW_ANSWER;
  const struct { const char *text; } request = {text};
  void *f = function(name);
  if (generation == A) ((int (*)(void *, const char *, callback, void *))f)(node, text, onAnswer, &answer);
  else if (generation == B) ((int (*)(void *, callback, void *, const char *))f)(node, onAnswer, &answer, text);
  else ((int (*)(void *, typed_callback, void *, const void *))f)(node, onTypedAnswer, &answer, &request);
  return wait(&answer, name);
}

void connectTo(void *node, const char *address) {
  struct answer answer = NEW_ANSWER;
  const struct { const char *address; uint32_t timeoutMs; } request = {address, 10000};
  void *f = function("waku_connect");
  if (generation == A) ((int (*)(void *, const char *, unsigned, callback, void *))f)(node, address, 10000, onAnswer, &answer);
  else if (generation == B) ((int (*)(void *, callback, void *, const char *, unsigned))f)(node, onAnswer, &answer, address, 10000);
  else ((int (*)(void *, typed_callback, void *, const void *))f)(node, onTypedAnswer, &answer, &request);
  wait(&answer, "waku_connect");
}

void untilInMesh(void *node) {
  for (int tries = 0; tries < 1000; tries++) {
    if (strcmp(callWith(node, "waku_relay_get_num_peers_in_mesh", TOPIC), "0") != 0) return;
    usleep(20000);
  }
  die("no mesh", TOPIC);
}

void askVersion(void *node) {
  call(node, "waku_version");
}

/* --- Nodes */

static int freePort(void) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t length = sizeof(address);
  const int server = socket(AF_INET, SOCK_STREAM, 0);
  if (bind(server, (struct sockaddr *)&address, length) != 0 || getsockname(server, (struct sockaddr *)&address, &length) != 0) die("bind", "no free port");
  close(server);
  return ntohs(address.sin_port);
}

static void onEvent(int code, const char *text, size_t length, void *listener) {
  if (code == 0) ((event_listener)listener)(text, length);
}

static void listen_(void *node, event_listener listener) {
  if (generation == C) {
    ((uint64_t (*)(void *, const char *, callback, void *))function("logosdelivery_add_event_listener"))(node, "onReceivedMessage", onEvent, (void *)listener);
  } else {
    ((void (*)(void *, callback, void *))function(generation == A ? "waku_set_event_callback" : "set_event_callback"))(node, onEvent, (void *)listener);
  }
}

struct creation {
  const char *config;
  struct answer answer;
  void *node;
};

static void *runCreation(void *data) {
  struct creation *creation = data;
  const struct { const char *config; } request = {creation->config};
  creation->node = generation == C
    ? ((void *(*)(const void *, typed_callback, void *))function("logosdelivery_create_node"))(&request, onTypedAnswer, &creation->answer)
    : ((void *(*)(const char *, callback, void *))function("waku_new"))(creation->config, onAnswer, &creation->answer);
  wait(&creation->answer, "create");
  return NULL;
}

/* What A allocates when it creates a node is freed by the collector of the calling thread when that makes more calls, and the
 * process crashes. So each creation has a thread of its own. */
static void *create(const char *keys) {
  static const char *const forms[] = {[A] = "{%s,\"reliabilityEnabled\":false}", [B] = "{%s,\"reliabilityEnabled\":false}", [C] = "{\"entryLayer\":\"kernel\",\"kernelConf\":{%s}}"};
  char config[2048];
  snprintf(config, sizeof(config), forms[generation], keys);
  struct creation creation = {.config = config, .answer = NEW_ANSWER};
  pthread_t creator;
  if (pthread_create(&creator, NULL, runCreation, &creation) != 0 || pthread_join(creator, NULL) != 0) die("create", "no thread");
  return creation.node;
}

void *newNode(event_listener listener) {
  lastPort = freePort();
  char keys[1024];
  snprintf(keys, sizeof(keys),
           "\"listenAddress\":\"127.0.0.1\",\"nat\":\"extip:127.0.0.1\",\"extMultiAddrs\":[\"/ip4/127.0.0.1/tcp/%d\"],"
           "\"extMultiAddrsOnly\":true,\"tcpPort\":%d,\"clusterId\":16,\"shards\":[32],\"numShardsInNetwork\":0,"
           "\"relay\":true,\"store\":false,\"filter\":false,\"lightpush\":false,\"discv5Discovery\":false,"
           "\"rendezvous\":false,\"peerExchange\":false,\"colocationLimit\":0,\"dnsAddrsNameServers\":[\"127.0.0.1\"],\"logLevel\":\"FATAL\"",
           lastPort, lastPort);
  void *node = create(keys);
  if (listener != NULL) listen_(node, listener);
  call(node, generation == C ? "logosdelivery_start_node" : "waku_start");
  if (generation == C) callWith(node, "waku_relay_subscribe", TOPIC);
  return node;
}

/* Of the node that was made last. */
const char *addressOf(void *node) {
  static char address[200];
  snprintf(address, sizeof(address), "/ip4/127.0.0.1/tcp/%d/p2p/%s", lastPort, call(node, "waku_get_my_peerid"));
  return address;
}

/* --- Publishing */

typedef void (*listener)(void);

static void onPublished(int code, const char *text, size_t length, void *answered) {
  (void)text, (void)length;
  if (code == 3) return;
  if (code != 0) __atomic_add_fetch(&failed, 1, __ATOMIC_RELAXED);
  if (answered != NULL) ((listener)answered)();
}

static void onTypedPublished(int code, const char *reply, const char *error, void *answered) {
  (void)reply, (void)error;
  onPublished(code, NULL, 0, answered);
}

void publish(void *node, const char *json, listener answered) {
  static void *f;
  if (f == NULL) f = function("waku_relay_publish");
  void *data = (void *)answered;
  const struct { const char *topic, *json; uint32_t timeoutMs; } request = {TOPIC, json, 0};
  if (generation == A) ((int (*)(void *, const char *, const char *, unsigned, callback, void *))f)(node, TOPIC, json, 0, onPublished, data);
  else if (generation == B) ((int (*)(void *, callback, void *, const char *, const char *, unsigned))f)(node, onPublished, data, TOPIC, json, 0);
  else ((int (*)(void *, typed_callback, void *, const void *))f)(node, onTypedPublished, data, &request);
}

unsigned numFailed(void) {
  return __atomic_load_n(&failed, __ATOMIC_RELAXED);
}

static void onPong(int code, const char *text, size_t length, void *pong) {
  (void)text, (void)length;
  if (code != 3) ((listener)pong)();
}

static void onTypedPong(int code, const char *reply, const char *error, void *pong) {
  (void)reply, (void)error;
  onPong(code, NULL, 0, pong);
}

void ping(void *node, const char *address, listener pong) {
  const struct { const char *address; uint32_t timeoutMs; } request = {address, 10000};
  void *f = function("waku_ping_peer"), *data = (void *)pong;
  if (generation == A) ((int (*)(void *, const char *, unsigned, callback, void *))f)(node, address, 10000, onPong, data);
  else if (generation == B) ((int (*)(void *, callback, void *, const char *, unsigned))f)(node, onPong, data, address, 10000);
  else ((int (*)(void *, typed_callback, void *, const void *))f)(node, onTypedPong, data, &request);
}
