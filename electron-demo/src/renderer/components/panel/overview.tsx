import type { NodeState } from '../../../shared/ipc.js'
import { node } from '../../state/app-state.js'
import { errorText } from '../../text/error-text.js'
import { formats, t } from '../../text/language.js'
import { Copyable } from '../base/copyable.js'
import { Facts, type Fact } from './facts.js'
import { Shards } from './shards.js'
import { Traffic } from './traffic.js'

/** The node at a glance. */
export function Overview () {
  const state = node.value
  if (state === undefined) return null
  const { panel } = t.value
  return (
    <>
      <Facts facts={generalFacts(state)} />
      <Traffic traffic={state.traffic} />
      <Facts title={panel.identity} facts={identityFacts(state)} />
      <Shards shards={state.shards} />
      <Facts title={panel.store} facts={storeFacts(state)} />
    </>
  )
}

function generalFacts (state: NodeState): readonly Fact[] {
  const { panel, backend, phase, profile } = t.value
  return [
    ['Status', <span class='phase' key='phase'><span class={`dot ${state.phase}`} aria-hidden='true' />{phase[state.phase]}</span>],
    [profile.backend, state.backend === null ? t.value.common.none : backend[state.backend]],
    [panel.version, state.version ?? t.value.common.unknown],
    ...(state.fallback === null ? [] : [[panel.fallback, errorText(state.fallback, t.value)] as const]),
    [panel.role, state.isHost ? panel.host : panel.guest],
    [panel.uptime, state.startedAt === null ? panel.never : formats.value.duration(Math.max(0, Date.now() - state.startedAt))],
    [panel.process, state.pid ?? t.value.common.none],
    [panel.restarts, formats.value.number(state.numRestarts)],
    [panel.pending, formats.value.number(state.numPending)]
  ]
}

function identityFacts ({ peerId, addresses, enr, clusterId }: NodeState): readonly Fact[] {
  const { panel, common } = t.value
  return [
    [panel.peerId, peerId === null ? common.unknown : <Copyable what={panel.peerId} value={peerId} />],
    [panel.addresses, addresses.length === 0 ? common.none : addresses.map((address) => <Copyable key={address} what={panel.addresses} value={address} />)],
    [panel.enr, enr === null ? common.none : <Copyable what={panel.enr} value={enr} />],
    [panel.cluster, clusterId ?? common.unknown]
  ]
}

function storeFacts ({ storePeer, lastCatchUp }: NodeState): readonly Fact[] {
  const { panel, common } = t.value
  return [
    [panel.storePeer, storePeer === null ? common.none : <Copyable what={panel.storePeer} value={storePeer} />],
    [panel.lastCatchUp, lastCatchUp === null
      ? panel.never
      : `${formats.value.exactTime(lastCatchUp.at)} (${panel.catchUpReasons[lastCatchUp.reason]}): ${panel.catchUp(lastCatchUp.numMessages, formats.value.duration(lastCatchUp.tookMs))}`]
  ]
}
