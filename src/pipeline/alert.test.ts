import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import test, { type TestContext } from 'node:test'
import { adviseRetraining, buildProfile, compareProfile, countAgainst } from '../monitoring/index.ts'
import { createHttpTransport } from '../tracking/client/transport.ts'
import { sendDriftAlert } from './alert.ts'
import type { DriftAlert } from './alert-messages.ts'
import { CERTIFICATE, startAlertServer } from './alert-server.fixture.ts'

const SECRET = 'T0/B0/very-secret'
const KEY = 'routing-key-very-secret'

test('drift is told to Slack and opens an incident; the check that passes closes the same one', async (t) => {
  const { server, channels, posting } = await service(t)
  const failed = await sendDriftAlert(alert(), channels, posting)
  const passed = await sendDriftAlert({ ...alert(), passed: true, drifted: [] }, channels, posting)
  assert.deepEqual([failed.notified, passed.notified], [['slack', 'pagerduty'], ['pagerduty']])
  const slack = bodies(server, `/services/${SECRET}`)[0]!['text'] as string
  assert.match(slack, /^\*Drift in 2 columns \(66\.7 %\), 1 of them broken\*\nweek\.csv against train\.csv\n/)
  assert.match(slack, /• \*&lt;!channel&gt;\*: .+\n• \*amount\*: .*PSI \d/)
  assert.match(slack, /\nRepair the data first: "&lt;!channel&gt;" is broken\.\n/)
  assert.match(slack, /<https:\/\/reports\.example\/a\.html\|Open the report>$/)
  const [trigger, resolve] = bodies(server, '/v2/enqueue')
  assert.deepEqual([trigger!['event_action'], resolve!['event_action']], ['trigger', 'resolve'])
  assert.equal(trigger!['dedup_key'], resolve!['dedup_key'])
  assert.equal(trigger!['routing_key'], KEY)
  const { severity, summary } = trigger!['payload'] as Record<string, string>
  assert.deepEqual([severity, summary], ['error', 'Drift in 2 columns (66.7 %), 1 of them broken'])
})

test('another check has an incident of its own', async (t) => {
  const { server, channels, posting } = await service(t)
  for (const check of ['a', 'b']) await sendDriftAlert({ ...alert(), check }, channels, posting)
  const keys = bodies(server, '/v2/enqueue').map((event) => event['dedup_key'])
  assert.equal(new Set(keys).size, 2)
})

test('a service that is busy is asked again, after what it asks for', async (t) => {
  const { server, channels, posting, waits } = await service(t, [
    { status: 429, headers: { 'retry-after': '7' } },
    { status: 503 },
    { status: 200 },
  ])
  const { notified } = await sendDriftAlert(alert(), { ...channels, pagerdutyRoutingKey: undefined }, posting)
  assert.deepEqual([notified, server.received.length], [['slack'], 3])
  assert.equal(waits[0], 7000)
  assert.ok(waits[1]! >= 4000 && waits[1]! <= 5000, String(waits[1]))
})

test('a failure is one line without the secret; the other channel is told', async (t) => {
  const { channels, posting, server } = await service(t, [{ status: 404 }])
  const dead = { ...channels, pagerdutyUrl: 'https://localhost:1/v2/enqueue' }
  const { notified, failures } = await sendDriftAlert(alert(), dead, posting)
  assert.deepEqual(notified, [])
  assert.equal(server.received.length, 1)
  assert.equal(failures[0], 'The alert must reach slack, got HTTP 404; the verdict stands')
  assert.match(
    failures[1]!,
    /^The alert must reach pagerduty, got no answer \(.*ECONNREFUSED.*\); the verdict/,
  )
  assert.doesNotMatch(failures.join(), /secret/)
})

test('a redirection is not followed', async (t) => {
  const other = await startAlertServer(t)
  const { channels, posting } = await service(t, [
    { status: 307, headers: { location: `${other.url}/services/${SECRET}` } },
  ])
  const { failures } = await sendDriftAlert(alert(), channels, posting)
  assert.equal(failures.length, 2)
  assert.match(failures[0]!, /a redirection \(HTTP 307\), which is not followed/)
  assert.deepEqual(other.received, [])
})

test('a server that nobody vouches for learns no secret', async (t) => {
  const { server, channels, posting } = await service(t)
  const { failures } = await sendDriftAlert(alert(), channels, { now: posting.now, sleep: posting.sleep })
  assert.match(failures[0]!, /self-signed certificate/)
  assert.deepEqual(server.received, [])
})

async function service(t: TestContext, answers?: Parameters<typeof startAlertServer>[1]) {
  const server = await startAlertServer(t, answers)
  const waits: number[] = []
  const ca = readFileSync(CERTIFICATE, 'utf8')
  return {
    server,
    waits,
    channels: {
      slackWebhookUrl: `${server.url}/services/${SECRET}`,
      pagerdutyRoutingKey: KEY,
      pagerdutyUrl: `${server.url}/v2/enqueue`,
    },
    posting: {
      now: () => 0,
      transportTo: (url: string) => createHttpTransport(url, { silenceMs: 5000, tls: { ca } }),
      sleep: async (milliseconds: number) => {
        waits.push(milliseconds)
      },
    },
  }
}

function bodies(server: { received: readonly { path: string; body: string }[] }, path: string) {
  return server.received
    .filter((each) => each.path === path)
    .map(({ body }) => JSON.parse(body) as Record<string, unknown>)
}

/** A column whose name is Slack's markup vanished, the amounts doubled. */
function alert(): DriftAlert {
  const numbers = (name: string, factor: number) =>
    ({ name, kind: 'number', values: Float64Array.from({ length: 500 }, (_, i) => i * factor) }) as const
  const reference = buildProfile({
    rowCount: 500,
    columns: [numbers('<!channel>', 1), numbers('amount', 1), numbers('age', 1)],
  })
  const current = { rowCount: 500, columns: [numbers('amount', 2), numbers('age', 1)] }
  const columns = compareProfile(reference, countAgainst(reference, current))
  const advice = adviseRetraining({ columns })
  return {
    check: 'train.csv',
    passed: false,
    driftShare: 2 / 3,
    drifted: columns.filter((column) => column.drifted),
    advice,
    reference: 'train.csv',
    current: 'week.csv',
    report: 'https://reports.example/a.html',
  }
}
