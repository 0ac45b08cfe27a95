#include "fake_node.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "fake_network.h"
#include "fake_text.h"

typedef struct job {
  struct job* next;
  int64_t due; /* microseconds */
  int is_event;
  char* function;
  arguments_t arguments;
  answer_t answer;
  char* behaviour; /* or NULL */
  char* text;      /* of an event */
  size_t length;
} job;

struct fake_node {
  char* config;
  member* member;
  pthread_t creator, worker, emitter, watchdog;
  int is_created, has_emitter, has_watchdog;
  pthread_mutex_t mutex; /* guards what follows */
  pthread_cond_t wake;
  job *first, *last;
  int ending, flowing;
  answer_t events, unresponsive;
  long rate, size, alarms;
};

static int64_t now_us(void) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static void sleep_ms(long ms) {
  struct timespec left = {ms / 1000, ms % 1000 * 1000000};
  while (nanosleep(&left, &left) != 0 && errno == EINTR) {
  }
}

static void answer_text(const answer_t* to, int code, const char* text) {
  to->call(to, code, text, strlen(text));
}

/* --- Jobs of the worker --- */

static arguments_t copy_arguments(arguments_t from) {
  for (int i = 0; i < from.count; i++)
    if (from.texts[i] != NULL) from.texts[i] = strdup(from.texts[i]);
  return from;
}

static void free_job(job* old) {
  for (int i = 0; i < old->arguments.count; i++) free((char*)old->arguments.texts[i]);
  free(old->function);
  free(old->behaviour);
  free(old->text);
  free(old);
}

static void push_job(fake_node* node, job* added) {
  pthread_mutex_lock(&node->mutex);
  if (node->ending) {
    free_job(added);
  } else if (added->due == 0) {
    if (node->last == NULL)
      node->first = added;
    else
      node->last->next = added;
    node->last = added;
  } else {
    /* Timed jobs stay at the front, which pop_job looks through. */
    added->next = node->first;
    node->first = added;
    if (node->last == NULL) node->last = added;
  }
  pthread_cond_signal(&node->wake);
  pthread_mutex_unlock(&node->mutex);
}

/* The next job that is due, or NULL when the node ends. */
static job* pop_job(fake_node* node) {
  pthread_mutex_lock(&node->mutex);
  while (!node->ending) {
    const int64_t now = node->first != NULL && node->first->due != 0 ? now_us() : 0;
    int64_t soonest = 0;
    job* before = NULL;
    for (job* at = node->first; at != NULL; before = at, at = at->next) {
      if (at->due > now) {
        if (soonest == 0 || at->due < soonest) soonest = at->due;
        continue;
      }
      if (before == NULL)
        node->first = at->next;
      else
        before->next = at->next;
      if (node->last == at) node->last = before;
      pthread_mutex_unlock(&node->mutex);
      return at;
    }
    if (soonest == 0) {
      pthread_cond_wait(&node->wake, &node->mutex);
    } else {
      const struct timespec until = {soonest / 1000000, soonest % 1000000 * 1000};
      pthread_cond_timedwait(&node->wake, &node->mutex, &until);
    }
  }
  pthread_mutex_unlock(&node->mutex);
  return NULL;
}

static void emit_event(fake_node* node, const char* text, size_t length) {
  job* event = calloc(1, sizeof(*event));
  event->is_event = 1;
  event->text = malloc(length + 1);
  memcpy(event->text, text, length);
  event->length = length;
  push_job(node, event);
}

static void deliver_event(fake_node* node, const char* text, size_t length) {
  pthread_mutex_lock(&node->mutex);
  const answer_t events = node->events;
  pthread_mutex_unlock(&node->mutex);
  if (events.callback != NULL) events.call(&events, 0, text, length);
}

/* --- Behaviours --- */

static long number_after(const char* behaviour, int which) {
  for (; which > 0 && behaviour != NULL; which--) {
    behaviour = strchr(behaviour, ':');
    if (behaviour != NULL) behaviour++;
  }
  return behaviour == NULL ? 0 : atol(behaviour);
}

static int is(const char* behaviour, const char* name) {
  const size_t length = strlen(name);
  return behaviour != NULL && strncmp(behaviour, name, length) == 0 &&
         (behaviour[length] == '\0' || behaviour[length] == ':');
}

