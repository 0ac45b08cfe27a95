import { yamux, type YamuxMuxer } from '@libp2p/yamux'

/** Yamux that leaves streams opened by the other side unanswered while told to. */
export function hangingYamux (hangs: () => boolean): ReturnType<typeof yamux> {
  const make = yamux()
  return () => {
    const factory = make()
    const create = factory.createStreamMuxer.bind(factory)
    factory.createStreamMuxer = (connection) => {
      const muxer = create(connection)
      const dispatch: YamuxMuxer['safeDispatchEvent'] = muxer.safeDispatchEvent.bind(muxer)
      muxer.safeDispatchEvent = (type, init) => (type === 'stream' && hangs()) || dispatch(type, init)
      return muxer
    }
    return factory
  }
}
