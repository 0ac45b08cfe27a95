#pragma once

#include <pthread.h>

#include <cstddef>

namespace waku_bridge {

/** Starts a thread that nobody waits for; false if none is left. @param stackSize in bytes; 0: the system's.
 */
inline bool startThread(void* (*run)(void* argument), void* argument, size_t stackSize = 0) {
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
  if (stackSize > 0) pthread_attr_setstacksize(&attributes, stackSize);
  pthread_t thread;
  const bool started = pthread_create(&thread, &attributes, run, argument) == 0;
  pthread_attr_destroy(&attributes);
  return started;
}

}  // namespace waku_bridge
