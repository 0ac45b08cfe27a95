import { openRoom } from '../../state/app-state.js'
import { t } from '../../text/language.js'
import { Banner } from './banner.js'
import { Composer } from './composer.js'
import { ConversationHeader } from './conversation-header.js'
import { MessageList } from './message-list.js'
import { NoRoom } from './no-room.js'
import { Progress } from './progress.js'

/** The open room: what was said, and where to say something. */
export function Conversation () {
  const room = openRoom.value
  const id = room?.value.id
  return (
    <main class='conversation' aria-label={t.value.conversation.region}>
      <ConversationHeader room={room} />
      <Banner />
      {id === undefined
        ? <NoRoom />
        : (
          <>
            <Progress roomId={id} />
            <MessageList key={id} roomId={id} />
            <Composer key={`${id} composer`} roomId={id} />
          </>
          )}
    </main>
  )
}
