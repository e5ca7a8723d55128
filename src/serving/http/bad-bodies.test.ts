// Whatever is posted, the answer is one of ours and never 500.
import assert from 'node:assert/strict'
import test, { type TestContext } from 'node:test'
import fc from 'fast-check'
import { fixtureModel } from '../models/model.fixture.ts'
import { fixtureApp } from './app.fixture.ts'

const { files, spec } = fixtureModel()
const URLS = ['/predict', '/predict/batch', '/labels']
const RUNS = { numRuns: 100, seed: 7 }

/** `socket` meets the short way of POST /predict on node:http, `framework` the routes behind it. */
const WAYS = ['framework', 'socket'] as const

interface Sent {
  readonly status: number
  readonly text: string
}

function openApp(t: TestContext, way: (typeof WAYS)[number] = 'framework') {
  const { app, models } = fixtureApp(t)
  models.serve(files, '1')
  const listening = way === 'socket' ? app.listen({ host: '127.0.0.1', port: 0 }) : undefined
  const send = async (url: string, payload: string | Buffer<ArrayBuffer>, type: string): Promise<Sent> => {
    const headers = { 'content-type': type }
    if (listening === undefined) {
      const { statusCode, body } = await app.inject({ method: 'POST', url, payload, headers })
      return { status: statusCode, text: body }
    }
    const response = await fetch(`${await listening}${url}`, { method: 'POST', headers, body: payload })
    return { status: response.status, text: await response.text() }
  }
  return async (url: string, payload: string | Buffer<ArrayBuffer>, type = 'application/json') => {
    const { status, text } = await send(url, payload, type)
    const body = JSON.parse(text)
    if (status >= 400) {
      assert.deepEqual(Object.keys(body), ['error'])
      assert.deepEqual(Object.keys(body.error), ['code', 'message', 'details', 'request_id'])
      assert.ok(text.length < 20_000, 'an answer must not grow with the body')
    }
    return { status, code: body.error?.code as string | undefined }
  }
}

const columns = spec.inputs.map((input) => input.name)
/** Objects that come close to a transaction or a label, and anything else. */
const almostRight = fc.dictionary(
  fc.oneof(
    fc.constantFrom(
      ...columns,
      'transaction_id',
      'is_fraud',
      'label_time',
      'source',
      '__proto__',
      'constructor',
    ),
    fc.string(),
  ),
  fc.oneof(
    fc.jsonValue(),
    fc.double(),
    fc.boolean(),
    fc.string({ unit: 'binary' }),
    fc.constantFrom('', 'review'),
  ),
  { noNullPrototype: true },
)

for (const way of WAYS)
  test(`any JSON value is answered with a decision, a receipt or a 4xx, by ${way}`, async (t) => {
    const post = openApp(t, way)
    const statuses = new Set<number>()
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...URLS),
        fc.oneof(fc.jsonValue(), almostRight, fc.array(almostRight, { maxLength: 4 })),
        async (url, body) => {
          const { status } = await post(url, JSON.stringify(body))
          statuses.add(status)
          assert.ok(status === 200 || (status >= 400 && status < 500), `status ${status}`)
        },
      ),
      { ...RUNS, numRuns: 300 },
    )
    assert.ok(
      statuses.has(200) && statuses.has(400) && statuses.has(422),
      `both outcomes occur: ${[...statuses]}`,
    )
  })

for (const way of WAYS)
  test(`any bytes, as any content type, are answered with a 4xx or taken, by ${way}`, async (t) => {
    const post = openApp(t, way)
    const types = [
      'application/json',
      'application/x-ndjson',
      'text/plain',
      'application/json; charset=latin1',
      'x',
    ]
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...URLS),
        fc.uint8Array(),
        fc.constantFrom(...types),
        async (url, bytes, type) => {
          const { status } = await post(url, Buffer.from(bytes), type)
          assert.ok(status === 200 || (status >= 400 && status < 500), `status ${status}`)
        },
      ),
      RUNS,
    )
  })

