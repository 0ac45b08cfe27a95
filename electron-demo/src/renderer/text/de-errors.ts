import type { ErrorWords } from './en-errors.js'

/** Errors in German. */
export const deErrors: ErrorWords = {
  byCode: {
    CHAT_BAD_REQUEST: () => 'Die App hat etwas verlangt, das die Engine nicht kennt. Das ist ein Fehler im Programm.',
    CHAT_OTHER_NETWORK: () => 'Dieser Link führt in ein anderes Netzwerk als deines.',
    CHAT_TEXT_EMPTY: () => 'Es gibt nichts zu senden.',
    CHAT_TEXT_TOO_LONG: ({ max }) => `Eine Nachricht hat höchstens ${String(max)} Zeichen.`,
    CHAT_NO_ROOM: () => 'Diesen Raum gibt es hier nicht mehr.',
    CHAT_NO_MESSAGE: () => 'Diese Nachricht gibt es hier nicht mehr.',
    CHAT_NOT_SET_UP: () => 'Wähle zuerst einen Namen und ein Netzwerk.',
    CHAT_NO_STORE: () => 'Niemand, der verbunden ist, bewahrt den Verlauf auf.',
    CHAT_DATABASE: () => 'Die Datenbank auf diesem Computer hat versagt.',
    CHAT_ENGINE_LOST: () => 'Die Chat-Engine endete, bevor sie antwortete. Versuche es noch einmal.',
    CHAT_REFUSED: () => 'Das lässt die App nicht zu.',
    CHAT_CANCELLED: () => 'Abgebrochen.',
    CHAT_INTERNAL: () => 'In der App ist etwas schiefgegangen. Das ist ein Fehler im Programm.',
    WAKU_NO_PEERS: () => 'Niemand ist verbunden, der sie annehmen könnte.',
    WAKU_TIMEOUT: () => 'Niemand hat rechtzeitig geantwortet.',
    WAKU_UNAVAILABLE: () => 'Die native Bibliothek ist auf diesem Computer nicht vorhanden.',
    WAKU_NOT_STARTED: () => 'Der Knoten läuft nicht.',
    WAKU_STORE_FAILED: () => 'Der Speicher hat mit einem Fehler geantwortet.'
  },
  byReason: {
    'empty': 'Bitte fülle das aus.',
    'too-long': 'Das ist zu lang.',
    'characters': 'Manche dieser Zeichen gehen hier nicht. Lass Leerzeichen und Schrägstriche weg.',
    'cluster': 'Ein Cluster ist eine Zahl von 0 bis 65535.',
    'shards': 'Die Zahl der Shards liegt zwischen 1 und 1024.',
    'address': 'Jede Zeile muss eine Multiaddr sein, die mit /p2p/ und einer Peer-ID endet.',
    'form': 'Das ist kein Einladungslink dieser App, oder er ist beschädigt.'
  },
  other: (code) => `Es hat nicht geklappt (${code}).`
}
