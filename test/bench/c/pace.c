#define _GNU_SOURCE
#include "pace.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#include "node.h"

enum {
  kMaxOpen = 512,
  kMaxOpenBytes = 250000,
  kMaxCountedBytes = 83000,
  kMaxUnanswered = 128,
  kSmallBytes = 16 * 1024,
  kOverheadBytes = 175,
  kMaxRounds = 2,
  kStalledSeconds = 10
};

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static void *node;
static const char *peer;
static size_t each; /* what a message counts for */
static bool isLarge;
/* How many were handed over, are answered by the library, were asked about, and have been read by the peer. */
static uint32_t handedOver, answered, asked, confirmed;
static uint32_t ends[kMaxRounds]; /* of the rounds under way: how many it has read when each is over */
static int numRounds;

void beginPace(void *itsNode, const char *itsPeer, size_t size) {
  node = itsNode;
  peer = itsPeer;
  each = size + kOverheadBytes < kMaxCountedBytes ? size + kOverheadBytes : kMaxCountedBytes;
  isLarge = size > kSmallBytes;
  handedOver = answered = asked = confirmed = 0;
}

static bool fits(uint32_t messages, uint32_t most, size_t mostBytes) {
  return messages < most && (messages + 1) * each <= mostBytes;
}

static bool isMoreThan(uint32_t messages, uint32_t part) {
  return messages > kMaxOpen / part || messages * each > kMaxOpenBytes / part;
}

static bool hasRoom(void) {
  const uint32_t unanswered = handedOver - answered;
  return (isLarge ? unanswered < kMaxUnanswered : fits(unanswered, kMaxUnanswered, kMaxOpenBytes / 2)) &&
         fits(handedOver - confirmed, kMaxOpen, kMaxOpenBytes);
}

static bool isDue(void) {
  const uint32_t known = isLarge ? handedOver : answered;
  return numRounds < (isLarge ? 1 : kMaxRounds) && isMoreThan(known - confirmed, 2) && isMoreThan(known - asked, 4);
}

void noteAnswered(void) {
  pthread_mutex_lock(&mutex);
  answered++;
  pthread_cond_signal(&changed);
  pthread_mutex_unlock(&mutex);
}

static void onPong(void) {
  pthread_mutex_lock(&mutex);
  confirmed = ends[0];
  ends[0] = ends[1];
  numRounds--;
  pthread_cond_signal(&changed);
  pthread_mutex_unlock(&mutex);
}

static void waitForChange(void) {
  struct timespec until;
  clock_gettime(CLOCK_REALTIME, &until);
  until.tv_sec += kStalledSeconds;
  if (pthread_cond_timedwait(&changed, &mutex, &until) != 0) die("stalled", "no answer of the library or of the peer");
}

void untilRoom(void) {
  pthread_mutex_lock(&mutex);
  for (;;) {
    if (isDue()) {
      ends[numRounds++] = asked = isLarge ? handedOver : answered;
      pthread_mutex_unlock(&mutex);
      ping(node, peer, onPong);
      pthread_mutex_lock(&mutex);
    } else if (hasRoom()) {
      break;
    } else {
      waitForChange();
    }
  }
  handedOver++;
  pthread_mutex_unlock(&mutex);
}

void endPace(void) {
  pthread_mutex_lock(&mutex);
  while (numRounds > 0 || answered < handedOver) waitForChange();
  pthread_mutex_unlock(&mutex);
}