for (const way of WAYS)
  test(`the classic bad bodies have each its own code, by ${way}`, async (t) => {
    const post = openApp(t, way)
    const deep = (open: string, close: string) => open.repeat(100_000) + close.repeat(100_000)
    const cases: [string, string | Buffer<ArrayBuffer>, number, string | undefined][] = [
      ['empty', '', 400, 'REQUEST_INVALID'],
      ['cut off', '{"amount": 1', 400, 'REQUEST_INVALID'],
      ['NaN', '{"amount": NaN}', 400, 'REQUEST_INVALID'],
      ['beyond a double', '{"amount": 1e999}', 400, 'TRANSACTION_INVALID'],
      ['beyond a double in an unused column', '{"customer_id": -1e999}', 400, 'TRANSACTION_INVALID'],
      ['deep list', deep('[', ']'), 400, 'REQUEST_INVALID'],
      ['deep object', `{"amount":${deep('{"a":', '}').replace('}', '1}')}}`, 400, 'TRANSACTION_INVALID'],
      ['deep list in a field', `{"amount":${deep('[', ']')}}`, 400, 'TRANSACTION_INVALID'],
      [
        'ten thousand deep',
        `{"amount":${'['.repeat(10_000)}${']'.repeat(10_000)}}`,
        400,
        'TRANSACTION_INVALID',
      ],
      ['a megabyte of lists', `[${'[[1],[2]],'.repeat(100_000)}[]]`, 400, 'REQUEST_INVALID'],
      ['huge list', `[${'1,'.repeat(400_000)}1]`, 400, 'REQUEST_INVALID'],
      ['poisoned prototype', '{"__proto__": {"amount": 1}}', 400, 'TRANSACTION_INVALID'],
      ['poisoned constructor', '{"constructor": {"prototype": {"amount": 1}}}', 400, 'TRANSACTION_INVALID'],
      ['ten megabytes', `{"merchant": "${'x'.repeat(10_000_000)}"}`, 413, 'REQUEST_TOO_LARGE'],
      ['no UTF-8', Buffer.from('{"merchant": "caf\xe9"}', 'latin1'), 400, 'REQUEST_INVALID'],
      ['text for a number', '{"amount": "12"}', 400, 'TRANSACTION_INVALID'],
      ['list for a text', '{"merchant": ["a"]}', 400, 'TRANSACTION_INVALID'],
      ['no such hour', '{"event_time": "2025-01-01T25:00:00Z"}', 400, 'TRANSACTION_INVALID'],
      ['unknown field', '{"amount": 1, "colour": "red"}', 422, 'FEATURES_MISMATCH'],
      [
        'many unknown fields',
        JSON.stringify(Object.fromEntries(Array.from({ length: 9000 }, (_, i) => [`column number ${i}`, 1]))),
        422,
        'FEATURES_MISMATCH',
      ],
      ['long unknown field', `{"${'x'.repeat(500_000)}": 1}`, 422, 'FEATURES_MISMATCH'],
      ['id of another type', '{"transaction_id": 12}', 400, 'TRANSACTION_INVALID'],
      ['id null', '{"transaction_id": null}', 400, 'TRANSACTION_INVALID'],
      ['id empty', '{"transaction_id": ""}', 400, 'TRANSACTION_INVALID'],
      ['id too long', `{"transaction_id": "${'x'.repeat(129)}"}`, 400, 'TRANSACTION_INVALID'],
      ['id unprintable', '{"transaction_id": "a\\u0000"}', 400, 'TRANSACTION_INVALID'],
      ['id half a character', '{"transaction_id": "\\ud83d"}', 400, 'TRANSACTION_INVALID'],
      ['the same key twice: the last counts', '{"amount": "x", "amount": 3}', 200, undefined],
      ['half a character elsewhere', '{"merchant": "\\ud83d"}', 200, undefined],
      ['nothing known', '{}', 200, undefined],
    ]
    for (const [name, body, status, code] of cases) {
      assert.deepEqual(await post('/predict', body), { status, code }, name)
    }
    assert.deepEqual(await post('/predict', 'a=1', 'application/x-www-form-urlencoded'), {
      status: 415,
      code: 'CONTENT_TYPE_UNSUPPORTED',
    })
  })
