/**
 * Makes a function that puts a number before the form of a word that it asks for, as in `1 message` and `1,200 messages`.
 *
 * @param language - BCP 47; its plural rules and way of writing numbers are used.
 */
export function counted (language: string): (count: number, one: string, other: string) => string {
  const rules = new Intl.PluralRules(language)
  const numbers = new Intl.NumberFormat(language)
  return (count, one, other) => `${numbers.format(count)} ${rules.select(count) === 'one' ? one : other}`
}
