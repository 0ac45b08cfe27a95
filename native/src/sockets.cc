#include "sockets.h"

#include <fcntl.h>

namespace waku_bridge {

namespace {

#ifdef SOCK_CLOEXEC
constexpr int kStream = SOCK_STREAM | SOCK_CLOEXEC;
#else
constexpr int kStream = SOCK_STREAM;
#endif

/** Does what macOS has no flags for. */
int prepared([[maybe_unused]] int socket) {
#ifndef SOCK_CLOEXEC
  if (socket < 0) return socket;
  const int yes = 1;
  fcntl(socket, F_SETFD, FD_CLOEXEC);
  setsockopt(socket, SOL_SOCKET, SO_NOSIGPIPE, &yes, sizeof(yes));
#endif
  return socket;
}

}  // namespace

bool makeSocketPair(int (&ends)[2]) {
  if (socketpair(AF_UNIX, kStream, 0, ends) != 0) return false;
  for (const int end : ends) prepared(end);
  return true;
}

int makeSocket() { return prepared(socket(AF_UNIX, kStream, 0)); }

int acceptSocket(int listener) {
#ifdef SOCK_CLOEXEC
  return accept4(listener, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
#else
  const int socket = prepared(accept(listener, nullptr, nullptr));
  if (socket >= 0) fcntl(socket, F_SETFL, fcntl(socket, F_GETFL) | O_NONBLOCK);
  return socket;
#endif
}

}  // namespace waku_bridge
