import type { Range } from '@tiptap/core'
import { type KeyboardEvent, Suspense, useRef, useState } from 'react'
import { LazyOverlay } from '@/components/ui/lazy-overlay'
import type { Status } from '@/desk/config'
import type { ListedHandle } from '@/desk/editor/handle'
import type { Macro } from '@/desk/macros'
import type { Ticket } from '@/desk/tickets'
import { lazyPart } from '@/lib/lazy-part'
import { DeskFrame } from './desk-frame'
import { EarlyText } from './early-text'
import { FileInputs } from './file-inputs'
import { pressGuardKey } from './guard-keys'
import { GuardStrips, guardsOf } from './guard-strips'
import { KindTabs } from './kind-tabs'
import { t } from './messages'
import { useOutbox } from './outbox'
import { OutboxStrip } from './outbox-strip'
import type { Kind } from './outgoing'
import { PhoneFrame } from './phone'
import { NoteRecipients, ReplyRecipients } from './recipients'
import { Saved } from './saved'
import { useSendAs } from './send-as'
import { SendButton } from './send-button'
import { showMessage } from './show-message'
import { Signature } from './signature'
import { Tools } from './tools'
import { UploadChips } from './upload-chips'
import { addFiles } from './uploads'
import { useComposerCommands } from './use-composer-commands'
import { Editor, useEditor } from './use-editor'
import { useMacro } from './use-macro'
import { useMessage } from './use-message'

const MentionList = lazyPart(() => import('./mention-list'))
const OtherVersions = lazyPart(() => import('./other-versions'))
const MacroPicker = lazyPart(() => import('./macro-picker'))
const NewMacro = lazyPart(() => import('./new-macro').then((part) => ({ default: part.NewMacro })))
const EditMacro = lazyPart(() => import('./edit-macro').then((part) => ({ default: part.EditMacro })))

export type { Kind }

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
  const [fetching, setFetching] = useState(false)
  const macroAt = useRef<Range>(undefined)
  const message = useMessage(ticket, kind, onWriting, fetching, () => {
    if (phone) onClose()
    // The next editor has the keyboard where this one had it: what is typed on is text and no shortcut. One that stays
    // keeps its cursor.
    const wrote = document.activeElement instanceof HTMLElement && document.activeElement.isContentEditable
    if (wrote) setEarly((now) => ({ ...now, focused: 1 }))
  })
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
    onFailed: message.stopWaiting,
  })
  const note = kind === 'note'

  const submit = (agreed?: Parameters<typeof message.submit>[0], as?: Status) => {
    if (fetching) return message.waitForMacro()
    // A command that is half typed is no text for the customer.
    if (handle.current?.isChoosing()) return message.setGuard('slash')
    if (message.submit(agreed, as) === 'blanks') handle.current?.goToBlank()
  }
  const sendAs = (status?: Status) => {
    if (status) message.setStatus(status.key)
    if (message.html || message.uploads.length) submit(undefined, status)
    // With nothing to send yet it is chosen for what is going to be written.
    else handle.current?.focus()
  }
  const guards = guardsOf({ message, macro, handle, onKind, submit })
  const { onKey: sendByKey, sendAsButton } = useSendAs(kind, message.html !== '' || message.uploads.length > 0, sendAs)
  const onSendKey = (event: KeyboardEvent) => {
    // Alt and Enter choose in a list that is open.
    const acts = handle.current?.isChoosing() ? [] : guards.flatMap((guard) => guard.acts)
    if (!pressGuardKey(event, acts)) sendByKey(event)
  }
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
  useComposerCommands({
    signature: message.signature !== '',
    unsigned: message.unsigned,
    sign,
    chooseMacro,
    attach: () => filePicker.current?.click(),
  })
  const label = note ? t.note : t.reply
  const placeholder = note ? t.notePlaceholder : t.replyPlaceholder(ticket.requester.name.split(' ')[0] ?? '')
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
      {...(phone ? { onEscape: onClose } : {})}
      onSubmit={sendAsButton}
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
            onChosen={() => {
              // What is typed from now on stays behind it.
              macroAt.current = range
              setFetching(true)
            }}
            onLeft={() => {
              setFetching(false)
              message.stopWaiting()
            }}
            onPick={(chosen) => {
              setFetching(false)
              macro.pick(chosen, macroAt.current ?? range)
            }}
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
          {message.others.length > 0 && (
            <Suspense>
              <OtherVersions ticket={ticket.id} kind={kind} others={message.others} />
            </Suspense>
          )}
          <GuardStrips guards={guards} message={message} macro={macro} handle={handle} />
        </>
      }
      tools={
        <Tools
          phone={phone}
          onAttach={() => filePicker.current?.click()}
          onPhoto={() => camera.current?.click()}
          onMention={() => handle.current?.type('@')}
          onMacro={chooseMacro}
        />
      }
    >
      <span className="flex-1" />
      <SendButton
        kind={kind}
        status={message.status}
        waiting={message.waiting}
        tall={phone}
        onSend={sendAsButton}
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
      onSubmit={sendAsButton}
    />
  )
  const recipients = note ? <NoteRecipients ticket={ticket.id} /> : <ReplyRecipients ticket={ticket} />
  const saved = message.html !== '' && !message.unsaved && <Saved phone={phone} />
  const inputs = (
    <FileInputs
      picker={filePicker}
      camera={camera}
      dropText={note ? t.dropNote : t.dropReply}
      onFiles={(files) => void attach(files)}
      onPicked={() => handle.current?.focus()}
    />
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
  const dialogs = (
    <>
      <LazyOverlay part={NewMacro} open={naming} ticket={ticket} onClose={() => setNaming(false)} />
      <LazyOverlay
        part={EditMacro}
        open={editing !== undefined}
        macro={editing}
        ticket={ticket}
        onClose={() => setEditing(undefined)}
      />
    </>
  )
  const tabs = <KindTabs kind={kind} onKind={onKind} />
  if (phone)
    return (
      <>
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
        {/* Beside it: keys that are typed into them are none of the message's. */}
        {dialogs}
      </>
    )
  return (
    <>
      {inputs}
      {strip}
      {dialogs}
      <DeskFrame note={note} tabs={tabs} recipients={recipients} saved={saved} onSendKey={onSendKey}>
        {body}
      </DeskFrame>
    </>
  )
}
