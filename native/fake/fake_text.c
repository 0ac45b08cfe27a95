#include "fake_text.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void text_add(text_t* text, const char* bytes, size_t length) {
  if (text->length + length + 1 > text->capacity) {
    text->capacity = (text->length + length + 1) * 2;
    text->data = realloc(text->data, text->capacity);
  }
  memcpy(text->data + text->length, bytes, length);
  text->length += length;
  text->data[text->length] = '\0';
}

void text_format(text_t* text, const char* format, ...) {
  va_list list, again;
  va_start(list, format);
  va_copy(again, list);
  int length = vsnprintf(NULL, 0, format, list);
  va_end(list);
  char* buffer = malloc((size_t)length + 1);
  vsnprintf(buffer, (size_t)length + 1, format, again);
  va_end(again);
  text_add(text, buffer, (size_t)length);
  free(buffer);
}

/* Where the value of a key begins, or NULL. */
static const char* find_key(const char* json, const char* key) {
  const size_t length = strlen(key);
  for (const char* at = strchr(json, '"'); at != NULL; at = strchr(at + 1, '"')) {
    if (strncmp(at + 1, key, length) != 0 || at[1 + length] != '"') continue;
    const char* value = at + 2 + length;
    while (isspace((unsigned char)*value)) value++;
    if (*value != ':') continue;
    value++;
    while (isspace((unsigned char)*value)) value++;
    return value;
  }
  return NULL;
}

static const char* string_end(const char* at) {
  while (*at != '\0' && *at != '"') at += (*at == '\\' && at[1] != '\0') ? 2 : 1;
  return at;
}

static char* copy(const char* from, const char* to) {
  char* text = malloc((size_t)(to - from) + 1);
  memcpy(text, from, (size_t)(to - from));
  text[to - from] = '\0';
  return text;
}

char* json_value(const char* json, const char* key) {
  const char* value = find_key(json, key);
  if (value == NULL) return NULL;
  if (*value == '"') return copy(value + 1, string_end(value + 1));
  const char* end = value;
  if (*value == '[') {
    while (*end != '\0' && *end != ']') end = *end == '"' ? string_end(end + 1) + 1 : end + 1;
    if (*end == ']') end++;
  } else {
    while (*end != '\0' && *end != ',' && *end != '}' && !isspace((unsigned char)*end)) end++;
  }
  return copy(value, end);
}

int64_t json_number(const char* json, const char* key, int64_t missing) {
  char* value = json_value(json, key);
  if (value == NULL) return missing;
  const int64_t number = strcmp(value, "true") == 0 ? 1 : strtoll(value, NULL, 10);
  free(value);
  return number;
}

int json_list_allows(const char* json, const char* key, const char* item) {
  const char* at = find_key(json, key);
  if (at == NULL || *at != '[') return 1;
  int any = 0;
  for (at++; *at != '\0' && *at != ']'; at++) {
    if (*at != '"') continue;
    const char* end = string_end(at + 1);
    any = 1;
    if ((size_t)(end - at - 1) == strlen(item) && strncmp(at + 1, item, strlen(item)) == 0) return 1;
    at = *end == '\0' ? end - 1 : end;
  }
  return !any;
}

static int8_t digit_values[256];

__attribute__((constructor)) static void fill_digit_values(void) {
  static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  memset(digit_values, -1, sizeof(digit_values));
  for (int i = 0; i < 64; i++) digit_values[(unsigned char)alphabet[i]] = (int8_t)i;
}

int64_t base64_decode(const char* text, uint8_t** bytes) {
  const size_t length = strlen(text);
  *bytes = malloc(length / 4 * 3 + 1);
  if (length % 4 != 0) return -1;
  int64_t out = 0;
  for (size_t i = 0; i < length; i += 4) {
    const int pad = i + 4 < length ? 0 : (text[i + 3] == '=') + (text[i + 2] == '=');
    uint32_t group = 0;
    for (int j = 0; j < 4; j++) {
      const int value = j >= 4 - pad ? 0 : digit_values[(unsigned char)text[i + j]];
      if (value < 0) return -1;
      group = group << 6 | (uint32_t)value;
    }
    for (int j = 0; j < 3 - pad; j++) (*bytes)[out++] = (uint8_t)(group >> (16 - 8 * j));
  }
  return out;
}

static uint32_t rotate(uint32_t x, int n) { return x >> n | x << (32 - n); }

static void sha256_block(uint32_t state[8], const uint8_t* block) {
  static const uint32_t k[64] = {
      0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
      0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
      0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
      0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
      0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
      0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
      0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
      0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};
  uint32_t w[64], s[8];
  for (int i = 0; i < 16; i++)
    w[i] = (uint32_t)block[4 * i] << 24 | (uint32_t)block[4 * i + 1] << 16 | (uint32_t)block[4 * i + 2] << 8 |
           block[4 * i + 3];
  for (int i = 16; i < 64; i++)
    w[i] = w[i - 16] + w[i - 7] + (rotate(w[i - 15], 7) ^ rotate(w[i - 15], 18) ^ w[i - 15] >> 3) +
           (rotate(w[i - 2], 17) ^ rotate(w[i - 2], 19) ^ w[i - 2] >> 10);
  memcpy(s, state, sizeof(s));
  for (int i = 0; i < 64; i++) {
    const uint32_t t1 = s[7] + (rotate(s[4], 6) ^ rotate(s[4], 11) ^ rotate(s[4], 25)) +
                        ((s[4] & s[5]) ^ (~s[4] & s[6])) + k[i] + w[i];
    const uint32_t t2 = (rotate(s[0], 2) ^ rotate(s[0], 13) ^ rotate(s[0], 22)) +
                        ((s[0] & s[1]) ^ (s[0] & s[2]) ^ (s[1] & s[2]));
    memmove(s + 1, s, 7 * sizeof(uint32_t));
    s[4] += t1;
    s[0] = t1 + t2;
  }
  for (int i = 0; i < 8; i++) state[i] += s[i];
}

void message_hash(const char* pubsub_topic, const char* content_topic, const uint8_t* payload,
                  size_t payload_length, const uint8_t* meta, size_t meta_length, int64_t timestamp,
                  char out[67]) {
  text_t all = {0};
  text_add(&all, pubsub_topic, strlen(pubsub_topic));
  text_add(&all, (const char*)payload, payload_length);
  text_add(&all, content_topic, strlen(content_topic));
  text_add(&all, (const char*)meta, meta_length);
  for (int i = 7; i >= 0; i--) {
    const char byte = (char)((uint64_t)timestamp >> (8 * i));
    text_add(&all, &byte, 1);
  }
  const uint64_t bits = all.length * 8;
  const char end = (char)0x80, zero = 0;
  text_add(&all, &end, 1);
  while (all.length % 64 != 56) text_add(&all, &zero, 1);
  for (int i = 7; i >= 0; i--) {
    const char byte = (char)(bits >> (8 * i));
    text_add(&all, &byte, 1);
  }
  uint32_t state[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                       0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
  for (size_t at = 0; at < all.length; at += 64) sha256_block(state, (const uint8_t*)all.data + at);
  free(all.data);
  snprintf(out, 67, "0x%08x%08x%08x%08x%08x%08x%08x%08x", state[0], state[1], state[2], state[3], state[4],
           state[5], state[6], state[7]);
}
