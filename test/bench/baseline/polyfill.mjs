// Some of the published packages use it, and Node 20 does not have it yet.
Promise.withResolvers ??= function () {
  let resolve, reject
  const promise = new this((_resolve, _reject) => { resolve = _resolve; reject = _reject })
  return { promise, resolve, reject }
}
