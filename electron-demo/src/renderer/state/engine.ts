import { batch } from '@preact/signals'
import type { AppEvent, EngineMethod, EngineRequests, Result } from '../../shared/ipc.js'
import { FrameQueue } from './frame-queue.js'

const listeners = new Set<(event: AppEvent) => void>()

const queue = new FrameQueue<AppEvent>((batched) => {
  batch(() => {
    for (const event of batched) for (const listener of listeners) listener(event)
  })
})

/** Asks the engine. Never rejects. */
export async function ask<M extends EngineMethod> (method: M, params: EngineRequests[M]['params']): Promise<Result<EngineRequests[M]['value']>> {
  return await window.chat.request(method, params)
}

/** Hands all events on from now on, gathered by frame and in order. */
export function listen (listener: (event: AppEvent) => void): void {
  listeners.add(listener)
  if (listeners.size === 1) window.chat.subscribe((event) => { queue.push(event) })
}

/** Hands on now the events that wait for the next frame. */
export function flushEvents (): void {
  queue.flush()
}
