/* Just enough JSON, base64 and SHA-256 for the fake library. Texts returned are malloc'ed. */
#ifndef FAKE_TEXT_H
#define FAKE_TEXT_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

/* A growing text. */
typedef struct text_t {
  char* data;
  size_t length, capacity;
} text_t;

void text_add(text_t* text, const char* bytes, size_t length);
void text_format(text_t* text, const char* format, ...) __attribute__((format(printf, 2, 3)));

/* The raw value of a key anywhere in a JSON text: strings without their quotes and with escapes left alone,
 * anything else up to its end. NULL if there is none. */
char* json_value(const char* json, const char* key);

/* The same as a number; `missing` if there is none. */
int64_t json_number(const char* json, const char* key, int64_t missing);

/* Whether a JSON array under `key` lacks or is empty (then 1), or holds the string `item` (1), or does not
 * (0). */
int json_list_allows(const char* json, const char* key, const char* item);

/* Decodes standard base64; returns the length, or -1. */
int64_t base64_decode(const char* text, uint8_t** bytes);

/* The message hash of waku: 0x and 64 hex digits. */
void message_hash(const char* pubsub_topic, const char* content_topic, const uint8_t* payload,
                  size_t payload_length, const uint8_t* meta, size_t meta_length, int64_t timestamp,
                  char out[67]);

#endif
