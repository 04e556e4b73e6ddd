import { Button } from '@/components/ui/button'
import type { Schemas } from '@/lib/api/client'
import { t } from './messages'

/** Says what was looked for in place of a word that finds nothing, and offers the word itself. */
export const Corrections = ({
  corrections,
  question,
  replace,
}: {
  corrections: Schemas['Correction'][]
  question: string
  replace: (question: string) => void
}) =>
  corrections.map(({ word, to }) => (
    <p key={word} className="flex flex-wrap items-center gap-x-2">
      <span>
        {t.showing(to.join(t.or))} <s className="text-dim">{word}</s>
      </span>
      <Button
        className="h-6 text-accent underline-offset-2 hover:underline"
        // A phrase is never corrected.
        onClick={() => replace(question.replace(new RegExp(`(^|\\s)${word}(?=\\s|$)`, 'i'), `$1"${word}"`))}
      >
        {t.literally(word)}
      </Button>
    </p>
  ))
