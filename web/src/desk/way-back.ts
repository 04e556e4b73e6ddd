import { useRouter } from '@tanstack/react-router'
import { useCommands } from './commands'
import { t } from './messages'
import { lastQueue } from './queue-position'

/** Escape leads back to where one came from, or to the queue one left last. */
export function useWayBack() {
  const router = useRouter()
  // From an e-mail there is nowhere to go back to.
  const back = () =>
    router.history.canGoBack() ? router.history.back() : router.navigate({ to: '/', search: lastQueue() })
  useCommands([{ keys: 'Escape', label: t.back, run: back }])
}
