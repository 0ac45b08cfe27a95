/*
 * The core's plain C interface: every way into the library goes through it, from the addon and, as a shared
 * library, from koffi, and from another process that is served. Nothing here blocks and nothing here enters
 * the library: each function takes a copy of what it is given, hands the work to a dispatcher thread and
 * returns.
 *
 * koffi, or any other FFI that runs calls on stacks of its own, must call only these functions and never the
 * library itself: the library's collector scans each calling thread's stack up to the highest bottom it ever
 * saw and runs off the end of a foreign one.
 *
 * The caller numbers what it asks for: positive numbers below 2^53, which it never uses twice in a session,
 * so that a stale one is refused rather than followed. Each request is answered under its number, once, a
 * refused one with one of wb_status: then it has not reached the library. What has no session any more is
 * dropped.
 */
#ifndef WAKU_BRIDGE_H
#define WAKU_BRIDGE_H

#include <stddef.h>
#include <stdint.h>

#ifdef WAKU_BRIDGE_SHARED
#define WB_EXPORT __attribute__((visibility("default")))
#else
#define WB_EXPORT
#endif

#ifdef __cplusplus
#define WB_NOEXCEPT noexcept
extern "C" {
#else
#define WB_NOEXCEPT
#endif

/* Changes with every incompatible change of this header or of what crosses in packed form. */
#define WB_INTERFACE_VERSION 6

/* Codes of the bridge. Codes of the library are positive (1 error, 2 missing callback) or 0. */
enum wb_status {
  WB_OK = 0,
  WB_CLOSED = -1,           /* the session or context is closed, closing, or never was */
  WB_NOT_READY = -2,        /* the context is being created, or its creation failed */
  WB_UNKNOWN_FUNCTION = -3, /* this generation of the library has no such function */
  WB_BAD_ARGUMENTS = -4,    /* wrong number or kind of arguments, a number out of range, or a NUL in a text */
  WB_QUEUE_FULL = -5,       /* more calls are open than a context may have */
  WB_NO_LIBRARY = -6,       /* no library is open */
  WB_OTHER_LIBRARY = -7,    /* another library is open in this process */
  WB_LOAD_FAILED = -8,      /* the system's loader refused the file */
  WB_UNKNOWN_ABI = -9,      /* not a library, or a generation, that the bridge knows */
  WB_NO_RESOURCES = -10,    /* no thread, descriptor or memory to be had */
  WB_TOO_MANY_FILES = -11,  /* the process has so many files open that the library would hang */
  WB_CANCELLED = -12        /* given up before the library had it */
};

/* What becomes of text that the library prints to standard output. */
enum wb_output {
  WB_OUTPUT_INHERIT = 0, /* it mixes with the host's */
  WB_OUTPUT_IGNORE = 1,
  WB_OUTPUT_STDERR = 2
};

/* What becomes of the contexts of a session that is closed. */
enum wb_fate {
  WB_FATE_DESTROY = 0, /* stopped and destroyed on their dispatchers, in the background */
  WB_FATE_LEAK = 1     /* left alone and counted: the process is ending, and destroy can take half a minute */
};

/* Called on any thread when there is something to take, under a lock: it must not block or call the bridge.
 * Not called again until a batch has been taken, but for what wb_batch_prepare tells, and never after
 * wb_session_close has returned. */
typedef void (*wb_wake)(void* data);

WB_EXPORT int32_t wb_interface_version(void) WB_NOEXCEPT;

/* Opens a session: one environment's replies and events. Returns its handle. With `wake` NULL, `descriptor`
 * receives one end of a stream socket, owned by the caller, on which a byte arrives in place of each wake-up;
 * closing it closes the session. */
WB_EXPORT int64_t wb_session_open(wb_wake wake, void* data, int32_t* descriptor) WB_NOEXCEPT;

/* Closes a session. Its unanswered requests are forgotten, its contexts meet `fate`. */
WB_EXPORT void wb_session_close(int64_t session, int32_t fate) WB_NOEXCEPT;

/* Calls functions of the library. `calls` holds `size` bytes, little-endian, one call after the other: u64
 * request, u64 context, u32 length of the name, u32 length of the arguments, the function's name in the table
 * of abi.cc, and its arguments, one after the other: u64 length and that many bytes of text, or u64 2^64 - 1
 * and an i64. More of a text may follow it: u64 2^64 - 2, u64 length and that many bytes, whose base64 is
 * appended, and u64 2^64 - 3, u64 length and that many bytes of text, which are appended as they are. Last
 * may stand u64 2^64 - 4, u64 length and the hash of a message that the call publishes: of the events with
 * that hash one, by which the library repeats the context's own message, is left out. Packed, because calls
 * are many, and because an FFI that reads arguments out of JavaScript arrays crashes when its worker is
 * terminated in the middle of that. Calls that change nothing are made before others that wait. Returns
 * their number, or WB_BAD_ARGUMENTS if the form is not that; what stood before is called.
 *
 * Five functions are the bridge's own. Of context 0:
 *
 *   open(path, output)     opens the library, once per process. The answer's text is, on success, the
 *                          generation, the functions (separated by spaces) and the real path, one a line;
 *                          otherwise the reason. A path without a slash is looked for by the system's
 *                          loader. `output` is one of wb_output.
 *   create(config, max_events, max_event_bytes, max_calls, is_paced)
 *                          creates a context, a node, which has the number of the request. One whose creation
 *                          failed destroys itself. `max_events` and `max_event_bytes` bound the queue of
 *                          events not yet taken, in which payloads are decoded, `max_calls` the open calls.
 *                          With `is_paced` 1, calls that publish are held back for as long as too much of
 *                          what was handed to the library may not have reached its peers.
 *
 * Of any other context:
 *
 *   destroy()              destroys it. Open calls are answered with WB_CLOSED once the library has let go of
 *                          them; events not yet taken are dropped.
 *   peers(addresses)       says which peers take what is published: their addresses with their ids, with
 *                          spaces between. They are pinged to find out what has reached them, but not later
 *                          than five seconds after this: to be called about every second while calls that
 *                          publish are open, and when much has been published.
 *   cancel(request)        gives up a call that publishes and is held: it is answered with WB_CANCELLED. */
WB_EXPORT int32_t wb_call(int64_t session, const uint8_t* calls, uint64_t size) WB_NOEXCEPT;

/* When a caller takes the next batch that does not come by itself. */
#define WB_WHEN_WOKEN UINT32_MAX

/* Collects the next batch, at most 64 items or 256 KiB (one item may be larger), and returns its size in
 * bytes; 0: there is nothing. A batch that was not taken is kept.
 *
 * A batch is little-endian: u32 number of items, u32 in how many milliseconds the caller collects again by
 * itself, u32 how many of the items are answers; then each item: u32 kind (0 answer, 1 event, 2 dropped
 * events, 3 event with a payload), i32 code, u64 request or context, u64 length, and `length` bytes: of text,
 * as a rule. For dropped events, `length` is 0 and `code` their number since the last such item. An event has
 * a payload if the text's first 512 bytes hold a key of that name and its value is base64: that is taken out,
 * which leaves `"payload":""`, and the bytes of the item are u64 length of the text, the text, and what the
 * base64 stood for.
 *
 * When it collects again is 0 if more is waiting, WB_WHEN_WOKEN if it need not, and otherwise the time, at
 * most `max_wait_ms`, for which under load more is gathered. It must come then, and meanwhile is woken only
 * when as much waits as fills two batches, or for an answer for which somebody waits: one that is not to a
 * call that publishes, or the last that was open. */
WB_EXPORT int64_t wb_batch_prepare(int64_t session, uint32_t max_wait_ms) WB_NOEXCEPT;

/* Copies the batch into `buffer`, which must hold what wb_batch_prepare returned, and forgets it. */
WB_EXPORT int64_t wb_batch_take(int64_t session, uint8_t* buffer, uint64_t capacity) WB_NOEXCEPT;

/* Serves a session to another process, in a thread of its own: to the first that connects to a socket that
 * this makes at `path`, where the caller removes it. `descriptor` receives one end of a stream socket, owned
 * by the caller, who can give up with it for as long as nobody has connected: a 'c' arrives on it when the
 * other process has connected, an 'e' when that wants nothing any more, and it ends when the other has gone
 * or sent what is no frame, and the session is closed, whose contexts are destroyed in the background then.
 * Returns WB_OK, WB_BAD_ARGUMENTS when the path is too long, or WB_NO_RESOURCES when no socket can be made
 * there.
 *
 * What crosses are frames, little-endian: u32 kind, u32 length, and that many bytes. To here: 1 calls, as
 * wb_call takes them; 2 a ping, with a u64; 4 the end, after which it is as after wb_process_ends. From here:
 * 1 a batch; 3 the answer to a ping, with its u64, u64 bytes of memory that the process has, and u32 1 if a
 * batch is waiting, when all that was there at the ping has been sent before but for that. */
WB_EXPORT int32_t wb_host_serve(const char* path, int32_t* descriptor) WB_NOEXCEPT;

/* The process is about to end: no call into the library is begun any more, and contexts are left alone. */
WB_EXPORT void wb_process_ends(void) WB_NOEXCEPT;

/* Fills in up to `count` process-wide figures, in the order of stats.h; returns how many there are. */
WB_EXPORT int32_t wb_process_stats(double* figures, uint32_t count) WB_NOEXCEPT;

/* Fills in a context's figures: open calls, events waiting, their bytes, events received, events dropped. */
WB_EXPORT int32_t wb_context_stats(int64_t session, int64_t context, double* figures,
                                   uint32_t count) WB_NOEXCEPT;

#ifdef __cplusplus
}
#endif
#endif
