/*
 * The least that a C program does with libwaku and what it receives: the baseline of the native benchmarks.
 * `../programs/native-pair.ts` does the same on this package, with the same arguments.
 *
 *   pair LIBRARY calls COUNT                     round trips of waku_version, one after another
 *   pair LIBRARY relay SIZE COUNT                one node publishes, another receives, as fast as pace.h lets it
 *   pair LIBRARY events SIZE COUNT OPEN          one node without peers publishes, and receives the event of each
 *   pair LIBRARY latency SIZE COUNT RATE         one node publishes RATE messages a second, and another receives, each timed
 *   pair LIBRARY receive SIZE COUNT RATE         receives what `feed` publishes; prints its address first, and how late a thread was
 *                                                that wakes every millisecond
 *   pair LIBRARY feed SIZE COUNT RATE ADDRESS    publishes to that address
 *
 * Prints one JSON object a line.
 */
#define _GNU_SOURCE
#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "node.h"
#include "pace.h"

enum { kHeader = 12 /* of a payload: u32 number, u64 time of publishing in nanoseconds; big-endian */, kStalledSeconds = 10 };

/* What is sent before anything is measured: the same as by the other program, because what a stream has carried decides how far ahead
 * of its reader it may be, and with it how long a message of 100 KiB waits. */
enum { kWarmUpBytes = 1024, kWarmUpCount = 8000, kWarmUpOpen = 200 };

static FILE *out;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static uint32_t received, expected;
static uint64_t firstNs, lastNs;
static double *latenciesMs;

