import { useEffect, useState } from 'preact/hooks'

/** How long it is said that all is well again, in milliseconds. */
const backMs = 2500

/** A phase as it is told. */
export interface Settled {
  readonly shown: string
  /** True for a while after trouble that was shown has passed. */
  readonly isBack: boolean
}

/** Follows the phases of the node, without those that pass at once. @param delayOf - how long a phase must last to be shown, in milliseconds. */
export function useSettled (phase: string, delayOf: (phase: string) => number): Settled {
  const [settled, setSettled] = useState<Settled>({ shown: 'online', isBack: false })
  useEffect(() => {
    const show = (): void => {
      setSettled(({ shown }) => ({ shown: phase, isBack: phase === 'online' && shown !== 'online' }))
    }
    const delayMs = delayOf(phase)
    if (delayMs === 0) show()
    const timer = delayMs === 0 ? undefined : setTimeout(show, delayMs)
    return () => { clearTimeout(timer) }
  }, [phase])
  useEffect(() => {
    if (!settled.isBack) return
    const timer = setTimeout(() => { setSettled({ shown: 'online', isBack: false }) }, backMs)
    return () => { clearTimeout(timer) }
  }, [settled])
  return settled
}
