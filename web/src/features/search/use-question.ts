/** The question as it is edited, and its way to and from the address. */
import { useNavigate } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'
import { type Kind, kindIn } from '@/desk/search/kinds'
import { type Draft, settled, toDraft, toQuestion } from '@/desk/search/tokens'

// Results have to be there 150 ms after a key, so there is no long wait for the next one.
const WAIT_MS = 60

export function useQuestion(q: string, kind: Kind | undefined) {
  const navigate = useNavigate()
  const [edit, setEdit] = useState<{ draft: Draft; caret: number | null }>(() => ({ draft: toDraft(q), caret: null }))
  const sent = useRef(q)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  useEffect(() => () => clearTimeout(timer.current), [])
  useEffect(() => {
    // The address changed otherwise: by a facet, a link, or by going back.
    if (q === sent.current) return
    clearTimeout(timer.current)
    sent.current = q
    setEdit({ draft: toDraft(q), caret: null })
  }, [q])
  const send = (question: string) => {
    clearTimeout(timer.current)
    if (question === sent.current) return
    sent.current = question
    void navigate({ to: '/search', search: { ...(question ? { q: question } : {}), ...kindIn(kind) }, replace: true })
  }
  return {
    draft: edit.draft,
    caret: edit.caret,
    change: (draft: Draft, caret: number | null) => {
      setEdit({ draft, caret })
      clearTimeout(timer.current)
      timer.current = setTimeout(() => send(toQuestion(settled(draft, caret))), WAIT_MS)
    },
    /** All of it is meant, also the filter that is being typed. */
    commit: () => {
      const draft = toDraft(toQuestion(edit.draft))
      setEdit({ draft, caret: draft.text.length })
      const question = toQuestion(draft)
      send(question)
      return question
    },
    replace: (question: string) => {
      setEdit({ draft: toDraft(question), caret: null })
      send(question)
    },
  }
}
