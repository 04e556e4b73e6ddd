import clsx from 'clsx'
import { AtSign, Camera, CloudCheck, Paperclip, Signature as Pen, Zap } from 'lucide-react'
import { Suspense, useEffect, useRef, useState } from 'react'
import { LazyOverlay } from '@/components/ui/lazy-overlay'
import { useCommands } from '@/desk/commands'
import type { Status } from '@/desk/config'
import { drafts } from '@/desk/drafts'
import type { ListedHandle } from '@/desk/editor/handle'
import { TOOL } from '@/desk/editor/toolbar-style'
import type { Macro } from '@/desk/macros'
import type { Ticket } from '@/desk/tickets'
import { lazyPart } from '@/lib/lazy-part'
import { afterPaint, whenIdle } from '@/lib/when-idle'
import { DropZone } from './drop-zone'
import { EarlyText } from './early-text'
import { KindTabs } from './kind-tabs'
import { t } from './messages'
import { type Kind, useOutbox } from './outbox'
import { OutboxStrip } from './outbox-strip'
import { PhoneFrame } from './phone'
import { NoteRecipients, ReplyRecipients } from './recipients'
import { useSendAs } from './send-as'
import { SendButton } from './send-button'
import { Signature } from './signature'
import { BlanksStrip, FilesStrip, MacroStrip, MentionStrip, OvertakenStrip, SlashStrip } from './strips'
import { UploadChips } from './upload-chips'
import { addFiles } from './uploads'
import { useMacro } from './use-macro'
import { useMessage } from './use-message'

const Editor = lazyPart(() => import('@/desk/editor/editor'))

const MentionList = lazyPart(() => import('./mention-list'))
const MacroPicker = lazyPart(() => import('./macro-picker'))
const NewMacro = lazyPart(() => import('./new-macro').then((part) => ({ default: part.NewMacro })))
const EditMacro = lazyPart(() => import('./edit-macro').then((part) => ({ default: part.EditMacro })))

export type { Kind }

const showMessage = (id: number) => {
  const message = document.getElementById(`message-${id}`)
  const article = message?.querySelector('article')
  message?.scrollIntoView({ block: 'center' })
  article?.setAttribute('tabindex', '-1')
  article?.focus()
}

/** Whether the editor is there: it costs as much as all the rest of the ticket, so the conversation is drawn before. */
function useEditor() {
  const [there, setThere] = useState(false)
  useEffect(() => {
    const show = () => setThere(true)
    return Editor.isLoaded() ? afterPaint(show) : whenIdle(() => void Editor.preload().then(show), 300)
  }, [])
  return there
}

/** Takes what is typed while the ticket is still on its way. */
export const EarlyComposer = ({ ticket, kind }: { ticket: number; kind: Kind }) => (
  <section aria-label={t.write} className="m-3 rounded-xl border border-check bg-raised p-2.5">
    <EarlyText ticket={ticket} kind={kind} label={kind === 'note' ? t.note : t.reply} placeholder="" focus={1} />
  </section>
)

/**
 * Writes a public reply or an internal note. Drafts are kept per ticket and kind until they are sent. On a
 * `phone` it takes the whole page while it is `opened`.
 */
