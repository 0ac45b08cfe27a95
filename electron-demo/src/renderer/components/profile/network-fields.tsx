import { t } from '../../text/language.js'
import { Choice } from '../base/choice.js'
import { Field } from '../base/field.js'
import { wordsOf } from './error-words.js'
import type { FieldErrors, NetworkDraft } from './network-draft.js'

interface NetworkFieldsProps {
  readonly draft: NetworkDraft
  readonly errors: FieldErrors
  readonly onChange: (draft: NetworkDraft) => void
}

/** Chooses a network, and says what a network of one's own is made of. */
export function NetworkFields ({ draft, errors, onChange }: NetworkFieldsProps) {
  const { network, profile } = t.value
  return (
    <>
      <Choice
        look='cards' label={profile.network} value={draft.kind} onChange={(kind) => { onChange({ ...draft, kind }) }}
        options={[
          { value: 'local', label: network.local, hint: network.localHint },
          { value: 'public', label: network.public, hint: network.publicHint },
          { value: 'custom', label: network.custom, hint: network.customHint }
        ]}
      />
      {draft.kind === 'custom' && (
        <div class='custom-network'>
          <Field label={network.clusterId} error={wordsOf(errors.clusterId)} class='short'>
            {(control) => <input {...control} inputMode='numeric' value={draft.clusterId} onInput={({ currentTarget }) => { onChange({ ...draft, clusterId: currentTarget.value }) }} />}
          </Field>
          <Field label={network.numShards} error={wordsOf(errors.numShards)} class='short'>
            {(control) => <input {...control} inputMode='numeric' value={draft.numShards} onInput={({ currentTarget }) => { onChange({ ...draft, numShards: currentTarget.value }) }} />}
          </Field>
          <Field label={network.staticPeers} hint={network.staticPeersHint} error={wordsOf(errors.staticPeers)}>
            {(control) => (
              <textarea
                {...control} class='code' rows={3} spellcheck={false} value={draft.staticPeers} placeholder='/ip4/192.0.2.1/tcp/60000/p2p/16Uiu2HAm…'
                onInput={({ currentTarget }) => { onChange({ ...draft, staticPeers: currentTarget.value }) }}
              />
            )}
          </Field>
        </div>
      )}
    </>
  )
}
