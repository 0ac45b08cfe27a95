// The Node-API front: it converts arguments for the bridge and keeps its sessions. Its JavaScript face is
// declared in src/backends/libwaku/drivers/addon.ts and may change with every version.
#include <napi.h>

#include <memory>
#include <string>
#include <unordered_map>
#include <utility>

#include "bridge.h"

namespace {

/** A session and the bell that wakes its JavaScript. Owned by the environment's Bells; outlives the session.
 */
struct Bell {
  napi_env env;
  napi_threadsafe_function function = nullptr;
  int64_t session = 0;
  bool isMainThread = false;
};

/** The environment's instance data: deleted after the cleanup hooks, which have closed the sessions by then.
 */
using Bells = std::unordered_map<int64_t, std::unique_ptr<Bell>>;

/** Runs on the JavaScript thread for each ring; with a null environment when that is going away. */
void callJavaScript(napi_env env, napi_value onWake, void*, void*) {
  if (env == nullptr || onWake == nullptr) return;
  napi_value receiver;
  if (napi_get_undefined(env, &receiver) != napi_ok) return;
  napi_call_function(env, receiver, onWake, 0, nullptr, nullptr);  // what it throws, Node reports as uncaught
}

/** Runs on any thread, under the session's lock. One ring at most is queued, so the queue is never full. */
void ring(void* data) {
  napi_call_threadsafe_function(static_cast<Bell*>(data)->function, nullptr, napi_tsfn_nonblocking);
}

/** The environment goes, and with it the thread-safe function. */
void onCleanup(void* data) {
  const auto& bell = *static_cast<Bell*>(data);
  wb_session_close(bell.session, bell.isMainThread ? WB_FATE_LEAK : WB_FATE_DESTROY);
}

Napi::Value number(const Napi::CallbackInfo& info, int64_t value) {
  return Napi::Number::New(info.Env(), static_cast<double>(value));
}

int64_t sessionOf(const Napi::CallbackInfo& info) { return info[0].As<Napi::Number>().Int64Value(); }

Bell* bellOf(const Napi::CallbackInfo& info) {
  auto& bells = *info.Env().GetInstanceData<Bells>();
  const auto found = bells.find(sessionOf(info));
  return found == bells.end() ? nullptr : found->second.get();
}

/** openSession(onWake: () => void, isMainThread: boolean): number; it does not keep the event loop running */
Napi::Value openSession(const Napi::CallbackInfo& info) {
  const napi_env env = info.Env();
  auto bell = std::make_unique<Bell>();
  bell->env = env;
  bell->isMainThread = info[1].As<Napi::Boolean>();
  const auto name = Napi::String::New(env, "nwaku-desktop");
  if (napi_create_threadsafe_function(env, info[0], nullptr, name, 0, 1, nullptr, nullptr, nullptr,
                                      callJavaScript, &bell->function) != napi_ok) {
    throw Napi::Error::New(env, "no thread-safe function");
  }
  napi_unref_threadsafe_function(env, bell->function);
  bell->session = wb_session_open(ring, bell.get(), nullptr);
  if (bell->session < 0) {
    napi_release_threadsafe_function(bell->function, napi_tsfn_abort);
    throw Napi::Error::New(env, "no session");
  }
  // Added after the thread-safe function's own hook, so that it runs before it.
  napi_add_env_cleanup_hook(env, onCleanup, bell.get());
  const int64_t session = bell->session;
  info.Env().GetInstanceData<Bells>()->emplace(session, std::move(bell));
  return number(info, session);
}

/** closeSession(session: number, fate: number): void */
void closeSession(const Napi::CallbackInfo& info) {
  Bell* bell = bellOf(info);
  if (bell == nullptr) return;
  wb_session_close(bell->session, info[1].As<Napi::Number>());
  napi_remove_env_cleanup_hook(info.Env(), onCleanup, bell);
  napi_release_threadsafe_function(bell->function, napi_tsfn_abort);
  info.Env().GetInstanceData<Bells>()->erase(bell->session);
}

/** keepAlive(session: number, on: boolean): whether the session keeps the event loop running */
void keepAlive(const Napi::CallbackInfo& info) {
  const Bell* bell = bellOf(info);
  if (bell == nullptr) return;
  if (info[1].As<Napi::Boolean>()) {
    napi_ref_threadsafe_function(info.Env(), bell->function);
  } else {
    napi_unref_threadsafe_function(info.Env(), bell->function);
  }
}

int64_t integer(const Napi::CallbackInfo& info, size_t index) {
  return info[index].As<Napi::Number>().Int64Value();
}

/** call(session: number, calls: Uint8Array): number */
Napi::Value call(const Napi::CallbackInfo& info) {
  const auto calls = info[1].As<Napi::Uint8Array>();
  return number(info, wb_call(sessionOf(info), calls.Data(), calls.ByteLength()));
}

/** prepare(session: number, maxWaitMs: number): number: the bytes of the next batch */
Napi::Value prepare(const Napi::CallbackInfo& info) {
  return number(info, wb_batch_prepare(sessionOf(info), info[1].As<Napi::Number>().Uint32Value()));
}

/** take(session: number, batch: Uint8Array): void: writes the batch that was prepared, into memory of the
 * environment's own, as Electron demands */
void take(const Napi::CallbackInfo& info) {
  auto batch = info[1].As<Napi::Uint8Array>();
  wb_batch_take(sessionOf(info), batch.Data(), batch.ByteLength());
}

/** serve(path: string): number: the descriptor that tells of the other process */
Napi::Value serve(const Napi::CallbackInfo& info) {
  const std::string path = info[0].As<Napi::String>();
  int32_t descriptor = -1;
  const int32_t status = wb_host_serve(path.c_str(), &descriptor);
  return number(info, status == WB_OK ? descriptor : status);
}

/** processEnds(): void: no call of the library is begun any more */
void processEnds(const Napi::CallbackInfo&) { wb_process_ends(); }

/** stats(session: number, context?: number): number[] | undefined: the figures of the process or of a context
 */
Napi::Value stats(const Napi::CallbackInfo& info) {
  double figures[16];
  const bool ofContext = info[1].IsNumber();
  const int32_t count = ofContext ? wb_context_stats(sessionOf(info), integer(info, 1), figures, 16)
                                  : wb_process_stats(figures, 16);
  if (count < 0) return info.Env().Undefined();
  auto all = Napi::Array::New(info.Env(), static_cast<size_t>(count));
  for (int32_t i = 0; i < count; i++)
    all[static_cast<uint32_t>(i)] = Napi::Number::New(info.Env(), figures[i]);
  return all;
}

Napi::Object init(Napi::Env env, Napi::Object exports) {
  env.SetInstanceData(new Bells);
  const auto add = [&](const char* name, auto function) {
    exports.Set(name, Napi::Function::New(env, function, name));
  };
  exports.Set("interfaceVersion", Napi::Number::New(env, wb_interface_version()));
  add("openSession", openSession);
  add("closeSession", closeSession);
  add("keepAlive", keepAlive);
  add("call", call);
  add("prepare", prepare);
  add("take", take);
  add("serve", serve);
  add("processEnds", processEnds);
  add("stats", stats);
  return exports;
}

}  // namespace

NODE_API_MODULE(NODE_GYP_MODULE_NAME, init)
