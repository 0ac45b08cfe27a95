/*
 * The pace that the bridge keeps when it publishes (native/src/pacer.cc tells why), for messages of one size to one peer. A C program
 * that is to lose nothing needs one as well: with it both sides of a comparison have the same bound on what is open, by the same means.
 */
#ifndef PACE_H
#define PACE_H
#include <stddef.h>

/* Begins, with nothing open. */
void beginPace(void *node, const char *peer, size_t size);

/* Waits until there is room for a message, which is then open, and pings the peer when that is due. */
void untilRoom(void);

/* The library has answered to one that was published. */
void noteAnswered(void);

/* Waits until what was asked is answered. */
void endPace(void);

#endif
