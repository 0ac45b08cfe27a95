import { randomInt } from 'node:crypto'

const names = ['Amsel', 'Badger', 'Cedar', 'Dune', 'Ember', 'Falke', 'Grove', 'Heron', 'Iris', 'Jade', 'Kite', 'Linde', 'Maple', 'Nebel', 'Otter', 'Pine', 'Quarz', 'Robin', 'Saffron', 'Tulip', 'Ulme', 'Violet', 'Wren', 'Yarrow', 'Zaunkönig']

/** Offers a name to somebody who has none yet; enough of them that two on one machine differ mostly. */
export function suggestNickname (): string {
  return `${names[randomInt(names.length)] ?? 'Wren'}${randomInt(10, 100)}`
}
