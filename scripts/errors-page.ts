import { ERRORS } from '../src/error-table.ts'

/** The page docs/errors.md: every deliberate error with its status and the shape of its message. */
export function errorsPage(): string {
  const rows = Object.entries(ERRORS).map(
    ([code, { status, message }]) =>
      `| \`${code}\` | ${status} | ${shapeOf(message).replaceAll('|', '\\|')} |`,
  )
  return `${[
    '# Errors',
    '',
    'Every error that the system raises on purpose. Over HTTP it is the status and',
    '`{"error":{"code","message","details"}}`; on the command line one line on stderr and exit status 2.',
    'This page is made from `src/error-table.ts` by `npm run docs:errors`, and a test keeps the two equal.',
    '',
    '| code | status | message |',
    '| --- | --- | --- |',
    ...rows,
  ].join('\n')}\n`
}

/** The message with each detail's name in braces. */
function shapeOf(message: (details: never) => string): string {
  const details = new Proxy(
    {},
    {
      get: (_, name) => namedDetail(String(name)),
    },
  )
  return String(message(details as never))
}

/** Stands for a detail in a message: prints as `{name}`, whether the message takes a text, a number or a list. */
function namedDetail(name: string): readonly string[] {
  return Object.assign([`{${name}}`], { toString: () => `{${name}}`, toFixed: () => `{${name}}` })
}