export function Composer({
  ticket,
  kind,
  focus,
  phone,
  opened,
  onKind,
  onClose,
  onWriting,
}: {
  ticket: Ticket
  kind: Kind
  focus: number
  phone: boolean
  opened: boolean
  onKind: (kind: Kind) => void
  onClose: () => void
  onWriting: (writing: boolean) => void
}) {
  const editable = useEditor()
  const [early, setEarly] = useState({ focused: 0, macro: false })
  const handle = useRef<ListedHandle | null>(null)
  const wantsMacro = useRef(false)
  const filePicker = useRef<HTMLInputElement>(null)
  const camera = useRef<HTMLInputElement>(null)
  const message = useMessage(ticket, kind, onWriting)
  const outbox = useOutbox(ticket.id, message.me?.id)
  const macro = useMacro({
    ticket: ticket.id,
    kind,
    handle,
    setStatus: message.setStatus,
    onOtherKind: (other) => {
      message.renew(other)
      onKind(other)
    },
  })
  const note = kind === 'note'

  const submit = (agreed?: Parameters<typeof message.submit>[0], as?: Status) => {
    // A command that is half typed is no text for the customer.
    if (handle.current?.isChoosing()) return message.setGuard('slash')
    const wrote = document.activeElement instanceof HTMLElement && document.activeElement.isContentEditable
    const found = message.submit(agreed, as)
    // The next editor has the keyboard where this one had it: what is typed on is text and no shortcut.
    if (wrote) setEarly((now) => ({ ...now, focused: 1 }))
    if (found === 'blanks') handle.current?.goToBlank()
    if (found === null && !drafts.read(ticket.id, kind).html) {
      macro.forget()
      if (phone) onClose()
    }
  }
  const sendAs = (status?: Status) => {
    if (status) message.setStatus(status.key)
    if (message.html || message.uploads.length) submit(undefined, status)
    // With nothing to send yet it is chosen for what is going to be written.
    else handle.current?.focus()
  }
  const onSendKey = useSendAs(kind, message.html !== '' || message.uploads.length > 0, sendAs)
  const attach = async (files: File[], inline = false) => {
    const pictures = inline ? files.filter(({ type }) => type.startsWith('image/')) : []
    const others = files.filter((file) => !pictures.includes(file))
    if (others.length) void addFiles(message.place, others)
    for (const [at, id] of (await addFiles(message.place, pictures, true)).entries())
      if (id !== null) handle.current?.insertImage(id, pictures[at]?.name ?? '')
  }
  const chooseMacro = () => {
    if (handle.current && (!phone || opened)) {
      handle.current.type('/')
      return
    }
    wantsMacro.current = true
    setEarly((now) => ({ ...now, macro: true }))
    onKind(kind)
  }
  const sign = (signed: boolean) => {
    message.sign(signed)
    handle.current?.focus()
  }
  useCommands([
    ...(message.signature
      ? [
          {
            keys: '',
            label: message.unsigned ? t.addSignature : t.leaveSignature,
            group: 'Actions' as const,
            icon: <Pen size={16} />,
            run: () => sign(message.unsigned),
          },
        ]
      : []),
    { keys: 'm', id: 'macro', label: t.key.macro, group: 'Actions', icon: <Zap size={16} />, run: chooseMacro },
    {
      keys: '',
      label: t.key.attach,
      group: 'Actions',
      icon: <Paperclip size={16} />,
      run: () => filePicker.current?.click(),
    },
  ])
  const picked = (input: HTMLInputElement) => {
    void attach([...(input.files ?? [])])
    input.value = ''
    handle.current?.focus()
  }
  const label = note ? t.note : t.reply
  const placeholder = note ? t.notePlaceholder : t.replyPlaceholder(ticket.requester.name.split(' ')[0] ?? '')
  const guards = (
    <>
      {macro.applied && (
        <MacroStrip
          name={macro.applied.name}
          status={macro.applied.changes.status ? message.status : undefined}
          changes={macro.applied.changes}
          onUndo={() => {
            macro.takeBack()
            handle.current?.focus()
          }}
        />
      )}
      {message.blanks > 0 && <BlanksStrip count={message.blanks} onGo={() => handle.current?.goToBlank()} />}
      {message.guard === 'mentions' && message.mentioned.length > 0 && (
        <MentionStrip
          names={message.mentioned}
          onNote={() => {
            drafts.write(ticket.id, 'note', { html: drafts.read(ticket.id, 'note').html + message.html })
            drafts.write(ticket.id, 'reply', { html: '' })
            message.renew('note')
            message.renew('reply')
            onKind('note')
          }}
          onSend={() => submit(['mentions'])}
        />
      )}
      {message.other?.author && (message.guard === 'overtaken' || message.html) && (
        <OvertakenStrip
          name={message.other.author.name}
          onShow={() => message.other && showMessage(message.other.id)}
          onSend={() => submit(['overtaken', 'mentions'])}
        />
      )}
      {message.guard === 'slash' && <SlashStrip />}
      {message.guard === 'files' && (
        <FilesStrip count={message.uploads.filter(({ state }) => state === 'failed').length} />
      )}
    </>
  )
  const [naming, setNaming] = useState(false)
  const [editing, setEditing] = useState<Macro>()
  const body = editable ? (
    <Editor
      key={message.editorKey}
      initial={message.html}
      own
      placeholder={placeholder}
      label={label}
      focus={focus + early.focused}
      tall={phone}
      onSubmit={() => submit()}
      onChange={message.write}
      onFiles={(files) => void attach(files, true)}
      onUndo={macro.onUndo}
      mentions={({ range: _, ...list }, onPick) => (
        <Suspense>
          <MentionList {...list} onPick={onPick} />
        </Suspense>
      )}
      slash={({ range, ...list }) => (
        <Suspense>
          <MacroPicker
            {...list}
            ticket={ticket}
            onPick={(chosen) => macro.pick(chosen, range)}
            onNew={() => setNaming(true)}
            onEdit={setEditing}
          />
        </Suspense>
      )}
      onReady={(ready) => {
        handle.current = ready
        // Whoever was early has the sign already.
        if (wantsMacro.current && message.html.includes('<p>/')) ready.claimSign()
        else if (wantsMacro.current) ready.type('/')
        wantsMacro.current = false
      }}
      between={
        <>
          {message.signature && <Signature text={message.signature} left={message.unsigned} onSign={sign} />}
          <UploadChips place={message.place} uploads={message.uploads} />
          {guards}
        </>
      }
      tools={
        <>
          {!phone && <span className="mx-1 h-4 w-px bg-line" aria-hidden />}
          <button
            type="button"
            className={TOOL}
            aria-label={t.attach}
            title={t.attach}
            onClick={() => filePicker.current?.click()}
          >
            <Paperclip size={phone ? 20 : 15} />
          </button>
          {phone && (
            <button type="button" className={TOOL} aria-label={t.photo} onClick={() => camera.current?.click()}>
              <Camera size={20} />
            </button>
          )}
          <button
            type="button"
            className={TOOL}
            aria-label={t.mention}
            title={t.mention}
            onClick={() => handle.current?.type('@')}
          >
            <AtSign size={phone ? 20 : 15} />
          </button>
          <button
            type="button"
            className={phone ? TOOL : 'flex h-7 items-center gap-1.5 rounded px-2 hover:bg-hover'}
            aria-label={t.applyMacro}
            title={t.applyMacro}
            onClick={chooseMacro}
          >
            <Zap size={phone ? 20 : 15} /> {!phone && t.macro}
          </button>
        </>
      }
    >
      <span className="flex-1" />
      <SendButton
        kind={kind}
        status={message.status}
        waiting={message.waiting}
        tall={phone}
        onSend={() => submit()}
        onSendAs={sendAs}
      />
    </Editor>
  ) : (
    <EarlyText
      key={message.editorKey}
      ticket={ticket.id}
      kind={kind}
      label={label}
      placeholder={placeholder}
      focus={focus + early.focused}
      macro={early.macro}
      onText={message.begin}
      onFocus={() => setEarly((now) => ({ ...now, focused: 1 }))}
      onLeave={() => setEarly((now) => ({ ...now, focused: -focus }))}
      onFiles={(files) => void attach(files)}
      onSubmit={() => submit()}
    />
  )
  const recipients = note ? <NoteRecipients ticket={ticket.id} /> : <ReplyRecipients ticket={ticket} />
  const saved = message.html !== '' && !message.unsaved && (
    <span className="flex shrink-0 items-center gap-1.5 text-[12px] text-dim">
      <CloudCheck size={14} aria-hidden />
      <span className={phone ? 'max-[400px]:sr-only' : ''}>{phone ? t.saved : t.draftSaved}</span>
    </span>
  )
  const inputs = (
    <>
      <input ref={filePicker} type="file" multiple hidden onChange={({ target }) => picked(target)} />
      <input
        ref={camera}
        type="file"
        accept="image/*"
        capture="environment"
        hidden
        onChange={({ target }) => picked(target)}
      />
      <LazyOverlay part={NewMacro} open={naming} onClose={() => setNaming(false)} />
      <LazyOverlay
        part={EditMacro}
        open={editing !== undefined}
        macro={editing}
        onClose={() => setEditing(undefined)}
      />
      <DropZone text={note ? t.dropNote : t.dropReply} onFiles={(files) => void attach(files)} />
    </>
  )
  const strip = (
    <OutboxStrip
      ticket={ticket.id}
      messages={outbox}
      onShow={({ overtakenBy }) => overtakenBy && showMessage(overtakenBy.id)}
      onTaken={onKind}
    />
  )
  if (phone && !opened)
    return (
      <>
        {inputs}
        {strip}
      </>
    )
  const tabs = <KindTabs kind={kind} onKind={onKind} />
  if (phone)
    return (
      <PhoneFrame
        ticket={ticket.id}
        note={note}
        tabs={tabs}
        saved={saved}
        recipients={recipients}
        onSendKey={onSendKey}
        onClose={onClose}
      >
        {inputs}
        {body}
      </PhoneFrame>
    )
  return (
    <>
      {inputs}
      {strip}
      <section
        aria-label={t.write}
        // Also from the buttons around the text.
        onKeyDownCapture={onSendKey}
        className={clsx(
          'relative mx-auto max-w-[760px] rounded-xl border p-2.5',
          note ? 'border-note-line bg-note' : 'border-check bg-raised',
        )}
      >
        <div className="mb-1.5 flex items-start gap-2">
          {tabs}
          {recipients}
          {saved}
        </div>
        {body}
      </section>
    </>
  )
}
