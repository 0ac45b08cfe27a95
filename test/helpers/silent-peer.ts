import { createServer, type Socket } from 'node:net'
import { onTestFinished } from 'vitest'
import { listen } from './listen.js'

/** A peer id that nobody has. */
export const strangersPeerId = '16Uiu2HAmPLe7Mzm8TsYUubgCAW1aJoeFScxrLj8ppHFivPo97bUZ'

/** Listens as a peer that takes connections and never says a word. @returns its multiaddr; it is gone when the test ends. */
export async function silentPeer (): Promise<string> {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
  })
  const port = await listen(server)
  onTestFinished(() => {
    server.close()
    for (const socket of sockets) socket.destroy()
  })
  return `/ip4/127.0.0.1/tcp/${port}/p2p/${strangersPeerId}`
}
