import type { Diagnosis, Door, LibraryFacts, SystemFacts } from '../doctor/diagnosis.js'
import { printable } from './printable.js'

type Paint = (text: string) => string

/** Puts a diagnosis into a person's words. */
export function diagnosisText (diagnosis: Diagnosis, isColourful: boolean): string {
  const paint = (colour: number): Paint => (text) => isColourful ? `\u001B[${colour}m${text}\u001B[39m` : text
  const [good, bad] = [paint(32), paint(31)]
  const { system, addon, koffi, library, problems, works } = diagnosis
  return [
    ...row('system', systemText(system)),
    ...row('runtime', runtimeText(system)),
    ...row('addon', ...doorText(addon, good, bad)),
    ...row('koffi', ...(addon.works && !koffi.works ? ['not there; needed only where the addon does not load'] : doorText(koffi, good, bad))),
    ...row('library', ...libraryText(library, good, bad)),
    '',
    ...problems.flatMap(({ what, remedy }) => [`${bad('Problem:')} ${printable(what)}`, ...(remedy === undefined ? [] : [`  Mend it: ${printable(remedy)}`]), '']),
    works ? good('The native backend works.') : 'The native backend does not work here; the JS backend does.'
  ].join('\n')
}

function row (label: string, first = '', ...rest: readonly string[]): string[] {
  return [`${label.padEnd(9)}${first}`, ...rest.map((line) => `${' '.repeat(11)}${line}`)]
}

function systemText ({ platform, arch, libc }: SystemFacts): string {
  return `${platform}-${arch}${libc === undefined ? '' : `, ${libc.name}${libc.version === undefined ? '' : ` ${libc.version}`}`}`
}

function runtimeText ({ node, electron, napi, package: version }: SystemFacts): string {
  return `${electron === undefined ? '' : `Electron ${electron}, `}Node ${node}, Node-API ${napi}, nwaku-desktop ${version}`
}

function doorText ({ works, path, attempts }: Door, good: Paint, bad: Paint): string[] {
  if (works) return [`${good('loads')}${path === undefined ? '' : `  ${printable(path)}`}`]
  return [bad('does not load'), ...attempts.map((attempt) => `${printable(attempt.path)}: ${firstLine(attempt.reason)}`)]
}

function libraryText ({ path, generation, version, places }: LibraryFacts, good: Paint, bad: Paint): string[] {
  const passedOver = places.filter(({ reason }) => reason !== undefined).map((place) => `${place.origin}: ${printable(place.path)}: ${firstLine(place.reason ?? '')}`)
  if (path === undefined) return [bad('none found'), ...passedOver]
  return [`${good('works')}  ${printable(path)}`, `generation ${generation ?? '?'}, version ${printable(version ?? '?')}`, ...passedOver.map((line) => `passed over, ${line}`)]
}

function firstLine (text: string): string {
  return printable(text.split('\n')[0] ?? '')
}
