import { Plus } from 'lucide'
import { dialog } from '../../state/app-state.js'
import { t } from '../../text/language.js'
import { BrandMark } from '../base/brand-mark.js'
import { Button } from '../base/button.js'

/** What is shown while no room is open. */
export function NoRoom () {
  const { welcome, rooms } = t.value
  return (
    <div class='no-room'>
      <BrandMark size={72} />
      <h2>{welcome.title}</h2>
      <p class='hint'>{welcome.text}</p>
      <Button look='primary' icon={Plus} onClick={() => { dialog.value = { kind: 'join' } }}>{rooms.join}</Button>
    </div>
  )
}
