/* What the pretended nodes know of each other, and their answers in the shapes of the real library. All of it
 * is guarded by one mutex; nothing here calls back. */
#ifndef FAKE_NETWORK_H
#define FAKE_NETWORK_H

#include "fake_node.h"
#include "fake_text.h"

typedef struct member member;

/* Sends an event to a node's worker. */
typedef void (*emit_t)(fake_node* node, const char* text, size_t length);

member* network_join(fake_node* node, const char* config, emit_t emit);
void network_leave(member* self);
int network_size(void);

/* Carries a function out; adds the answer's text to `text` and returns its code. */
int network_perform(member* self, const char* function, const arguments_t* arguments, text_t* text);

#endif
