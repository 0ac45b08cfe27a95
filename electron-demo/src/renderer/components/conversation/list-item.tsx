import { forwardRef } from 'preact/compat'
import type { CustomItemComponentProps } from 'virtua'

/** The element of a row. Its place is told, because most of the list is not in the document. */
export const ListItem = forwardRef<HTMLLIElement, CustomItemComponentProps>(({ index, style, children }, ref) => (
  <li ref={ref} style={style} aria-posinset={index + 1} aria-setsize={-1}>{children}</li>
))
