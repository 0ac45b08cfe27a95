// The Node-API front: per environment one session of the bridge; it converts arguments and does nothing else. Its
// JavaScript face is declared in src/backends/libwaku/drivers/addon.ts and may change with every version.
#include <napi.h>

#include <string>
#include <utility>
#include <vector>

#include "bridge.h"

namespace {

/** What belongs to one environment. The order of the members is the order of set-up; deleted by the environment after
 * the cleanup hook has closed the session, which therefore never rings a bell that is gone. */
struct Environment {
  napi_threadsafe_function bell = nullptr;  // closed by the environment itself
  int64_t session = 0;
  bool isMainThread = false;

  static Environment& of(const Napi::CallbackInfo& info) { return *static_cast<Environment*>(info.Data()); }
};

/** Runs on the JavaScript thread for each ring; with a null environment when that is going away. */
void callJavaScript(napi_env env, napi_value onWake, void*, void*) {
  if (env == nullptr || onWake == nullptr) return;
  napi_value receiver;
  if (napi_get_undefined(env, &receiver) != napi_ok) return;
  napi_call_function(env, receiver, onWake, 0, nullptr, nullptr);  // what it throws, Node reports as uncaught
}

/** Runs on any thread, under the session's lock. The queue holds one ring at most, so it never is full. */
void ring(void* data) { napi_call_threadsafe_function(static_cast<Environment*>(data)->bell, nullptr, napi_tsfn_nonblocking); }

void closeSession(void* data) {
  auto& environment = *static_cast<Environment*>(data);
  wb_session_close(environment.session, environment.isMainThread ? WB_FATE_LEAK : WB_FATE_DESTROY);
}

Napi::Value number(const Napi::CallbackInfo& info, int64_t value) {
  return Napi::Number::New(info.Env(), static_cast<double>(value));
}

/** start(onWake: () => void, isMainThread: boolean): opens the session. Once per environment. */
void start(const Napi::CallbackInfo& info) {
  auto& environment = Environment::of(info);
  if (environment.session != 0) throw Napi::Error::New(info.Env(), "the session is open");
  const napi_env env = info.Env();
  const auto name = Napi::String::New(info.Env(), "nwaku-desktop");
  environment.isMainThread = info[1].As<Napi::Boolean>();
  if (napi_create_threadsafe_function(env, info[0], nullptr, name, 0, 1, nullptr, nullptr, nullptr, callJavaScript,
                                      &environment.bell) != napi_ok) {
    throw Napi::Error::New(info.Env(), "no thread-safe function");
  }
  napi_unref_threadsafe_function(env, environment.bell);
  const int64_t session = wb_session_open(ring, &environment, nullptr);
  if (session < 0) throw Napi::Error::New(info.Env(), "no session");
  environment.session = session;
  // After the thread-safe function's own hook, so that it runs before it.
  napi_add_env_cleanup_hook(env, closeSession, &environment);
}

/** keepAlive(on: boolean): whether the session keeps the event loop running. */
void keepAlive(const Napi::CallbackInfo& info) {
  auto& environment = Environment::of(info);
  if (info[0].As<Napi::Boolean>()) {
    napi_ref_threadsafe_function(info.Env(), environment.bell);
  } else {
    napi_unref_threadsafe_function(info.Env(), environment.bell);
  }
}

/** open(path: string, output: number): number */
Napi::Value open(const Napi::CallbackInfo& info) {
  const std::string path = info[0].As<Napi::String>();
  return number(info, wb_library_open(Environment::of(info).session, path.c_str(), info[1].As<Napi::Number>()));
}

/** create(config: string, maxEvents: number, maxEventBytes: number, maxCalls: number): number */
Napi::Value create(const Napi::CallbackInfo& info) {
  const std::string config = info[0].As<Napi::String>();
  return number(info, wb_context_create(Environment::of(info).session, config.c_str(),
                                        info[1].As<Napi::Number>().Uint32Value(),
                                        static_cast<uint64_t>(info[2].As<Napi::Number>().Int64Value()),
                                        info[3].As<Napi::Number>().Uint32Value()));
}

/** call(context: number, name: string, arguments: Array<string | number>): number */
Napi::Value call(const Napi::CallbackInfo& info) {
  const std::string name = info[1].As<Napi::String>();
  const auto given = info[2].As<Napi::Array>();
  const uint32_t count = given.Length();
  std::vector<std::string> texts(count);
  std::vector<wb_value> values(count);
  for (uint32_t i = 0; i < count; i++) {
    const Napi::Value value = given[i];
    if (value.IsString()) {
      texts[i] = value.As<Napi::String>();
      values[i] = {texts[i].data(), texts[i].size(), 0};
    } else {
      values[i] = {nullptr, 0, value.As<Napi::Number>().Int64Value()};
    }
  }
  return number(info, wb_context_call(Environment::of(info).session, info[0].As<Napi::Number>().Int64Value(),
                                      name.c_str(), values.data(), count));
}

/** destroy(context: number): number */
Napi::Value destroy(const Napi::CallbackInfo& info) {
  return number(info, wb_context_destroy(Environment::of(info).session, info[0].As<Napi::Number>().Int64Value()));
}

/** take(): Uint8Array | undefined: the next batch, in memory of the environment's own, as Electron demands */
Napi::Value take(const Napi::CallbackInfo& info) {
  const int64_t session = Environment::of(info).session;
  const int64_t size = wb_batch_prepare(session);
  if (size <= 0) return info.Env().Undefined();
  auto batch = Napi::Buffer<uint8_t>::New(info.Env(), static_cast<size_t>(size));
  wb_batch_take(session, batch.Data(), batch.Length());
  return batch;
}

/** stats(context?: number): number[] | undefined: the figures of the process or of a context */
Napi::Value stats(const Napi::CallbackInfo& info) {
  double figures[16];
  const bool ofContext = info[0].IsNumber();
  const int32_t count = ofContext ? wb_context_stats(Environment::of(info).session,
                                                     info[0].As<Napi::Number>().Int64Value(), figures, 16)
                                  : wb_process_stats(figures, 16);
  if (count < 0) return info.Env().Undefined();
  auto all = Napi::Array::New(info.Env(), static_cast<size_t>(count));
  for (int32_t i = 0; i < count; i++) all[static_cast<uint32_t>(i)] = Napi::Number::New(info.Env(), figures[i]);
  return all;
}

/** close(fate: number): gives up what the session holds; the environment stays usable for nothing else */
void close(const Napi::CallbackInfo& info) {
  wb_session_close(Environment::of(info).session, info[0].As<Napi::Number>());
}

Napi::Object init(Napi::Env env, Napi::Object exports) {
  auto* environment = new Environment;
  env.SetInstanceData(environment);
  const auto add = [&](const char* name, auto function) {
    exports.Set(name, Napi::Function::New(env, function, name, environment));
  };
  exports.Set("interfaceVersion", Napi::Number::New(env, wb_interface_version()));
  add("start", start);
  add("keepAlive", keepAlive);
  add("open", open);
  add("create", create);
  add("call", call);
  add("destroy", destroy);
  add("take", take);
  add("stats", stats);
  add("close", close);
  return exports;
}

}  // namespace

NODE_API_MODULE(NODE_GYP_MODULE_NAME, init)
