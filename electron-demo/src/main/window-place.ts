import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { screen, type BrowserWindow, type Rectangle } from 'electron'

const usualSize = { width: 1100, height: 760 }

/** Remembers where the window was. */
export class WindowPlace {
  readonly #path: string
  readonly #position: { readonly x: number, readonly y: number } | undefined

  /** @param position - where it opens, whatever is remembered. */
  constructor (userDataPath: string, position: { readonly x: number, readonly y: number } | undefined) {
    this.#path = join(userDataPath, 'window.json')
    this.#position = position
  }

  get bounds (): Partial<Rectangle> & { width: number, height: number } {
    const remembered = this.#read()
    if (this.#position !== undefined) return { ...usualSize, ...remembered, ...this.#position }
    return remembered !== undefined && isOnScreen(remembered) ? remembered : usualSize
  }

  /** Writes down where a window is when it closes. */
  follow (window: BrowserWindow): void {
    window.on('close', () => {
      try {
        writeFileSync(this.#path, JSON.stringify(window.getNormalBounds()))
      } catch {
        // It opens in the usual place then.
      }
    })
  }

  #read (): Rectangle | undefined {
    try {
      const { x, y, width, height } = JSON.parse(readFileSync(this.#path, 'utf8')) as Partial<Rectangle>
      if (![x, y, width, height].every(Number.isInteger)) return undefined
      return { x, y, width, height } as Rectangle
    } catch {
      return undefined
    }
  }
}

function isOnScreen ({ x, y, width }: Rectangle): boolean {
  return screen.getAllDisplays().some(({ workArea: area }) => x + width > area.x + 50 && x < area.x + area.width - 50 && y >= area.y - 10 && y < area.y + area.height - 50)
}
