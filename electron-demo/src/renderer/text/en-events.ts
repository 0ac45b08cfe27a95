import type { EventType } from '../../shared/ipc.js'

/** What an event carries; a key that is missing reads as `unknown`. */
export type EventData = Readonly<Record<
  | 'status' | 'previous' | 'peerId' | 'address' | 'reason' | 'pubsubTopic' | 'health' | 'source' | 'count' | 'unresponsive' | 'code'
  | 'message' | 'pid' | 'signal' | 'restartInMs' | 'downMs' | 'from' | 'to' | 'numMessages' | 'tookMs' | 'storePeer' | 'roomId' | 'by'
  | 'numRestarts' | 'kind', string>>

/** How a language words the events of the node. */
export type EventWords = Readonly<Record<EventType, (data: EventData) => string>>

/** Events in English. */
export const enEvents: EventWords = {
  'status': ({ status, previous }) => `Status ${status}, before that ${previous}`,
  'peer:connect': ({ peerId, address }) => `Connected to ${peerId} at ${address}`,
  'peer:disconnect': ({ peerId, reason }) => `Disconnected from ${peerId}: ${reason}`,
  'topic:health': ({ pubsubTopic, health }) => `${pubsubTopic} is ${health}`,
  'connection:status': ({ status }) => `Connection: ${status}`,
  'events:dropped': ({ source, count }) => `${count} messages dropped: ${source} was too slow`,
  'node:unresponsive': ({ unresponsive }) => unresponsive === 'true' ? 'The node does not answer' : 'The node answers again',
  'archive:error': ({ code, message }) => `The archive failed (${code}): ${message}`,
  'backend:exit': ({ reason, pid, code, signal, restartInMs }) => `Process ${pid} ended: ${reason}, code ${code}, signal ${signal}, next start in ${restartInMs} ms`,
  'backend:restart': ({ pid, downMs }) => `Process ${pid} took over after ${downMs} ms`,
  'listener:error': ({ message }) => `A listener failed: ${message}`,
  'backend:switch': ({ from, to }) => `Backend changed from ${from} to ${to}`,
  'catch-up': ({ reason, numMessages, tookMs, storePeer }) => `Caught up (${reason}): ${numMessages} messages in ${tookMs} ms from ${storePeer}`,
  'message:failed': ({ roomId, code }) => `A message to ${roomId} was not sent: ${code}`,
  'offline': ({ by }) => `Offline by ${by}`,
  'online': () => 'Online again',
  'suspend': () => 'The computer goes to sleep',
  'resume': () => 'The computer woke up',
  'engine:start': ({ numRestarts }) => `Engine started, restarts so far: ${numRestarts}`,
  'trouble': ({ kind }) => `Trouble made on purpose: ${kind}`
}
