import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net'

/** A way to a TCP port on loopback that a test can cut and mend. */
export class CuttableProxy {
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  #isCut = false

  private constructor (targetPort: number) {
    this.#server = createServer((inbound) => {
      if (this.#isCut) {
        inbound.destroy()
        return
      }
      const outbound = connect(targetPort, '127.0.0.1')
      for (const [from, to] of [[inbound, outbound], [outbound, inbound]] as const) {
        this.#sockets.add(from)
        from.pipe(to)
        from.on('error', () => {}).on('close', () => {
          this.#sockets.delete(from)
          to.destroy()
        })
      }
    })
  }

  static async to (targetPort: number): Promise<CuttableProxy> {
    const proxy = new CuttableProxy(targetPort)
    await new Promise<void>((resolve) => proxy.#server.listen(0, '127.0.0.1', resolve))
    return proxy
  }

  get port (): number {
    return (this.#server.address() as AddressInfo).port
  }

  /** Ends every connection, and each new one at once. */
  cut (): void {
    this.#isCut = true
    for (const socket of this.#sockets) socket.destroy()
  }

  mend (): void {
    this.#isCut = false
  }

  close (): void {
    this.cut()
    this.#server.close()
  }
}