static void numbered_event(fake_node* node, long number, long size) {
  text_t text = {0};
  text_format(&text, "{\"eventType\":\"fake\",\"number\":%ld,\"filler\":\"", number);
  while ((long)text.length < size - 2) {
    const size_t left = (size_t)size - 2 - text.length;
    text_add(&text, "................................................................",
             left < 64 ? left : 64);
  }
  text_add(&text, "\"}", 2);
  deliver_event(node, text.data, text.length);
  free(text.data);
}

static void* emit_steadily(void* of) {
  fake_node* node = of;
  const int64_t begin = now_us();
  for (long number = 0;; number++) {
    pthread_mutex_lock(&node->mutex);
    const int go = node->flowing;
    const long rate = node->rate, size = node->size;
    pthread_mutex_unlock(&node->mutex);
    if (!go) return NULL;
    numbered_event(node, number, size);
    const int64_t ahead = begin + (number + 1) * 1000000 / rate - now_us();
    if (ahead > 1000) sleep_ms((long)(ahead / 1000));
  }
}

static void* raise_alarms(void* of) {
  fake_node* node = of;
  pthread_mutex_lock(&node->mutex);
  const answer_t unresponsive = node->unresponsive;
  const long alarms = node->alarms;
  pthread_mutex_unlock(&node->mutex);
  for (long i = 0; i < alarms && unresponsive.callback != NULL; i++)
    answer_text(&unresponsive, 0, "{\"eventType\":\"not_responding\"}");
  return NULL;
}

static void stop_flow(fake_node* node) {
  pthread_mutex_lock(&node->mutex);
  node->flowing = 0;
  pthread_mutex_unlock(&node->mutex);
  if (node->has_emitter) pthread_join(node->emitter, NULL);
  node->has_emitter = 0;
}

static void start_flow(fake_node* node, const char* behaviour) {
  stop_flow(node);
  node->rate = number_after(behaviour, 1) > 0 ? number_after(behaviour, 1) : 1000;
  node->size = number_after(behaviour, 2);
  node->flowing = 1;
  node->has_emitter = pthread_create(&node->emitter, NULL, emit_steadily, node) == 0;
}

static void start_alarms(fake_node* node, long alarms) {
  if (node->has_watchdog) pthread_join(node->watchdog, NULL);
  node->alarms = alarms;
  node->has_watchdog = pthread_create(&node->watchdog, NULL, raise_alarms, node) == 0;
}

/* A text that ends where readable memory ends. */
static void answer_unterminated(const answer_t* answer) {
  const size_t page = (size_t)sysconf(_SC_PAGESIZE);
  char* memory = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  mprotect(memory + page, page, PROT_NONE);
  static const char text[] = "unterminated";
  char* at = memory + page - (sizeof(text) - 1);
  memcpy(at, text, sizeof(text) - 1);
  answer->call(answer, 0, at, sizeof(text) - 1);
  munmap(memory, 2 * page);
}

static void answer_huge(const answer_t* answer, long length) {
  char* text = malloc((size_t)length + 1);
  memset(text, 'x', (size_t)length);
  text[length] = '\0';
  answer->call(answer, 0, text, (size_t)length);
  free(text);
}

static void answer_echo(const answer_t* answer, const char* function, const arguments_t* arguments) {
  text_t text = {0};
  text_format(&text, "%s", function);
  for (int i = 0; i < arguments->count; i++) {
    if (arguments->texts[i] != NULL)
      text_format(&text, "|%s", arguments->texts[i]);
    else
      text_format(&text, "|%lld", (long long)arguments->numbers[i]);
  }
  answer->call(answer, 0, text.data, text.length);
  free(text.data);
}

static void answer_properly(fake_node* node, const job* request) {
  text_t text = {0};
  if (strcmp(request->function, "waku_stop") == 0) stop_flow(node);
  const int code = network_perform(node->member, request->function, &request->arguments, &text);
  text_t prefixed = {0};
  if (code != 0) text_format(&prefixed, "%s", fake_error_prefix);
  if (text.length > 0) text_add(&prefixed, text.data, text.length);
  request->answer.call(&request->answer, code, prefixed.data == NULL ? "" : prefixed.data, prefixed.length);
  free(text.data);
  free(prefixed.data);
}

