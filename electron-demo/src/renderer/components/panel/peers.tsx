import type { PeerState } from '../../../shared/ipc.js'
import { node } from '../../state/app-state.js'
import { t } from '../../text/language.js'
import { Copyable } from '../base/copyable.js'

/** The peers that the node knows, the connected ones first. */
export function Peers () {
  const peers = [...node.value?.peers ?? []].sort((a, b) => Number(b.isConnected) - Number(a.isConnected))
  const { panel } = t.value
  return (
    <>
      <p class='panel-lead'>{panel.numPeers(peers.filter(({ isConnected }) => isConnected).length, peers.length)}</p>
      {peers.length === 0 && <p class='hint'>{panel.noPeers}</p>}
      <ul class='peers'>{peers.map((peer) => <Peer key={peer.peerId} peer={peer} />)}</ul>
    </>
  )
}

function Peer ({ peer }: { readonly peer: PeerState }) {
  const { panel, common } = t.value
  const { peerId, isConnected, addresses, protocols, agent, mesh, hasStore } = peer
  return (
    <li class='peer'>
      <div class='peer-top'>
        <span class={`dot ${isConnected ? 'online' : 'off'}`} aria-hidden='true' />
        <span class='peer-agent'>{agent ?? common.unknown}</span>
        <span class='muted'>{isConnected ? panel.connected : panel.known}</span>
      </div>
      <Copyable what={panel.peerId} value={peerId} />
      {addresses.map((address) => <Copyable key={address} what={panel.addresses} value={address} />)}
      {(mesh.length > 0 || hasStore) && (
        <p class='chips'>
          {mesh.length > 0 && <span class='chip good' title={mesh.join('\n')}>{panel.inMesh(mesh.map((topic) => topic.slice(topic.lastIndexOf('/') + 1)).join(', '))}</span>}
          {hasStore && <span class='chip'>{panel.keepsHistory}</span>}
        </p>
      )}
      {protocols.length > 0 && (
        <details>
          <summary>{panel.protocols(protocols.length)}</summary>
          <ul class='protocols'>{protocols.map((protocol) => <li key={protocol}><code>{protocol}</code></li>)}</ul>
        </details>
      )}
    </li>
  )
}
