import { Fragment } from 'react'

/** A sentence with the names in it standing out. */
export function Emphasized({ text, names }: { text: string; names: string[] }) {
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
          <b key={part.at} className="font-medium text-ink">
            {part.text}
          </b>
        ) : (
          <Fragment key={part.at}>{part.text}</Fragment>
        ),
      )}
    </span>
  )
}
