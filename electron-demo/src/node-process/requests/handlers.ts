import type { NodeState, Room, Settings, Snapshot } from '../../shared/ipc.js'
import type { Engine } from '../engine.js'
import { ChatFailure } from '../chat-failure.js'
import { looksLikeLink, readInvite, writeInvite } from '../invite-link.js'
import { isSameNetwork } from '../node/check-network.js'
import { checkSettings } from './check-settings.js'
import { checkRoomName } from './check-room-name.js'
import { checkText } from './check-text.js'
import type { RequestHandlers } from './serve-requests.js'
import { stall } from './stall.js'
import { suggestNickname } from './suggest-nickname.js'

/** What each request does. */
export function makeHandlers (engine: Engine): RequestHandlers {
  return { ...stateHandlers(engine), ...roomHandlers(engine), ...messageHandlers(engine), ...nodeHandlers(engine) }
}

function stateHandlers (engine: Engine): Pick<RequestHandlers, 'state:get' | 'settings:save'> {
  return {
    'state:get': async (): Promise<Snapshot> => {
      engine.book.flush()
      return { settings: engine.settings, rooms: engine.rooms, node: await engine.reporter.refresh(), suggestedNickname: suggestNickname() }
    },
    'settings:save': (changes): Settings => engine.saveSettings(checkSettings(engine.settings, changes))
  }
}

function roomHandlers (engine: Engine): Pick<RequestHandlers, 'rooms:join' | 'rooms:leave' | 'rooms:mark-read' | 'rooms:save-draft' | 'rooms:invite' | 'invites:read'> {
  const ownSettings = (): Settings => {
    if (engine.settings === null) throw new ChatFailure('CHAT_NOT_SET_UP', 'the first run is not done')
    return engine.settings
  }
  return {
    'rooms:join': ({ nameOrLink }): Room => {
      const own = ownSettings()
      if (!looksLikeLink(nameOrLink)) return engine.join(checkRoomName(nameOrLink))
      const { roomId, network } = readInvite(nameOrLink)
      if (!isSameNetwork(network, own.network)) throw otherNetwork(network, own.network)
      if (network.kind === 'custom') engine.meet(network.staticPeers)
      return engine.join(roomId)
    },
    'rooms:leave': async ({ roomId }) => {
      await engine.leave(roomId)
      return null
    },
    'rooms:mark-read': ({ roomId, upToIndex }) => {
      engine.book.markRead(roomId, upToIndex)
      return null
    },
    'rooms:save-draft': ({ roomId, draft }) => {
      engine.book.saveDraft(roomId, draft)
      return null
    },
    'rooms:invite': ({ roomId }) => {
      const { network, nickname } = ownSettings()
      const own = network.kind === 'custom' ? { ...network, staticPeers: [...network.staticPeers, ...engine.reachableAddresses].slice(0, 4) } : network
      return { link: writeInvite({ roomId: engine.book.get(roomId).id, network: own, nickname }) }
    },
    'invites:read': ({ link }) => {
      const invite = readInvite(link)
      return {
        ...invite,
        isOwnNetwork: engine.settings !== null && isSameNetwork(invite.network, engine.settings.network),
        isJoined: engine.book.find(invite.roomId) !== undefined
      }
    }
  }
}

function messageHandlers (engine: Engine): Pick<RequestHandlers, 'messages:window' | 'messages:send' | 'messages:retry' | 'messages:load-older'> {
  return {
    'messages:window': ({ roomId, from, limit }) => engine.book.window(roomId, from, limit),
    'messages:send': ({ roomId, text, clientId }) => engine.send(roomId, checkText(text), clientId),
    'messages:retry': ({ id }) => engine.retry(id),
    'messages:load-older': async ({ roomId }) => await engine.history.loadOlder(roomId)
  }
}

function nodeHandlers (engine: Engine): Pick<RequestHandlers, 'node:watch' | 'node:logs' | 'node:switch-backend' | 'node:set-offline' | 'node:kill' | 'node:stall'> {
  const refreshed = async (): Promise<NodeState> => await engine.reporter.refresh()
  const pid = (): number => {
    const running = engine.keeper.node?.pid
    if (running === undefined) throw new ChatFailure('WAKU_NOT_STARTED', 'there is no process of a node', {})
    return running
  }
  return {
    'node:watch': async ({ watch }) => {
      engine.isWatched = watch
      return await refreshed()
    },
    'node:logs': () => ({ lines: engine.journal.lines.slice(-1000), events: engine.journal.events.slice(-1000) }),
    'node:switch-backend': async ({ backend }) => {
      await engine.switchBackend(backend)
      return await refreshed()
    },
    'node:set-offline': async ({ offline }) => {
      await engine.keeper.setOffline(offline ? 'user' : null)
      return await refreshed()
    },
    'node:kill': () => {
      engine.journal.note('trouble', { kind: 'kill' })
      process.kill(pid(), 'SIGKILL')
      return null
    },
    'node:stall': ({ durationMs }) => {
      engine.journal.note('trouble', { kind: 'stall' })
      stall(pid(), durationMs)
      return null
    }
  }
}

function otherNetwork (theirs: Settings['network'], own: Settings['network']): ChatFailure {
  const clusterOf = (network: Settings['network']): number => network.kind === 'custom' ? network.clusterId : network.kind === 'public' ? 1 : 0
  return new ChatFailure('CHAT_OTHER_NETWORK', 'the invite is for another network', {
    network: theirs.kind, ownNetwork: own.kind, clusterId: clusterOf(theirs), ownClusterId: clusterOf(own)
  })
}
