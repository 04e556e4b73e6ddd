import { langOf } from '@/lib/api/told'

/** A text of the API, in the language that it is in. */
export const Told = ({ text }: { text: string | undefined }) => (
  <span lang={langOf(text)} dir="auto">
    {text}
  </span>
)

/** The same for a notice. */
export const told = (text: string) => <Told text={text} />
