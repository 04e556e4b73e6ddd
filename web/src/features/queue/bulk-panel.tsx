import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { RotateCcw, Undo2, X } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { Button } from '@/components/ui/button'
import { Told } from '@/components/ui/told'
import { isUndoable, type Job, runs } from '@/desk/jobs'
import { macrosQuery } from '@/desk/macros'
import { useProblemWords } from '@/desk/problem-words'
import { BulkIncidents, IncidentCounts } from './bulk-incidents'
import { closePanel, type Deed, failedQuery, useJobs } from './bulk-jobs'
import { useDescribeJob } from './describe-job'
import { t } from './messages'

/** As long as it tells of what went well. */
const STAYS_MS = 10_000

/** How much longer, by the pace since the job was seen first. */
function useSecondsLeft(job: Job) {
  const begun = useRef({ id: 0, at: 0, done: 0 })
  const handled = job.status === 'undoing' ? job.undone + job.kept : job.done + job.failed
  if (begun.current.id !== job.id) begun.current = { id: job.id, at: Date.now(), done: handled }
  const pace = (handled - begun.current.done) / (Date.now() - begun.current.at)
  return pace > 0 ? Math.max(1, Math.round((job.total - handled) / pace / 1000)) : undefined
}

/** What a job has done so far, what it could not do and why, and the way back. */
export function BulkPanel({ job, onSelect }: { job: Job; onSelect: (tickets: number[]) => void }) {
  const text = useDescribeJob(job)(job)
  const { start, starting, stop, undo, offerAgain } = useJobs()
  const [open, setOpen] = useState(false)
  const { data: failed } = useQuery(failedQuery(job.id, job.failed))
  const left = useSecondsLeft(job)
  const running = runs(job)
  const undoing = job.status === 'undoing'
  const handled = undoing ? job.undone + job.kept : job.done + job.failed
  const share = (count: number) => `${job.total ? (count / job.total) * 100 : 0}%`
  const canUndo = !running && isUndoable(job)
  const words = useProblemWords()
  const reasons = [...new Set(failed?.items.map(words.item).filter(Boolean))]
  const macro = (job.body as { macro_id?: number }).macro_id
  const { data: macros } = useQuery({ ...macrosQuery, enabled: job.action === 'macro' })
  const replied = job.action === 'macro' && macros?.find(({ id }) => id === macro)?.message_kind === 'reply'
  const ids = failed?.items.map(({ ticket_id }) => ticket_id) ?? []
  const again = () => {
    if (ids.length) start(text, { ...(job.body as object), action: job.action } as Deed, { ids })
  }
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each job
  useEffect(() => {
    if (isUndoable(job) || (runs(job) && job.action !== 'merge' && !undoing)) offerAgain(text, job)
  }, [job.id])
  // Done without a hitch, it leaves the list by itself, unless somebody is at it; Ctrl+Z reaches it still.
  const section = useRef<HTMLElement>(null)
  const smooth = !running && job.failed === 0 && job.kept === 0 && job.incidents_left === 0
  useEffect(() => {
    if (!smooth) return
    const timer = setInterval(() => {
      if (!section.current?.matches(':hover, :focus-within')) closePanel(job.id)
    }, STAYS_MS)
    return () => clearInterval(timer)
  }, [smooth, job.id])
  return (
    <section ref={section} aria-label={t.bulk.panel} className="px-4 py-3">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <strong className="min-w-0 font-semibold [overflow-wrap:anywhere]">{text}</strong>
        <span className="text-dim" role="status">
          {job.status === 'queued'
            ? t.bulk.waiting
            : running
              ? `${undoing ? `${t.bulk.undoing} ` : ''}${t.bulk.progress(handled, job.total)}${left ? ` · ${t.bulk.left(left)}` : ''}`
              : job.status === 'cancelled'
                ? t.bulk.stopped
                : job.status === 'undone'
                  ? t.bulk.wasUndone
                  : job.done === 0 && job.failed > 0
                    ? t.bulk.allFailed
                    : t.bulk.done}
        </span>
        <span className="ms-auto flex items-center gap-1.5">
          {(job.status === 'queued' || job.status === 'running') && (
            <Button variant="chip" onClick={() => stop.mutate(job.id)}>
              {t.bulk.stop}
            </Button>
          )}
          {canUndo && (
            <Button variant="primary" disabled={undo.isPending} onClick={() => undo.mutate(job.id)}>
              <Undo2 size={15} aria-hidden /> {t.bulk.undo(job.done)}
            </Button>
          )}
          {!running && (
            <Button aria-label={t.bulk.close} className="px-1.5" onClick={() => closePanel(job.id)}>
              <X size={15} aria-hidden />
            </Button>
          )}
        </span>
      </div>
      <div
        className="my-2.5 flex h-1 overflow-hidden rounded-full bg-line"
        role="progressbar"
        aria-label={t.bulk.panel}
        aria-valuemin={0}
        aria-valuemax={job.total}
        aria-valuenow={handled}
      >
        <span className="bg-accent transition-[width]" style={{ width: share(undoing ? job.undone : job.done) }} />
        <span className="bg-danger transition-[width]" style={{ width: share(undoing ? job.kept : job.failed) }} />
      </div>
      <p className="flex flex-wrap items-center gap-x-2 text-dim">
        {job.status === 'undone' || undoing ? (
          <span>
            {t.bulk.undone(job.undone)}
            {job.kept > 0 && ` · ${t.bulk.kept(job.kept)}`}
            {job.incidents_solved > 0 && ` · ${t.incidents.stay(job.incidents_solved)}`}
            {replied && ` · ${t.macro.stay}`}
          </span>
        ) : (
          <span>
            {t.bulk.changed(job.done)}
            <IncidentCounts job={job} />
            {replied && canUndo && ` · ${t.macro.stay}`}
          </span>
        )}
        {job.failed > 0 && (
          <>
            <span className="text-danger">{t.bulk.failed(job.failed)}</span>
            <span className="min-w-0 truncate" dir="auto">
              {reasons.slice(0, 2).join(', ')}
            </span>
            {!running && ids.length > 0 && (
              <button
                type="button"
                className="ms-auto min-h-6 rounded text-accent hover:underline"
                onClick={() => onSelect(ids)}
              >
                {t.bulk.selectFailed(ids.length)}
              </button>
            )}
            <button
              type="button"
              aria-expanded={open}
              className="not-[button+&]:ms-auto min-h-6 rounded text-accent hover:underline"
              onClick={() => setOpen(!open)}
            >
              {open ? t.bulk.hide : t.bulk.show(job.failed)}
            </button>
          </>
        )}
      </p>
      <BulkIncidents job={job} />
      {open && job.failed > 0 && (
        <div className="mt-2 max-h-48 overflow-auto border-t border-line pt-1">
          <ul aria-label={t.bulk.results}>
            {failed?.items.map((item) => (
              <li key={item.ticket_id} className="flex min-h-7 items-baseline gap-3 py-0.5">
                <Link
                  to="/tickets/$id"
                  params={{ id: String(item.ticket_id) }}
                  className="shrink-0 rounded text-accent hover:underline"
                >
                  #{item.ticket_id}
                </Link>
                <span className="min-w-0 text-dim [overflow-wrap:anywhere] whitespace-pre-line">
                  <Told text={words.item(item)} />
                </span>
              </li>
            ))}
          </ul>
          {!running && (
            <Button variant="chip" className="mt-1" disabled={starting} onClick={again}>
              <RotateCcw size={14} aria-hidden /> {t.bulk.retry(job.failed)}
            </Button>
          )}
        </div>
      )}
    </section>
  )
}
