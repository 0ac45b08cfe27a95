/* A pretended node: a worker thread, and a network of all the pretended nodes of the process. It knows
 * nothing of the ABIs; fake_libwaku.c puts them over it.
 *
 * A function whose first text begins with "fake:", or that the configuration names ("fake:waku_version":
 * "late:50"; "fake:all", "fake:create", "fake:destroy"), misbehaves instead:
 *
 *   echo            answers with the function's name and arguments      sync          answers inside the call
 *   late:MS         answers after that time                             twice         answers twice
 *   error           answers with an error                               stale         code 3 twice, then
 * answers refused         answers with an error inside the call and returns it return-error    returns an
 * error and never answers                  silent        never answers error-then-late:MS  returns an error,
 * then answers after all        foreign       answers on a thread of its own ghost:MS        answers after
 * that time even if the node is gone by then unterminated    text ends where readable memory ends huge:BYTES
 * that much text empty, null     no text, with and without a pointer                 binary        not UTF-8
 *   flood:N:BYTES   N events at once, then answers                      flow:RATE:BYTES  events until stop or
 * destroy unresponsive:N  N "not responding" events from another thread       print         writes to
 * standard output busy:MS         the call blocks                                     worker-busy:MS  the
 * worker blocks hang            the call never returns                              live          answers
 * with how many nodes there are segv, abort, exit:CODE  end the process nothing, nothing-error  create only:
 * returns NULL, without and with an error to the callback
 */
#ifndef FAKE_NODE_H
#define FAKE_NODE_H

#include <stddef.h>
#include <stdint.h>

typedef struct fake_node fake_node;

/* A callback of whichever generation, ready to be called. */
typedef struct answer_t {
  void (*call)(const struct answer_t* self, int code, const char* text, size_t length);
  void* callback;
  void* user_data;
} answer_t;

/* Texts and numbers in the order of the call: texts[i] is NULL where the argument is a number. */
typedef struct arguments_t {
  int count;
  const char* texts[4];
  int64_t numbers[4];
} arguments_t;

/* Makes a node; the answer comes from its worker. */
fake_node* fake_create(const char* config, answer_t answer);

/* Asks it something; returns 0 when accepted. The arguments are copied. */
int fake_request(fake_node* node, const char* function, answer_t answer, arguments_t arguments);

/* Says where its events go. */
void fake_listen(fake_node* node, answer_t events);
void fake_listen_unresponsive(fake_node* node, answer_t events);

/* Ends it and joins its threads. Returns what the destroy function is to return; answers, if there is a
 * callback. */
int fake_destroy(fake_node* node, const answer_t* answer);

/* What differs between the generations; defined in fake_libwaku.c. */
extern const char fake_version[];
extern const char fake_error_prefix[];
extern const char fake_joined[];
extern const char fake_left[];
extern const int fake_wraps_options;   /* optional fields of a store reply are objects of their own */
extern const int fake_minds_creator;   /* crashes when the thread that made a node calls it */
extern const int fake_answers_pending; /* destroy answers what is open instead of forgetting it */

#endif
