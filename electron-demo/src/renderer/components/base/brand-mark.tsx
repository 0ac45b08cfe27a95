/** The mark of the app: two speech bubbles that overlap, as nodes do that share a message. */
export function BrandMark ({ size = 56 }: { readonly size?: number }) {
  return (
    <svg class='brand-mark' width={size} height={size} viewBox='0 0 64 64' aria-hidden='true' focusable='false'>
      <path class='brand-back' d='M25 8h19a14 14 0 0 1 14 14v10a14 14 0 0 1-6 11.500V54l-9-8h-18a14 14 0 0 1-14-14V22A14 14 0 0 1 25 8z' />
      <path class='brand-front' d='M20 18h16a12 12 0 0 1 12 12v8a12 12 0 0 1-12 12H23l-9 8v-9.700A12 12 0 0 1 8 38v-8a12 12 0 0 1 12-12z' />
      <circle class='brand-dot' cx='20' cy='34' r='3' />
      <circle class='brand-dot' cx='28' cy='34' r='3' />
      <circle class='brand-dot' cx='36' cy='34' r='3' />
    </svg>
  )
}