static uint64_t nowNs(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

/* --- Receiving */

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
static uint8_t valueOf[256]; /* of a digit of base64 */

static void prepareDecoding(void) {
  for (int value = 0; value < 64; value++) valueOf[(uint8_t)alphabet[value]] = (uint8_t)value;
}

static void decode(uint8_t *to, const char *text, size_t length) {
  const uint8_t *digits = (const uint8_t *)text;
  for (size_t i = 0; i + 3 < length; i += 4) {
    const uint32_t bits = (uint32_t)valueOf[digits[i]] << 18 | (uint32_t)valueOf[digits[i + 1]] << 12 | (uint32_t)valueOf[digits[i + 2]] << 6 | valueOf[digits[i + 3]];
    *to++ = (uint8_t)(bits >> 16);
    *to++ = (uint8_t)(bits >> 8);
    *to++ = (uint8_t)bits;
  }
}

static uint64_t bigEndian(const uint8_t *bytes, int size) {
  uint64_t value = 0;
  for (int i = 0; i < size; i++) value = value << 8 | bytes[i];
  return value;
}

/* The payload is decoded, as a program that has a use for it does; the rest of the message is not read. */
static void onEvent(const char *text, size_t length) {
  static const char start[] = "\"payload\":\"";
  static uint8_t payload[256 * 1024]; /* of one node: its events come one after another */
  const char *encoded = memmem(text, length < 400 ? length : 400, start, sizeof(start) - 1);
  if (encoded == NULL) return;
  encoded += sizeof(start) - 1;
  const char *end = memchr(encoded, '"', length - (size_t)(encoded - text));
  if (end == NULL || (size_t)(end - encoded) > sizeof(payload)) return;
  decode(payload, encoded, (size_t)(end - encoded));
  const uint64_t now = nowNs();
  const uint32_t number = (uint32_t)bigEndian(payload, 4);
  const uint64_t sentNs = bigEndian(payload + 4, 8);
  pthread_mutex_lock(&mutex);
  if (received++ == 0) firstNs = now;
  lastNs = now;
  if (latenciesMs != NULL && number < expected) latenciesMs[number] = (double)(now - sentNs) / 1e6;
  pthread_cond_signal(&changed);
  pthread_mutex_unlock(&mutex);
}

/* Waits until that many came, or none for a while. */
static void untilReceived(uint32_t least) {
  pthread_mutex_lock(&mutex);
  for (int error = 0; received < least && error == 0;) {
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += kStalledSeconds;
    error = pthread_cond_timedwait(&changed, &mutex, &until);
  }
  pthread_mutex_unlock(&mutex);
}

/* --- Publishing */

static void base64(char *to, const uint8_t *bytes, size_t length) {
  size_t i = 0;
  for (; i + 2 < length; i += 3) {
    *to++ = alphabet[bytes[i] >> 2];
    *to++ = alphabet[(bytes[i] & 3) << 4 | bytes[i + 1] >> 4];
    *to++ = alphabet[(bytes[i + 1] & 15) << 2 | bytes[i + 2] >> 6];
    *to++ = alphabet[bytes[i + 2] & 63];
  }
  if (i < length) {
    const int two = i + 1 < length;
    *to++ = alphabet[bytes[i] >> 2];
    *to++ = alphabet[(bytes[i] & 3) << 4 | (two ? bytes[i + 1] >> 4 : 0)];
    *to++ = two ? alphabet[(bytes[i + 1] & 15) << 2] : '=';
    *to++ = '=';
  }
  *to = '\0';
}

static uint64_t timestamp(void) {
  static uint64_t last;
  struct timespec clock;
  clock_gettime(CLOCK_REALTIME, &clock);
  const uint64_t now = (uint64_t)clock.tv_sec * 1000000000u + (uint64_t)clock.tv_nsec;
  return last = now > last ? now : last + 1;
}

/* Each is encoded anew, as a program with something to say does. */
static void publishNumber(void *node, char *json, uint8_t *payload, size_t size, uint32_t number, bool isPaced) {
  const uint64_t now = nowNs();
  for (int i = 0; i < 4; i++) payload[i] = (uint8_t)(number >> (24 - 8 * i));
  for (int i = 0; i < 8; i++) payload[4 + i] = (uint8_t)(now >> (56 - 8 * i));
  const int at = sprintf(json, "{\"contentTopic\":\"/nwaku-desktop/1/bench-0/proto\",\"version\":0,\"timestamp\":\"%" PRIu64 "\",\"ephemeral\":false,\"payload\":\"", timestamp());
  base64(json + at, payload, size);
  strcat(json + at, "\"}");
  publish(node, json, isPaced ? noteAnswered : NULL);
}

/* With a rate the messages go out evenly, else as soon as no more than `open` are on their way, or, where that is 0, when there is
 * room at the pace that was begun. */
static void publishAll(void *node, size_t size, uint32_t count, uint32_t open, double rate) {
  const bool isPaced = rate == 0 && open == 0;
  uint8_t *payload = calloc(1, size);
  char *json = malloc(size * 4 / 3 + 400);
  for (size_t i = kHeader; i < size; i++) payload[i] = (uint8_t)rand();
  const uint64_t begin = nowNs();
  for (uint32_t number = 0; number < count; number++) {
    if (rate > 0) {
      const int64_t early = (int64_t)(begin + (uint64_t)(number * 1e9 / rate)) - (int64_t)nowNs();
      if (early > 0) usleep((useconds_t)(early / 1000));
    } else if (isPaced) {
      untilRoom();
    } else if (number >= open) {
      untilReceived(number - open + 1);
    }
    publishNumber(node, json, payload, size, number, isPaced);
  }
  free(payload);
  free(json);
}

static void expect(uint32_t count) {
  pthread_mutex_lock(&mutex);
  received = 0;
  expected = count;
  pthread_mutex_unlock(&mutex);
}

/* --- Measuring */

static double processorSeconds(void) {
  struct rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) + (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

static int ascending(const void *a, const void *b) {
  const double x = *(const double *)a, y = *(const double *)b;
  return x < y ? -1 : x > y;
}

static double percentile(double *values, uint32_t count, double percent) {
  qsort(values, count, sizeof(double), ascending);
  return values[(uint32_t)((count - 1) * percent / 100)];
}

static void measureCalls(uint32_t count) {
  void *node = newNode(NULL);
  double *micros = malloc(count * sizeof(double));
  for (uint32_t round = 0; round < 2; round++) {
    for (uint32_t i = 0; i < count; i++) {
      const uint64_t begin = nowNs();
      askVersion(node);
      micros[i] = (double)(nowNs() - begin) / 1e3;
    }
  }
  fprintf(out, "{\"p50\":%.2f,\"p99\":%.2f}\n", percentile(micros, count, 50), percentile(micros, count, 99));
}

/* A program hears of its own messages too, on the same callback as of its connections. */
static void onOwnEvent(const char *text, size_t length) {
  (void)text, (void)length;
}

static char subscriberAddress[200];

static void *newPair(void) {
  void *subscriber = newNode(onEvent);
  strcpy(subscriberAddress, addressOf(subscriber));
  void *publisher = newNode(onOwnEvent);
  connectTo(publisher, subscriberAddress);
  untilInMesh(publisher);
  untilInMesh(subscriber);
  return publisher;
}

static void measureMessages(void *publisher, size_t size, uint32_t count, uint32_t open, double rate) {
  expect(kWarmUpCount);
  publishAll(publisher, size < kWarmUpBytes ? size : kWarmUpBytes, kWarmUpCount, kWarmUpOpen, 0);
  untilReceived(kWarmUpCount);
  expect(count);
  if (rate > 0) latenciesMs = calloc(count, sizeof(double));
  const double before = processorSeconds();
  publishAll(publisher, size, count, open, rate);
  untilReceived(count);
  const double processor = processorSeconds() - before;
  fprintf(out, "{\"received\":%u,\"seconds\":%.6f,\"processorSeconds\":%.6f", received, (double)(lastNs - firstNs) / 1e9, processor);
  if (rate > 0) fprintf(out, ",\"p50\":%.4f,\"p99\":%.4f", percentile(latenciesMs, count, 50), percentile(latenciesMs, count, 99));
  fprintf(out, "}\n");
}

static void measureRelay(size_t size, uint32_t count) {
  void *publisher = newPair();
  beginPace(publisher, subscriberAddress, size);
  measureMessages(publisher, size, count, 0, 0);
  endPace();
}

_Noreturn static void *tick(void *longestMs) {
  uint64_t last = nowNs();
  for (;;) {
    usleep(1000);
    const uint64_t now = nowNs();
    const double pauseMs = (double)(now - last) / 1e6;
    last = now;
    if (pauseMs > *(double *)longestMs) *(double *)longestMs = pauseMs;
  }
}

static void receive(uint32_t count) {
  static double longestMs;
  expect(count);
  void *node = newNode(onEvent);
  fprintf(out, "{\"address\":\"%s\"}\n", addressOf(node));
  fflush(out);
  pthread_t ticker;
  untilReceived(count / 10);
  pthread_create(&ticker, NULL, tick, &longestMs);
  untilReceived(count);
  fprintf(out, "{\"received\":%u,\"longestMs\":%.3f}\n", received, longestMs);
}

static void feed(size_t size, uint32_t count, double rate, const char *address) {
  void *node = newNode(NULL);
  connectTo(node, address);
  untilInMesh(node);
  publishAll(node, size, count, 0, rate);
  sleep(1); /* what is handed over goes out */
  fprintf(out, "{\"failed\":%u}\n", numFailed());
}

int main(int argc, char **argv) {
  if (argc < 4) return 2;
  out = fdopen(dup(1), "w");
  if (out == NULL || freopen("/dev/null", "w", stdout) == NULL) return 1; /* the library's log goes there */
  prepareDecoding();
  openLibrary(argv[1]);
  const char *verb = argv[2];
  const uint32_t count = (uint32_t)atoi(argv[argc == 4 ? 3 : 4]);
  const size_t size = (size_t)atoi(argv[3]) < kHeader ? kHeader : (size_t)atoi(argv[3]);
  if (strcmp(verb, "calls") == 0) {
    measureCalls(count);
  } else if (strcmp(verb, "relay") == 0 && argc == 5) {
    measureRelay(size, count);
  } else if (argc >= 6) {
    const double last = atof(argv[5]);
    if (strcmp(verb, "events") == 0) measureMessages(newNode(onEvent), size, count, (uint32_t)last, 0);
    else if (strcmp(verb, "latency") == 0) measureMessages(newPair(), size, count, 0, last);
    else if (strcmp(verb, "receive") == 0) receive(count);
    else if (strcmp(verb, "feed") == 0 && argc >= 7) feed(size, count, last, argv[6]);
  }
  fflush(out);
  _exit(0);
}
