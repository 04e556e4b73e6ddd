import { Fragment, type ReactNode } from 'react'

/** A sentence with the names in it standing out. `draw` draws one that is more than a name, such as a link. */
export function Emphasized({
  text,
  names,
  draw,
}: {
  text: string
  names: string[]
  draw?: (name: string) => ReactNode
}) {
  const parts: { text: string; strong: boolean; at: number }[] = []
  let at = 0
  for (const name of names) {
    const found = name ? text.indexOf(name, at) : -1
    if (found < 0) continue
    parts.push({ text: text.slice(at, found), strong: false, at }, { text: name, strong: true, at: found })
    at = found + name.length
  }
  parts.push({ text: text.slice(at), strong: false, at })
  return (
    <span dir="auto" className="[overflow-wrap:anywhere]">
      {parts.map((part) =>
        part.strong ? (
          <Fragment key={part.at}>{draw?.(part.text) || <b className="font-medium text-ink">{part.text}</b>}</Fragment>
        ) : (
          <Fragment key={part.at}>{part.text}</Fragment>
        ),
      )}
    </span>
  )
}
