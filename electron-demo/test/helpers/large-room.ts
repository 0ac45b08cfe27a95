import { join } from 'node:path'
import { Database } from '../../src/node-process/database/database.js'

/** Writes a room with many messages, alternately of the user and of somebody else, one a second until a minute ago. */
export function writeLargeRoom (dataPath: string, roomId: string, numMessages: number): void {
  const database = new Database(join(dataPath, 'chat.sqlite3'))
  const lastAt = (Date.now() - 60_000) * 1000
  try {
    database.settings.save({ nickname: 'anna', network: { kind: 'local' }, backend: 'js', theme: 'light', language: 'en', notifications: false })
    database.transaction(() => {
      database.rooms.insert(roomId, lastAt)
      for (let number = 0; number < numMessages; number++) {
        const sentAtUs = lastAt - (numMessages - number) * 1_000_000
        const isOwn = number % 3 === 0
        database.messages.insert({
          roomId,
          position: sentAtUs,
          sentAtUs,
          hash: `0x${number.toString(16).padStart(64, '0')}`,
          uid: `large-room-${number}`,
          nick: isOwn ? 'anna' : 'ben',
          text: `message ${number + 1} of a long conversation${number % 7 === 0 ? ', with some more words, so that not all lines are of the same length and some take two of them' : ''}`,
          isOwn,
          state: isOwn ? 'stored' : 'received',
          clientId: null
        })
      }
    })
  } finally {
    database.close()
  }
}
