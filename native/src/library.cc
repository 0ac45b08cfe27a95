#include "library.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>

#include <memory>
#include <utility>

namespace waku_bridge {

namespace {

std::mutex& openMutex() {
  static auto* mutex = new std::mutex;
  return *mutex;
}

std::atomic<const Library*> opened{nullptr};

/**
 * RTLD_DEEPBIND makes the library use its own OpenSSL and SQLite rather than those that `node` exports. glibc only:
 * elsewhere there is no such flag, and macOS needs none. Sanitizers cannot work with it.
 */
int loadFlags() {
  int flags = RTLD_NOW | RTLD_LOCAL;
#if defined(RTLD_DEEPBIND) && defined(__GLIBC__)
  if (dlsym(RTLD_DEFAULT, "__sanitizer_print_stack_trace") == nullptr) flags |= RTLD_DEEPBIND;
#endif
  return flags;
}

std::string realPath(const std::string& path) {
  std::unique_ptr<char, decltype(&free)> resolved(realpath(path.c_str(), nullptr), &free);
  return resolved ? std::string(resolved.get()) : path;
}

/**
 * Points the library's `stdout` elsewhere; descriptor 1 stays the host's. The variable is the one that the library
 * itself sees, so on glibc, where the loader gives `node` a copy, the host's C code is not touched either. What the
 * library writes straight to descriptor 1 still gets through, and so does all of it on musl, whose `stdout` is
 * constant: there, run the node in a child process.
 */
void redirectOutput(void* handle, wb_output output) {
#if defined(__GLIBC__) || defined(__APPLE__)
  if (output == WB_OUTPUT_INHERIT) return;
#ifdef __APPLE__
  auto** slot = static_cast<FILE**>(dlsym(handle, "__stdoutp"));
#else
  auto** slot = static_cast<FILE**>(dlsym(handle, "stdout"));
#endif
  FILE* file = output == WB_OUTPUT_STDERR ? stderr : fopen("/dev/null", "we");
  if (slot != nullptr && file != nullptr) *slot = file;
#else
  (void)handle;
  (void)output;
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
    return {before == nullptr ? WB_UNKNOWN_ABI : WB_OTHER_LIBRARY, before == nullptr ? reason : before->path_};
  }
  Dl_info info;
  if (dladdr(library->abi_.functions().front().address, &info) != 0) {
    library->base_ = info.dli_fbase;
    library->path_ = realPath(info.dli_fname);
  }
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
  Dl_info info;
  return address != nullptr && dladdr(address, &info) != 0 && info.dli_fbase == base_;
}

}  // namespace waku_bridge
