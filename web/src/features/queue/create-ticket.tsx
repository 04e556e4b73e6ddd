import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Button } from '@/components/ui/button'
import { Modal } from '@/components/ui/modal'
import { ApiProblem, api, unwrap } from '@/lib/api/client'

export function CreateTicket({ open, onClose }: { open: boolean; onClose: () => void }) {
  const client = useQueryClient()
  const navigate = useNavigate()
  const create = useMutation({
    mutationFn: (form: FormData) =>
      unwrap(
        api.POST('/api/tickets', {
          body: {
            subject: form.get('subject'),
            description: form.get('description'),
            requester: { email: form.get('email'), name: form.get('name') },
          } as never,
        }),
      ),
    onSuccess: (ticket) => {
      onClose()
      client.invalidateQueries({ queryKey: ['queue'] })
      navigate({ to: '/tickets/$id', params: { id: String(ticket.id) } })
    },
  })
  const problem = create.error instanceof ApiProblem ? create.error : null
  const field = 'mt-1 w-full rounded-md border border-line bg-canvas px-2.5 py-1.5'
  const wrong = (path: string) => {
    const message = problem?.at(path)
    return message ? (
      <span role="alert" className="mt-0.5 block text-danger">
        {message}
      </span>
    ) : null
  }
  return (
    <Modal open={open} onClose={onClose} title="New ticket">
      <form
        className="space-y-3"
        onSubmit={(event) => {
          event.preventDefault()
          create.mutate(new FormData(event.currentTarget))
        }}
      >
        <div className="grid grid-cols-2 gap-3">
          <label className="block">
            Customer's e-mail
            <input name="email" type="email" required className={field} />
            {wrong('requester.email')}
          </label>
          <label className="block">
            Customer's name
            <input name="name" className={field} />
          </label>
        </div>
        <label className="block">
          Subject
          <input name="subject" className={field} />
          {wrong('subject')}
        </label>
        <label className="block">
          What is it about?
          <textarea name="description" rows={6} className={field} />
          {wrong('description')}
        </label>
        {create.error && (
          <p role="alert" className="text-danger">
            {create.error.message}
          </p>
        )}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="primary" type="submit" disabled={create.isPending}>
            Create ticket
          </Button>
        </div>
      </form>
    </Modal>
  )
}
