#pragma once

#include <sys/socket.h>

namespace waku_bridge {

#ifdef MSG_NOSIGNAL
constexpr int kNoSignal = MSG_NOSIGNAL;
#else
constexpr int kNoSignal = 0;  // macOS: the socket has SO_NOSIGPIPE instead
#endif

/** Makes a pair of connected sockets, or a socket, that no child process inherits. Returns false, or -1, if
 * none is left. */
bool makeSocketPair(int (&ends)[2]);
int makeSocket();

/** Accepts a connection, which no child process inherits and which does not block; -1 if it has gone. */
int acceptSocket(int listener);

}  // namespace waku_bridge
