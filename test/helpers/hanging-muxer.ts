import { yamux } from '@libp2p/yamux'

/** Yamux that leaves streams opened by the other side unanswered while told to. */
export function hangingYamux (hangs: () => boolean): ReturnType<typeof yamux> {
  const make = yamux()
  return () => {
    const factory = make()
    const create = factory.createStreamMuxer.bind(factory)
    factory.createStreamMuxer = (connection) => {
      const muxer = create(connection)
      const dispatch = muxer.safeDispatchEvent.bind(muxer) as (type: string, init: unknown) => boolean
      return Object.assign(muxer, { safeDispatchEvent: (type: string, init: unknown) => (type === 'stream' && hangs()) || dispatch(type, init) })
    }
    return factory
  }
}
