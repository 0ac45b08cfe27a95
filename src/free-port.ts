import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'

/**
 * Finds a TCP port on which nothing listens.
 *
 * @param host - an IP address.
 * @param port - the one to look at; 0 takes any.
 * @returns the port. Rejects with what the system says when it is in use.
 */
export async function freePort (host: string, port = 0): Promise<number> {
  // Workers of a cluster would share what they listen on otherwise.
  const server = createServer().listen({ host, port, exclusive: true })
  await once(server, 'listening')
  const { port: found } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return found
}
