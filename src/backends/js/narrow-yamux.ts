import type { Stream } from '@libp2p/interface'
import { yamux, type YamuxMuxerInit } from '@libp2p/yamux'

/** What nwaku grants a new stream: 256 kB where the specification has 256 KiB. It ends the connection of who sends more. */
const initialWindowBytes = 256_000

/** The part of the multiplexer's inside that its interface lacks. */
interface YamuxInside {
  _newStream (...args: unknown[]): Stream & { sendWindowCapacity: number }
}

/** Yamux of libp2p, with streams that begin by sending no more than every implementation takes. */
export function narrowYamux (init: YamuxMuxerInit): ReturnType<typeof yamux> {
  const make = yamux(init)
  return (...components) => {
    const factory = make(...components)
    const createMuxer = factory.createStreamMuxer.bind(factory)
    factory.createStreamMuxer = (connection) => {
      const muxer = createMuxer(connection)
      const inside = muxer as unknown as YamuxInside
      const newStream = inside._newStream.bind(muxer)
      inside._newStream = (...args) => {
        const stream = newStream(...args)
        stream.sendWindowCapacity = Math.min(stream.sendWindowCapacity, initialWindowBytes)
        return stream
      }
      return muxer
    }
    return factory
  }
}
