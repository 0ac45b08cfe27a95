import type { EventWords } from './en-events.js'

/** Events in German. */
export const deEvents: EventWords = {
  'status': ({ status, previous }) => `Status ${status}, davor ${previous}`,
  'peer:connect': ({ peerId, address }) => `Verbunden mit ${peerId} unter ${address}`,
  'peer:disconnect': ({ peerId, reason }) => `Getrennt von ${peerId}: ${reason}`,
  'topic:health': ({ pubsubTopic, health }) => `${pubsubTopic} ist ${health}`,
  'connection:status': ({ status }) => `Verbindung: ${status}`,
  'events:dropped': ({ source, count }) => `${count} Nachrichten verworfen: ${source} war zu langsam`,
  'node:unresponsive': ({ unresponsive }) => unresponsive === 'true' ? 'Der Knoten antwortet nicht' : 'Der Knoten antwortet wieder',
  'archive:error': ({ code, message }) => `Das Archiv hat versagt (${code}): ${message}`,
  'backend:exit': ({ reason, pid, code, signal, restartInMs }) => `Prozess ${pid} endete: ${reason}, Code ${code}, Signal ${signal}, nächster Start in ${restartInMs} ms`,
  'backend:restart': ({ pid, downMs }) => `Prozess ${pid} übernahm nach ${downMs} ms`,
  'listener:error': ({ message }) => `Ein Listener hat versagt: ${message}`,
  'backend:switch': ({ from, to }) => `Backend gewechselt von ${from} zu ${to}`,
  'catch-up': ({ reason, numMessages, tookMs, storePeer }) => `Aufgeholt (${reason}): ${numMessages} Nachrichten in ${tookMs} ms von ${storePeer}`,
  'message:failed': ({ roomId, code }) => `Eine Nachricht an ${roomId} wurde nicht gesendet: ${code}`,
  'offline': ({ by }) => `Offline durch ${by}`,
  'online': () => 'Wieder online',
  'suspend': () => 'Der Computer geht schlafen',
  'resume': () => 'Der Computer ist aufgewacht',
  'engine:start': ({ numRestarts }) => `Engine gestartet, Neustarts bisher: ${numRestarts}`,
  'trouble': ({ kind }) => `Absichtlich gestört: ${kind}`
}
