#include "library.h"

#include <dlfcn.h>
#ifdef __APPLE__
#include <mach-o/getsect.h>
#include <mach-o/loader.h>
#else
#include <link.h>
#endif
#include <stdio.h>
#include <stdlib.h>

#include <algorithm>
#include <memory>
#include <utility>

namespace waku_bridge {

namespace {

std::mutex& openMutex() {
  static auto* mutex = new std::mutex;
  return *mutex;
}

std::atomic<const Library*> opened{nullptr};

#if defined(RTLD_DEEPBIND) && defined(__GLIBC__)
/** Whether the host's malloc is the C library's own. Electron brings another, and so do sanitizers and
 * jemalloc. */
bool hasPlainAllocator() {
  void* libc = dlopen("libc.so.6", RTLD_NOW | RTLD_NOLOAD);
  if (libc == nullptr) return false;
  const bool plain = dlsym(RTLD_DEFAULT, "malloc") == dlsym(libc, "malloc");
  dlclose(libc);
  return plain;
}
#endif

/**
 * Whether the library is to look for its symbols in itself first, and so use its own OpenSSL and SQLite
 * rather than those that `node` exports. glibc only: elsewhere there is no such flag, and macOS needs none.
 * Not where the host brings its own malloc: what strdup() then allocates there, the library would free with
 * the C library's. Electron, the case that matters, exports no OpenSSL.
 */
bool usesDeepBinding() {
#if defined(RTLD_DEEPBIND) && defined(__GLIBC__)
  static const bool uses = hasPlainAllocator();
  return uses;
#else
  return false;
#endif
}

int loadFlags() {
  int flags = RTLD_NOW | RTLD_LOCAL;
#ifdef RTLD_DEEPBIND
  if (usesDeepBinding()) flags |= RTLD_DEEPBIND;
#endif
  return flags;
}

std::string realPath(const std::string& path) {
  std::unique_ptr<char, decltype(&free)> resolved(realpath(path.c_str(), nullptr), &free);
  return resolved ? std::string(resolved.get()) : path;
}

/**
 * Points the library's `stdout` elsewhere; descriptor 1 stays the host's. The variable is the one that the
 * library itself sees. With deep binding that is the C library's, of which `node` has a copy, so the host's C
 * code is not touched; otherwise the two share it. What the library writes straight to descriptor 1, or
 * prints with printf(), still gets through, and so does all of it on musl, whose `stdout` is constant: there,
 * run the node in a child process whose descriptor 1 is not needed.
 */
void redirectOutput(void* handle, wb_output output) {
#if defined(__GLIBC__) || defined(__APPLE__)
  if (output == WB_OUTPUT_INHERIT) return;
#ifdef __APPLE__
  auto** slot = static_cast<FILE**>(dlsym(handle, "__stdoutp"));
#else
  auto** slot = static_cast<FILE**>(dlsym(usesDeepBinding() ? handle : RTLD_DEFAULT, "stdout"));
#endif
  FILE* file = output == WB_OUTPUT_STDERR ? stderr : fopen("/dev/null", "we");
  if (slot != nullptr && file != nullptr) *slot = file;
#else
  (void)handle;
  (void)output;
#endif
}

/** Finds where the file that holds `address` is loaded. dladdr() would do, but it looks through all symbols
 * of the host's executable, which takes milliseconds. */
Library::Range rangeOf(void* address) {
#ifdef __APPLE__
  Dl_info info;
  if (dladdr(address, &info) == 0) return {};
  const auto* header = static_cast<const mach_header_64*>(info.dli_fbase);
  Library::Range range{reinterpret_cast<uintptr_t>(header), 0};
  getsegmentdata(header, SEG_TEXT, &range.size);
  return range;
#else
  struct Search {
    uintptr_t address;
    Library::Range found;
  } search{reinterpret_cast<uintptr_t>(address), {}};
  dl_iterate_phdr(
      [](dl_phdr_info* info, size_t, void* data) {
        auto& wanted = *static_cast<Search*>(data);
        uintptr_t begin = UINTPTR_MAX;
        uintptr_t end = 0;
        for (int i = 0; i < info->dlpi_phnum; i++) {
          const auto& segment = info->dlpi_phdr[i];
          if (segment.p_type != PT_LOAD) continue;
          begin = std::min<uintptr_t>(begin, info->dlpi_addr + segment.p_vaddr);
          end = std::max<uintptr_t>(end, info->dlpi_addr + segment.p_vaddr + segment.p_memsz);
        }
        if (wanted.address < begin || wanted.address >= end) return 0;
        wanted.found = {begin, end - begin};
        return 1;
      },
      &search);
  return search.found;
#endif
}

}  // namespace

const Library* Library::current() { return opened.load(); }

Library::Outcome Library::open(const std::string& path, wb_output output) {
  std::lock_guard<std::mutex> lock(openMutex());
  const bool bare = path.find('/') == std::string::npos;
  const std::string wanted = bare ? path : realPath(path);
  const Library* before = current();
  if (before != nullptr && !bare && wanted != before->path_) {
    return {WB_OTHER_LIBRARY, before->path_};
  }
  if (before != nullptr && !bare) return {WB_OK, before->describe()};
  void* handle = dlopen(wanted.c_str(), loadFlags() | (before == nullptr ? 0 : RTLD_NOLOAD));
  if (handle == nullptr) {
    if (before != nullptr) return {WB_OTHER_LIBRARY, before->path_};
    const char* reason = dlerror();
    return {WB_LOAD_FAILED, reason == nullptr ? "unknown reason" : reason};
  }
  std::unique_ptr<Library> library(new Library);
  std::string reason;
  if (!library->abi_.resolve([handle](const char* symbol) { return dlsym(handle, symbol); }, reason)) {
    return {before == nullptr ? WB_UNKNOWN_ABI : WB_OTHER_LIBRARY,
            before == nullptr ? reason : before->path_};
  }
  void* const known = library->abi_.anyAddress();
  Dl_info info;
  library->path_ = dladdr(known, &info) != 0 ? realPath(info.dli_fname) : wanted;
  library->range_ = rangeOf(known);
  if (before != nullptr) {
    return library->path_ == before->path_ ? Outcome{WB_OK, before->describe()}
                                           : Outcome{WB_OTHER_LIBRARY, before->path_};
  }
  redirectOutput(handle, output);
  opened = library.release();
  return {WB_OK, current()->describe()};
}

std::string Library::describe() const {
  std::string text = std::string(abi_.generation()) + "\n";
  for (const auto& function : abi_.functions()) text.append(function.name).append(" ");
  text.back() = '\n';
  return text + path_;
}

bool Library::contains(void* address) const {
  return reinterpret_cast<uintptr_t>(address) - range_.begin < range_.size;
}

}  // namespace waku_bridge
