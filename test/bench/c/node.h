/* The least that a C program does to have nodes of libwaku, in each of its generations. */
#ifndef NODE_H
#define NODE_H
#include <stdbool.h>
#include <stddef.h>

#define TOPIC "/waku/2/rs/16/32"

typedef void (*event_listener)(const char *text, size_t length);

/* Ends the process with a message on stderr. */
void die(const char *what, const char *text);

void openLibrary(const char *path);

/* A started node on 127.0.0.1, in TOPIC. The listener, if any, is called on the library's thread. */
void *newNode(event_listener listener);

/* Where it listens; valid until the next call. */
const char *addressOf(void *node);

void connectTo(void *node, const char *address);

/* Waits until there is a peer in the node's mesh. */
void untilInMesh(void *node);

/* Pings a peer, and calls `pong` on the library's thread, whatever the answer. */
void ping(void *node, const char *address, void (*pong)(void));

/* One round trip through the library's thread. */
void askVersion(void *node);

/* Hands a message over, in JSON. The answer is not waited for; bad ones are counted. `answered`, if any, is called on the library's
 * thread. */
void publish(void *node, const char *json, void (*answered)(void));
unsigned numFailed(void);

#endif
