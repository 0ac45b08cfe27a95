import type { Socket } from 'node:net'
import type { CreateListenerOptions, DialTransportOptions, MultiaddrConnection, Transport, Upgrader, UpgraderOptions } from '@libp2p/interface'
import { tcp } from '@libp2p/tcp'

/** The part of a TCP connection's inside that is replaced. */
interface TcpConnection extends MultiaddrConnection {
  readonly socket: Socket
  sendData (data: Iterable<Uint8Array>): { readonly sentBytes: number, readonly canSendMore: boolean }
}

/**
 * TCP of libp2p, with connections that give what they send to the system in one call. An encrypted frame comes in four pieces, and a call
 * for each would wake the other side for the two bytes of the length.
 */
export function corkedTcp (): (components: Parameters<ReturnType<typeof tcp>>[0]) => Transport {
  const make = tcp()
  return (components) => {
    const transport = make(components)
    const dial = transport.dial.bind(transport)
    const createListener = transport.createListener.bind(transport)
    transport.dial = async (address, options) => await dial(address, withCork(options))
    transport.createListener = (options) => createListener(withCork(options))
    return transport
  }
}

function withCork<O extends DialTransportOptions | CreateListenerOptions> (options: O): O {
  const { upgrader } = options
  // The two calls that TCP makes.
  const corking: Pick<Upgrader, 'upgradeInbound' | 'upgradeOutbound'> = {
    upgradeInbound: async (connection: MultiaddrConnection, upgrade: UpgraderOptions) => await upgrader.upgradeInbound(cork(connection), upgrade),
    upgradeOutbound: async (connection: MultiaddrConnection, upgrade: UpgraderOptions) => await upgrader.upgradeOutbound(cork(connection), upgrade)
  }
  return { ...options, upgrader: corking }
}

function cork (connection: MultiaddrConnection): MultiaddrConnection {
  const { socket } = connection as TcpConnection
  ;(connection as TcpConnection).sendData = (data) => {
    let sentBytes = 0
    let canSendMore = true
    socket.cork()
    for (const piece of data) {
      sentBytes += piece.byteLength
      canSendMore = socket.write(piece)
    }
    socket.uncork()
    return { sentBytes, canSendMore }
  }
  return connection
}
