import { Kbd } from './kbd'

/** Keys, and what each of them does, side by side: `[['J K', 'Move'], …]`. */
export const KeyHints = ({ hints }: { hints: readonly (readonly string[])[] }) => (
  <>
    {hints.map(([keys = '', label]) => (
      <span key={keys} className="flex h-8 items-center gap-1">
        {keys.split(' ').map((key) => (
          <Kbd key={key}>{key}</Kbd>
        ))}
        <span className="ms-0.5">{label}</span>
      </span>
    ))}
  </>
)
