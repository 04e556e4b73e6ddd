import { useQuery } from '@tanstack/react-query'
import { useEffect, useId, useState } from 'react'
import { Button } from '@/components/ui/button'
import { CONTROL } from '@/components/ui/field'
import { Modal } from '@/components/ui/modal'
import { useSaveView } from '@/desk/change-views'
import { teamsQuery } from '@/desk/config'
import { meQuery } from '@/desk/me'
import { useRecordConflict } from '@/desk/record-conflicts'
import { type Scope, scopesOf, type View, type ViewBody } from '@/desk/views'
import { problemAt } from '@/lib/api/client'
import { useKept } from '@/lib/use-kept'
import { t } from './messages'

/** Names a view and says who sees it: a new one made of `body`, or one that is there. */
export function ViewDialog({
  open,
  view,
  body,
  name: proposed,
  onClose,
  onSaved,
  onGone,
}: {
  open: boolean
  /** The view that is renamed or shared; nothing for a new one. */
  view?: View | undefined
  body?: ViewBody | undefined
  name?: string | undefined
  onClose: () => void
  onSaved: (view: View) => void
  /** A new one was taken back. */
  onGone?: () => void
}) {
  return (
    <Modal open={open} onClose={onClose} title={view ? t.view.editTitle : t.view.title}>
      <Form
        view={view}
        body={body}
        proposed={view?.name ?? proposed ?? ''}
        onClose={onClose}
        onSaved={onSaved}
        onGone={onGone}
      />
    </Modal>
  )
}

function Form({
  view,
  body,
  proposed,
  onClose,
  onSaved,
  onGone,
}: {
  view: View | undefined
  body: ViewBody | undefined
  proposed: string
  onClose: () => void
  onSaved: (view: View) => void
  onGone: (() => void) | undefined
}) {
  const id = useId()
  const { data: me } = useQuery(meQuery)
  const { data: teams } = useQuery(teamsQuery)
  const scopes = scopesOf(me, teams?.items ?? [])
  const { value, kept, write, forget, startOver } = useKept(`view:${view?.id ?? 'new'}`, {
    name: proposed,
    scope: view?.team ? `team-${view.team.id}` : (view?.visibility ?? 'private'),
  })
  const { name, scope } = value
  const conflict = useRecordConflict()
  const [asked] = useState(conflict)
  // Another question is asked above the page, which this dialog would hide.
  useEffect(() => {
    if (conflict && conflict !== asked) onClose()
  }, [conflict, asked, onClose])
  const save = useSaveView()
  const wrong = problemAt(save.error, 'name')
  return (
    <form
      className="space-y-4"
      onSubmit={(event) => {
        event.preventDefault()
        const team = scope.match(/^team-(\d+)$/)?.[1]
        save.mutate(
          {
            view,
            body: {
              ...body,
              name: name.trim(),
              visibility: team ? 'team' : (scope as Scope),
              ...(team ? { team_id: Number(team) } : {}),
            },
            text: view ? t.edited.saved(name.trim()) : t.view.made(name.trim()),
            onGone,
          },
          {
            onSuccess: (saved) => {
              forget()
              onSaved(saved)
            },
          },
        )
      }}
    >
      <label htmlFor={`${id}-name`} className="block">
        <span className="mb-1 block text-[12px] text-dim">{t.view.name}</span>
        <input
          id={`${id}-name`}
          // biome-ignore lint/a11y/noAutofocus: the dialog was opened to name something
          autoFocus
          required
          maxLength={100}
          dir="auto"
          className={`${CONTROL} h-9 max-md:h-11`}
          value={name}
          aria-invalid={Boolean(wrong)}
          aria-describedby={wrong ? `${id}-wrong` : undefined}
          onChange={(event) => write({ ...value, name: event.target.value })}
          onFocus={(event) => event.target.select()}
        />
        {wrong && (
          <span id={`${id}-wrong`} className="mt-1 block text-danger">
            {wrong}
          </span>
        )}
      </label>
      <label htmlFor={`${id}-scope`} className="block">
        <span className="mb-1 block text-[12px] text-dim">{t.view.sharedWith}</span>
        <select
          id={`${id}-scope`}
          className={`${CONTROL} h-9 max-md:h-11`}
          value={scope}
          onChange={(event) => write({ ...value, scope: event.target.value })}
        >
          {scopes.map(({ scope: each, team }) =>
            team ? (
              <option key={team.id} value={`team-${team.id}`}>
                {t.view.team(team.name)}
              </option>
            ) : (
              <option key={each} value={each}>
                {each === 'private' ? t.view.onlyYou : t.view.everyone}
              </option>
            ),
          )}
        </select>
      </label>
      {save.error && !wrong && (
        <p role="alert" className="text-danger">
          {t.edited.failed}: {save.error.message}
        </p>
      )}
      <div className="flex justify-end gap-2">
        {kept && (
          <Button className="me-auto max-md:h-11" onClick={startOver}>
            {t.view.startOver}
          </Button>
        )}
        <Button variant="chip" className="max-md:h-11" onClick={onClose}>
          {t.view.cancel}
        </Button>
        <Button variant="primary" type="submit" className="max-md:h-11" disabled={save.isPending || !name.trim()}>
          {t.view.save}
        </Button>
      </div>
    </form>
  )
}
