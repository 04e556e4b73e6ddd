import { expect, test } from 'vitest'
import { wordProblem } from '@/desk/problem-words'

const fields = [{ key: 'cause', label: 'Root cause' }]
const MESSAGE = "there is no variable 'ticket.custom.cuase'; one of ticket.custom.cause, ticket.subject"

test('a field is called by its label, and a variable of a template as it must be typed', () => {
  expect(wordProblem({ path: 'custom.cause', message: 'is required' }, fields)).toBe('Root cause is required')
  expect(wordProblem({ path: 'status', message: 'custom.cause is required to solve' }, fields)).toContain('Root cause')
  for (const path of ['body_text[6]', 'body_html[14]', 'signature[0]', 'actions[2].reply[7]', 'actions[0].note[7]'])
    expect(wordProblem({ path, message: MESSAGE }, fields)).toContain(MESSAGE)
})