/* On the worker. */
static void run_request(fake_node* node, const job* request) {
  const char* b = request->behaviour;
  const answer_t* to = &request->answer;
  if (is(b, "worker-busy")) sleep_ms(number_after(b, 1));
  if (is(b, "print")) {
    fprintf(stdout, "a line of the fake library\n");
    fflush(stdout);
  }
  if (is(b, "late") || is(b, "error-then-late"))
    answer_text(to, 0, "late");
  else if (is(b, "twice"))
    answer_text(to, 0, "first"), answer_text(to, 0, "second");
  else if (is(b, "error"))
    answer_text(to, 1, "fake error");
  else if (is(b, "confess")) {
    text_t text = {0};
    char* key = json_value(node->config, "nodekey");
    text_format(&text, "cannot read %s configJson string: %s", key == NULL ? "" : key, node->config);
    answer_text(to, 1, text.data);
    free(key);
    free(text.data);
  } else if (is(b, "stale"))
    answer_text(to, 3, "5000"), answer_text(to, 3, "10000"), answer_text(to, 0, "fresh");
  else if (is(b, "unterminated"))
    answer_unterminated(to);
  else if (is(b, "huge"))
    answer_huge(to, number_after(b, 1));
  else if (is(b, "empty"))
    to->call(to, 0, "", 0);
  else if (is(b, "null"))
    to->call(to, 0, NULL, 0);
  else if (is(b, "binary"))
    answer_text(to, 0, "\xff\xfe ok \xc3\x28");
  else if (is(b, "echo"))
    answer_echo(to, request->function, &request->arguments);
  else if (is(b, "event")) {
    const char* text = strchr(b, ':');
    if (text != NULL) deliver_event(node, text + 1, strlen(text + 1));
    answer_text(to, 0, "told");
  } else if (is(b, "segv"))
    raise(SIGSEGV);
  else if (is(b, "abort"))
    abort();
  else if (is(b, "exit"))
    exit((int)number_after(b, 1));
  else if (is(b, "live")) {
    char text[16];
    snprintf(text, sizeof(text), "%d", network_size());
    answer_text(to, 0, text);
  } else if (is(b, "flood")) {
    const long count = number_after(b, 1), size = number_after(b, 2);
    for (long i = 0; i < count; i++) numbered_event(node, i, size);
    answer_text(to, 0, "flooded");
  } else if (is(b, "flow"))
    start_flow(node, b), answer_text(to, 0, "flowing");
  else if (is(b, "unresponsive"))
    start_alarms(node, number_after(b, 1)), answer_text(to, 0, "alarming");
  else
    answer_properly(node, request);
}

static void* work(void* of) {
  fake_node* node = of;
  for (job* next = pop_job(node); next != NULL; next = pop_job(node)) {
    if (next->is_event)
      deliver_event(node, next->text, next->length);
    else
      run_request(node, next);
    free_job(next);
  }
  return NULL;
}

typedef struct stranger {
  answer_t answer;
  long ms;
  const char* text;
} stranger;

static void* answer_from_elsewhere(void* of) {
  stranger* self = of;
  sleep_ms(self->ms);
  answer_text(&self->answer, 0, self->text);
  free(self);
  return NULL;
}

static void start_stranger(answer_t answer, long ms, const char* text) {
  stranger* self = malloc(sizeof(*self));
  *self = (stranger){answer, ms, text};
  pthread_t thread;
  if (pthread_create(&thread, NULL, answer_from_elsewhere, self) == 0) pthread_detach(thread);
}

/* What the configuration or the first text asks for; malloc'ed, or NULL. */
static char* behaviour_of(const char* config, const char* function, const char* first) {
  if (first != NULL && strncmp(first, "fake:", 5) == 0) return strdup(first + 5);
  char key[80];
  snprintf(key, sizeof(key), "fake:%s", function);
  char* named = json_value(config, key);
  return named != NULL ? named : json_value(config, "fake:all");
}

