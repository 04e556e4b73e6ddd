import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'
import { Button } from '@/components/ui/button'
import { BOX, CONTROL } from '@/components/ui/field'
import { Modal } from '@/components/ui/modal'
import { RequiredMark } from '@/components/ui/required-mark'
import { toast } from '@/components/ui/toast'
import { Told } from '@/components/ui/told'
import { Discarded, sendAct, useActs } from '@/desk/acts'
import { forgetNewTicket, NEW_TICKET, takeRequester } from '@/desk/new-ticket-for'
import { useProblemWords } from '@/desk/problem-words'
import { countsQuery, QUEUE_KEY } from '@/desk/tickets'
import { workOf } from '@/desk/work'
import { problemAt, problemsOf } from '@/lib/api/client'
import { useKept } from '@/lib/use-kept'
import { useKeptForm } from '@/lib/use-kept-form'
import { CustomerFields } from './customer-fields'
import { Files } from './files'
import { FormFields } from './form-fields'
import type { Labelled } from './labelled'
import { t } from './messages'
import { useFiles } from './new-files'
import { Properties, propertiesOf } from './properties'
import { useForm } from './use-form'

/** The dialog in which an agent creates a ticket for a customer. */
export const CreateTicket = ({ open, onClose }: { open: boolean; onClose: () => void }) => (
  <Modal open={open} onClose={onClose} title={t.title}>
    <Form onClose={onClose} />
  </Modal>
)

const NOBODY = { email: '', name: '' }
const NO_TAGS: string[] = []

/** Each problem is shown beside its field; those without a field are shown at the end. */
function Form({ onClose }: { onClose: () => void }) {
  const client = useQueryClient()
  const navigate = useNavigate()
  const form = useRef<HTMLFormElement>(null)
  const [given] = useState(takeRequester)
  const requester = useKept(NEW_TICKET.requester, NOBODY)
  const tags = useKept(NEW_TICKET.tags, NO_TAGS)
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, as the form opens
  useEffect(() => {
    if (given) requester.write(given)
  }, [])
  const text = useKeptForm(NEW_TICKET.texts, form)
  const ticketForm = useForm()
  const attached = useFiles()
  const words = useProblemWords()
  const create = useMutation({
    mutationFn: (form: FormData) => {
      const typed = (name: string) => String(form.get(name) ?? '')
      const body = {
        subject: typed('subject'),
        description: typed('description'),
        requester: { email: requester.value.email.trim(), name: requester.value.name },
        ...propertiesOf(form),
        ...(tags.value.length ? { tags: tags.value } : {}),
        ...(attached.ids.length ? { attachment_ids: attached.ids } : {}),
        ...ticketForm.body(),
      }
      return sendAct({
        text: t.act(body.subject),
        lane: 'new-ticket',
        words: [body.subject, body.description].join('\n\n'),
        ...workOf('create', { body }),
      })
    },
    onSuccess: () => {
      text.forget()
      attached.clear()
      forgetNewTicket()
      client.invalidateQueries({ queryKey: QUEUE_KEY })
      client.invalidateQueries({ queryKey: countsQuery.queryKey })
    },
  })
  const open = (id: number) => navigate({ to: '/tickets/$id', params: { id: String(id) } })
  // Whoever has closed the dialog while it waited for a line is somewhere else by now.
  const here = useRef(true)
  useEffect(() => {
    here.current = true
    return () => {
      here.current = false
    }
  }, [])
  const submit = (values: FormData) =>
    create.mutateAsync(values).then(
      ({ id }) => {
        if (here.current) {
          onClose()
          void open(id)
        } else toast(t.created(id), { action: { label: t.open, onClick: () => open(id) } })
      },
      () => {},
    )
  // Also one that an earlier dialog has begun: its text is still here, and is not sent twice.
  const unanswered = useActs().find(({ lane }) => lane === 'new-ticket')
  // The first wrong field gets the focus.
  useEffect(() => {
    if (create.error) form.current?.querySelector<HTMLElement>('[aria-invalid=true]')?.focus()
  }, [create.error])
  const at = (path: string) => problemAt(create.error, path)
  const known = new Set([
    'requester.email',
    'requester.name',
    'subject',
    'description',
    'team_id',
    'assignee_id',
    'priority',
    'type',
    'language',
    'tags',
    'form_id',
  ])
  for (const { field } of ticketForm.asked) known.add(`custom.${field.key}`)
  const otherProblems = problemsOf(create.error).filter(({ path }) => !known.has(path))

  const labelled: Labelled['labelled'] = (id, label, path, control, { group = false, required = false } = {}) => {
    const message = at(path)
    return (
      <div key={id}>
        <label id={`${id}-label`} htmlFor={group ? undefined : id} className="mb-1 block">
          <span dir="auto">{label}</span>
          {required && <RequiredMark label={t.required} />}
        </label>
        {control}
        {message && (
          <p id={`${id}-error`} role="alert" className="mt-0.5 text-[12px] leading-4 text-danger">
            {label} {message}
          </p>
        )}
      </div>
    )
  }
  const describe: Labelled['describe'] = (id, path) => ({
    id,
    'aria-invalid': Boolean(at(path)),
    'aria-describedby': at(path) ? `${id}-error` : undefined,
  })
  return (
    <form
      ref={form}
      className="space-y-3"
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        if (!unanswered && !attached.pending) void submit(new FormData(event.currentTarget))
      }}
      onInput={text.onInput}
    >
      <CustomerFields requester={requester.value} onChange={requester.write} labelled={labelled} describe={describe} />
      {labelled(
        'new-subject',
        t.subject,
        'subject',
        <input {...describe('new-subject', 'subject')} name="subject" className={BOX} />,
        { required: true },
      )}
      {labelled(
        'new-description',
        t.description,
        'description',
        <textarea
          {...describe('new-description', 'description')}
          name="description"
          rows={5}
          className={`${CONTROL} py-1.5`}
        />,
      )}
      <Properties tags={tags.value} onTags={tags.write} labelled={labelled} describe={describe} />
      <Files {...attached} />
      <FormFields
        form={{
          ...ticketForm,
          choose: (id) => {
            // What the form before has asked for in vain says nothing of this one.
            create.reset()
            ticketForm.choose(id)
          },
        }}
        labelled={labelled}
        describe={describe}
        problemAt={at}
      />
      {create.error && !(create.error instanceof Discarded) && (
        <div role="alert" className="text-danger">
          <p>
            <Told text={create.error.message} />.
          </p>
          {otherProblems.map((problem) => (
            <p key={problem.path}>{words.problem(problem)}</p>
          ))}
        </div>
      )}
      {unanswered?.state === 'waiting' && <p role="status">{t.waits}</p>}
      <div className="sticky -bottom-5 -mx-5 -mb-5 flex justify-end gap-2 border-t border-line bg-raised px-5 py-3">
        {([text, requester, tags].some(({ kept }) => kept) || ticketForm.touched || attached.files.length > 0) &&
          !unanswered && (
            <Button
              className="me-auto"
              onClick={() => {
                for (const each of [text, requester, tags]) each.startOver()
                ticketForm.clear()
                attached.clear()
                form.current?.querySelector('input')?.focus()
              }}
            >
              {t.startOver}
            </Button>
          )}
        <Button onClick={onClose}>{t.cancel}</Button>
        <Button variant="primary" type="submit" disabled={unanswered !== undefined || attached.pending}>
          {t.create}
        </Button>
      </div>
    </form>
  )
}
