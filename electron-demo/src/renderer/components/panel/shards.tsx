import type { ShardState } from '../../../shared/ipc.js'
import { t } from '../../text/language.js'

/** The shards that the rooms are on, and how well each is connected. */
export function Shards ({ shards }: { readonly shards: readonly ShardState[] }) {
  const { panel, common } = t.value
  return (
    <section class='facts'>
      <h3>{panel.shards}</h3>
      {shards.length === 0 && <p class='hint'>{common.none}</p>}
      <ul class='shards'>
        {shards.map(({ pubsubTopic, shardId, health, numMeshPeers, rooms }) => (
          <li key={pubsubTopic} title={pubsubTopic}>
            <span class='shard-name'>{panel.shard(shardId)}</span>
            <span class={`chip ${health}`}>{panel.health[health]}</span>
            <span class='muted'>{panel.meshPeers(numMeshPeers)}</span>
            {rooms.length > 0 && <span class='shard-rooms muted'>{rooms.map((room) => `#${room}`).join(' ')}</span>}
          </li>
        ))}
      </ul>
    </section>
  )
}