int fake_request(fake_node* node, const char* function, answer_t answer, arguments_t arguments) {
  if (fake_minds_creator && node->is_created && pthread_equal(node->creator, pthread_self())) abort();
  char* b = behaviour_of(node->config, function, arguments.count > 0 ? arguments.texts[0] : NULL);
  int result = 0;
  if (is(b, "sync"))
    answer_text(&answer, 0, "sync");
  else if (is(b, "refused"))
    answer_text(&answer, 1, "fake refusal"), result = 1;
  else if (is(b, "return-error"))
    result = 1;
  else if (is(b, "foreign"))
    start_stranger(answer, 0, "foreign");
  else if (is(b, "ghost"))
    start_stranger(answer, number_after(b, 1), "ghost");
  else if (!is(b, "silent")) {
    if (is(b, "hang"))
      for (;;) pause();
    if (is(b, "busy")) sleep_ms(number_after(b, 1));
    job* request = calloc(1, sizeof(*request));
    request->function = strdup(function);
    request->arguments = copy_arguments(arguments);
    request->answer = answer;
    request->behaviour = b == NULL ? NULL : strdup(b);
    if (is(b, "late") || is(b, "error-then-late")) request->due = now_us() + number_after(b, 1) * 1000;
    if (is(b, "error-then-late")) result = 1;
    push_job(node, request);
  }
  free(b);
  return result;
}

/* --- Life --- */

static void like_the_library(int number) {
  signal(number, SIG_DFL);
  raise(number);
}

static void take_signals(void) {
  static const int numbers[] = {SIGINT, SIGSEGV, SIGABRT, SIGFPE, SIGILL, SIGBUS};
  for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) signal(numbers[i], like_the_library);
  signal(SIGPIPE, SIG_IGN);
}

/* As the library's runtime: the first call starts it, and one that comes meanwhile meets it half-started. */
static void start_runtime(void) {
  static int begun = 0, ready = 0;
  if (!__atomic_exchange_n(&begun, 1, __ATOMIC_SEQ_CST)) {
    take_signals();
    sleep_ms(30);
    __atomic_store_n(&ready, 1, __ATOMIC_SEQ_CST);
  } else if (!__atomic_load_n(&ready, __ATOMIC_SEQ_CST)) {
    raise(SIGSEGV);
  }
}

fake_node* fake_create(const char* config, answer_t answer) {
  start_runtime();
  char* b = behaviour_of(config, "create", NULL);
  if (is(b, "nothing") || is(b, "nothing-error")) {
    if (is(b, "nothing-error")) answer_text(&answer, 1, "fake refusal");
    free(b);
    return NULL;
  }
  if (is(b, "hang"))
    for (;;) pause();
  fake_node* node = calloc(1, sizeof(*node));
  node->config = strdup(config);
  pthread_mutex_init(&node->mutex, NULL);
  pthread_cond_init(&node->wake, NULL);
  node->member = network_join(node, config, emit_event);
  pthread_create(&node->worker, NULL, work, node);
  fake_request(node, "create", answer, (arguments_t){0, {0}, {0}});
  node->creator = pthread_self();
  node->is_created = 1;
  free(b);
  return node;
}

void fake_listen(fake_node* node, answer_t events) {
  pthread_mutex_lock(&node->mutex);
  node->events = events;
  pthread_mutex_unlock(&node->mutex);
}

void fake_listen_unresponsive(fake_node* node, answer_t events) {
  pthread_mutex_lock(&node->mutex);
  node->unresponsive = events;
  pthread_mutex_unlock(&node->mutex);
}

int fake_destroy(fake_node* node, const answer_t* answer) {
  char* b = json_value(node->config, "fake:destroy");
  if (is(b, "busy")) sleep_ms(number_after(b, 1));
  if (is(b, "hang"))
    for (;;) pause();
  const int result = is(b, "error");
  free(b);
  network_leave(node->member);
  stop_flow(node);
  if (node->has_watchdog) pthread_join(node->watchdog, NULL);
  pthread_mutex_lock(&node->mutex);
  node->ending = 1;
  pthread_cond_broadcast(&node->wake);
  pthread_mutex_unlock(&node->mutex);
  pthread_join(node->worker, NULL);
  for (job *at = node->first, *next; at != NULL; at = next) {
    next = at->next;
    if (fake_answers_pending && !at->is_event)
      answer_text(&at->answer, 1, "FFI context was recycled before this request ran; the caller is gone");
    free_job(at);
  }
  pthread_mutex_destroy(&node->mutex);
  pthread_cond_destroy(&node->wake);
  free(node->config);
  free(node);
  if (answer != NULL && result != 0) answer_text(answer, 1, "fake error");
  if (answer != NULL && result == 0) answer->call(answer, 0, NULL, 0);
  return result;
}
