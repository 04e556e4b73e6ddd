import { Told } from '@/components/ui/told'
import { type Problem, useProblemWords } from './problem-words'

/** Problems of the API in one line, with the labels of the fields that they are about. */
export function Problems({ of }: { of: Problem[] }) {
  const words = useProblemWords()
  return <Told text={of.map(words.problem).join(', ')} />
}
