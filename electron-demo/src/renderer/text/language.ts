import { computed, signal } from '@preact/signals'
import type { Settings } from '../../shared/ipc.js'
import { settings } from '../state/app-state.js'
import { de } from './de.js'
import type { Dictionary } from './dictionary.js'
import { en } from './en.js'
import { formatsOf } from './formats.js'

export const dictionaries = { de, en } satisfies Record<string, Dictionary>
export type Language = keyof typeof dictionaries

/** What was chosen on the first-run screen, before there are settings. */
export const firstChoice = signal<Settings['language']>('auto')

const systemLocale = window.chat.app.locale

/** The language on screen. */
export const language = computed<Language>(() => {
  const chosen = settings.value?.language ?? firstChoice.value
  if (chosen !== 'auto') return chosen
  return systemLocale.toLowerCase().startsWith('de') ? 'de' : 'en'
})

/** What the app says, in the language on screen. */
export const t = computed<Dictionary>(() => dictionaries[language.value])

/** Numbers and times as the language has them, and as the system has them when it speaks the same language. */
export const formats = computed(() => formatsOf(systemLocale.toLowerCase().startsWith(language.value) ? systemLocale : language.value))
