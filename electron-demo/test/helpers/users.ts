import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach } from 'vitest'
import { ChatUser, type UserOptions } from './chat-user.js'

/** Makes users of one machine for the tests of a file; after each test their apps are closed and their data is gone. */
export function useUsers (): { open (nick: string, options?: UserOptions): Promise<ChatUser>, pair (): Promise<[ChatUser, ChatUser]>, folder (): string } {
  let folder: string | undefined
  const users: ChatUser[] = []
  const folderNow = (): string => {
    folder ??= mkdtempSync(join(tmpdir(), 'nwaku-chat-test-'))
    return folder
  }
  afterEach(async () => {
    await Promise.all(users.splice(0).map(async (user) => await user.close()))
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
    folder = undefined
  })
  const open = async (nick: string, options: UserOptions = {}): Promise<ChatUser> => {
    const user = new ChatUser(nick, folderNow(), options)
    users.push(user)
    await user.open()
    return user
  }
  return {
    open,
    folder: folderNow,
    /** Two users in the room `lobby`, connected. */
    pair: async () => {
      const pair: [ChatUser, ChatUser] = [await open('anna'), await open('ben')]
      await Promise.all(pair.map(async (user) => await user.untilOnline()))
      return pair
    }
  }
}
