/* Tests only, preloaded: an allocator of the host's own, as Electron has. Memory that one of the two
 * allocators gives and the other frees ends the process. */
#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void* __libc_memalign(size_t alignment, size_t size);
void __libc_free(void* block);

typedef struct header {
  uint64_t mark;
  void* block;
  size_t size;
  uint64_t padding;
} header;

static const uint64_t kMark = 0x77616b7577616b75;

static void* allocate(size_t alignment, size_t size) {
  if (alignment < sizeof(header)) alignment = sizeof(header);
  char* block = __libc_memalign(alignment, size + alignment);
  if (block == NULL) return NULL;
  header* own = (header*)(block + alignment) - 1;
  *own = (header){kMark, block, size, 0};
  return block + alignment;
}

static header* header_of(void* pointer) {
  header* own = (header*)pointer - 1;
  if (own->mark == kMark) return own;
  static const char text[] = "memory of another allocator\n";
  (void)!write(2, text, sizeof(text) - 1);
  abort();
}

void* malloc(size_t size) { return allocate(0, size); }

void free(void* pointer) {
  if (pointer == NULL) return;
  header* own = header_of(pointer);
  own->mark = 0;
  __libc_free(own->block);
}

void* calloc(size_t count, size_t size) {
  if (size != 0 && count > SIZE_MAX / size) return NULL;
  void* pointer = allocate(0, count * size);
  if (pointer != NULL) memset(pointer, 0, count * size);
  return pointer;
}

void* realloc(void* pointer, size_t size) {
  if (pointer == NULL) return malloc(size);
  const size_t old = header_of(pointer)->size;
  void* moved = malloc(size);
  if (moved == NULL) return NULL;
  memcpy(moved, pointer, old < size ? old : size);
  free(pointer);
  return moved;
}

void* memalign(size_t alignment, size_t size) { return allocate(alignment, size); }
void* aligned_alloc(size_t alignment, size_t size) { return allocate(alignment, size); }
void* valloc(size_t size) { return allocate(4096, size); }
size_t malloc_usable_size(void* pointer) { return pointer == NULL ? 0 : header_of(pointer)->size; }

int posix_memalign(void** pointer, size_t alignment, size_t size) {
  *pointer = allocate(alignment, size);
  return *pointer == NULL ? ENOMEM : 0;
}
