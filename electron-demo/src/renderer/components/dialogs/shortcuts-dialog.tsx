import { t } from '../../text/language.js'
import { Modal } from '../base/modal.js'
import { shortcutList } from '../shortcuts.js'
import { closeDialog } from './close-dialog.js'

/** All keys that do something. */
export function ShortcutsDialog () {
  return (
    <Modal title={t.value.shortcuts.title} onClose={closeDialog} class='wide'>
      <div class='shortcut-groups'>
        {shortcutList(t.value).map(({ title, lines }) => (
          <section key={title}>
            <h3>{title}</h3>
            <dl>
              {lines.map(([keys, about]) => <div key={keys} class='shortcut'><dt><kbd>{keys}</kbd></dt><dd>{about}</dd></div>)}
            </dl>
          </section>
        ))}
      </div>
    </Modal>
  )
}
