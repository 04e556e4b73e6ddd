import { number } from '@/lib/messages'

type Values = Record<string, string>

/** What a search narrows by. */
const filters: Values = {
  is: 'State',
  status: 'Status',
  priority: 'Priority',
  type: 'Type',
  channel: 'Channel',
  team: 'Team',
  assignee: 'Assignee',
  tag: 'Tag',
  requester: 'Requester',
  organization: 'Organization',
  language: 'Language',
  created: 'Created',
  updated: 'Updated',
  solved: 'Solved',
  replied: 'Replied',
}

const filter = (name = '') => filters[name] ?? name

export default {
  unreachable: 'The server cannot be reached',
  /** By the code of a problem, where the API says nothing more exact in the reader's language. */
  code: {
    TK400: 'This cannot be understood',
    TK401: 'You are no longer logged in',
    TK403: 'You may not do this',
    TK404: 'There is none that you can see',
    TK408: 'The request did not arrive in time',
    TK409: 'Somebody changed this meanwhile',
    TK410: 'This has to be read again',
    TK413: 'This is too large',
    TK422: 'This cannot be saved as it is',
    TK429: 'Too many attempts: wait a moment',
    TK500: 'Something went wrong on our side',
    TK503: 'This cannot be done at the moment: try again',
    TK504: 'This took too long and was stopped',
  } as Record<string, string>,
  /** By the reason of a problem, in the words of the API: `api/src/reason.rs`. */
  reason: {
    required: () => 'is required',
    required_on_create: () => 'is required when a ticket is created',
    required_on_solve: () => 'is required when a ticket is solved',
    empty: () => 'must not be empty',
    too_long: ({ most }: Values) => `must have at most ${most} characters`,
    too_short: ({ least }: Values) => `must have at least ${least} characters`,
    length: ({ least, most }: Values) => `must have ${least} to ${most} characters`,
    too_many: ({ most }: Values) => `must have at most ${most} entries`,
    too_big: ({ most }: Values) => `must have at most ${most} bytes`,
    file_too_big: ({ most }: Values) => `a file has at most ${most} bytes here`,
    below: ({ value, least }: Values) => `${value} is below the minimum of ${least}`,
    above: ({ value, most }: Values) => `${value} is above the maximum of ${most}`,
    not_text: () => 'must be a text',
    not_switch: () => 'must be true or false',
    not_whole: () => 'must be a whole number',
    not_number: () => 'must be a number',
    not_date: ({ example }: Values) => `must be a date such as ${example}`,
    not_time: ({ example }: Values) => `must be a point in time such as ${example}`,
    not_time_zone: ({ example }: Values) => `must be a time zone such as ${example}`,
    not_email: ({ example }: Values) => `must be an e-mail address such as ${example}`,
    not_url: ({ example }: Values) => `must be a web address such as ${example}`,
    not_tags: ({ most }: Values) =>
      `must be a list of words without blanks or commas, each of at most ${most} characters`,
    not_one_of: ({ allowed }: Values) => `must be one of ${allowed}`,
    unknown: ({ allowed }: Values) => `is not known here; one of ${allowed}`,
    unknown_field: () => 'is not a field of this desk',
    out_of_range: () => 'is outside of what is allowed',
    wrong: () => 'is wrong',
    unseen_by: ({ name }: Values) => `${name} cannot see this ticket`,
    unseen_by_team: ({ name }: Values) => `nobody of the team ${name} can see this ticket`,
    unseen: ({ what, id }: Values) => `there is no ${what} ${id} that you can see`,
    not_agent: ({ id }: Values) => `${id} is not an active agent`,
    cannot_follow: ({ next, now, allowed }: Values) => `${next} cannot follow ${now}; allowed: ${allowed}`,
    stays_closed: () => 'a closed ticket stays closed; open a new one that refers to it',
    closed: () => 'is not closed; write on it, or reopen it',
    not_option: ({ value, allowed }: Values) => `‘${value}’ is not an option; choose one of ${allowed}`,
    unknown_filter: ({ value }: Values) => `There is no filter “${value}”. Put it in quotes to look for the text.`,
    unknown_value: ({ field, value }: Values) => `${filter(field)} has no value “${value}”.`,
    unknown_state: ({ value }: Values) => `“${value}” is no state of a ticket.`,
    not_day: ({ value }: Values) =>
      `“${value}” is neither a day such as 2026-01-31 nor a time such as 2026-01-31T09:00:00Z.`,
    out_of_years: ({ value }: Values) => `“${value}” lies outside of the years 1 to 9999.`,
    no_order: ({ field, example }: Values) => `${filter(field)} has no order. Write ${example}.`,
    value_missing: ({ field, example }: Values) =>
      `${filter(field)} needs a value right behind it, such as ${example}.`,
    one_value: () => 'This is one value too many: only one can be compared with.',
    quote_open: () => 'This quote is not closed. Write another " where the phrase ends.',
    too_many_parts: ({ most }: Values) => `This is one part too many: a question has at most ${number(Number(most))}.`,
    question_too_long: ({ most }: Values) =>
      `The question is longer than ${number(Number(most))} characters. Shorten it.`,
    merged: ({ ticket }: Values) => `was merged into ticket ${ticket}; write there`,
    switched_off: ({ name }: Values) => `‘${name}’ is switched off`,
    no_value: ({ names }: Values) =>
      `${names} ${names?.includes(',') ? 'have' : 'has'} no value here; fill it in on the ticket, or give it a fallback in the macro`,
    undo_too_late: () => 'it ended more than 10 minutes ago',
    wrong_log_in: () => 'E-mail address or password is wrong',
    not_author: () => 'Only the person who wrote a message edits it',
    no_edits: () => 'Messages are not edited at this desk',
    edit_too_late: ({ minutes }: Values) => `A message can be edited for ${minutes} minutes, and this one is older`,
    exists: () => 'There is one like this already',
    in_use: () => 'This refers to something that does not exist, or something still refers to it',
  } as Record<string, (values: Values) => string>,
  /** Of a problem that is kept as its text alone, in the words of `sql`. */
  kept: {
    unsaved: () => 'it could not be saved',
    locked: () => 'somebody else was changing it',
    unseen: ({ what, id }: Values) => `There is no ${what} ${id} that you can see`,
    overtaken: ({ seen, now }: Values) =>
      `Somebody changed this meanwhile: you saw version ${seen}, it is at version ${now} now`,
    hidden: () => 'does not fit, or is missing',
  } as Record<string, (values: Values) => string>,
}
