import assert from 'node:assert/strict'
import test, { after, before } from 'node:test'
import type { LightMyRequestResponse } from 'fastify'
import { CALLS, createWorld, sendCall, textPlaces } from './hostile.fixture.ts'
import { type GuardedServer, guarded, openGuardedServer } from './security.fixture.ts'

let server: GuardedServer

before(async () => {
  server = await openGuardedServer()
})
after(() => server.close())

const SCRIPTS = [
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '"><svg/onload=alert(1)>',
  "';alert(1)//",
  'javascript:alert(1)',
  '</script><script>alert(1)</script>',
  '&lt;script&gt;alert(1)',
  '[x](javascript:alert(1))',
  '{{constructor.constructor("alert(1)")()}}',
  '\u2028alert(1)\u2029',
  '+ADw-script+AD4-alert(1)',
  'a\r\nContent-Type: text/html\r\n\r\n<script>alert(1)</script>',
]

/** Nothing that a browser would take for a page, whatever it was given. */
function assertHarmless({ headers, body }: LightMyRequestResponse, what: string): void {
  const type = String(headers['content-type'])
  assert.ok(/^(application\/json|text\/plain)/.test(type) || body === '', `${what} ${type}`)
  if (body !== '' && type.startsWith('application/json')) assert.doesNotThrow(() => JSON.parse(body), what)
  assert.equal(headers['x-content-type-options'], 'nosniff', what)
  assert.match(String(headers['content-security-policy']), /^default-src 'none'.*sandbox/, what)
  assert.equal(headers['x-frame-options'], 'SAMEORIGIN', what)
  assert.equal(headers['cross-origin-resource-policy'], 'same-origin', what)
  assert.ok(!('set-cookie' in headers), what)
}

test('whatever text comes back, in an answer or in a refusal, comes as JSON that no browser runs', async () => {
  let echoed = 0
  for (const call of CALLS) {
    const request = call.request(await createWorld(server))
    for (const { at, put } of textPlaces(request)) {
      for (const script of SCRIPTS) {
        const answer = await sendCall(server, call, put(script))
        assertHarmless(answer, `${call.name} ${at} ${script}`)
        if (answer.body.includes('alert(1)')) echoed++
      }
    }
  }
  assert.ok(echoed > 300, String(echoed))
})

test('every route answers what it refuses as JSON', async () => {
  for (const { method, url } of guarded(server.routes)) {
    for (const script of ['%3Cscript%3Ealert(1)%3C%2Fscript%3E', '%22%3E%3Csvg%2Fonload%3Dalert(1)%3E']) {
      const answer = await server.send({
        method,
        url: `${url.replace(/\ba$/, script)}?path=${script}&run_id=${script}&name=${script}&version=${script}`,
        headers: { 'content-type': `text/html; ${script}` },
      })
      assertHarmless(answer, `${method} ${url}`)
    }
  }
})

const PAGES = [
  ['page.html', '<script>alert(1)</script>'],
  ['page.HTML', '<script>alert(1)</script>'],
  ['page.htm', '<script>alert(1)</script>'],
  ['page.xhtml', '<html xmlns="http://www.w3.org/1999/xhtml"><script>alert(1)</script></html>'],
  ['image.svg', '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'],
  ['feed.xml', '<?xml version="1.0"?><x:script xmlns:x="http://www.w3.org/1999/xhtml">alert(1)</x:script>'],
  ['note.md', '[x](javascript:alert(1)) <script>alert(1)</script>'],
  ['code.js', 'alert(1)'],
  ['page.html.txt', '<script>alert(1)</script>'],
  ['noname', '<!DOCTYPE html><script>alert(1)</script>'],
  ['image.png', '<script>alert(1)</script>'],
  ['table.csv', '=cmd|" /C calc"!A0'],
  ['file.pdf', '%PDF-1.7 /JS (app.alert(1))'],
  ['doc.mht', 'MIME-Version: 1.0\r\nContent-Type: text/html\r\n\r\n<script>alert(1)</script>'],
  ['style.css', 'body{background:url(javascript:alert(1))}'],
  ['app.wasm', '\0asm'],
  ['MLmodel', 'flavors: "<script>alert(1)</script>"'],
  ['<img src=x onerror=alert(1)>.html', 'x'],
  ['a";filename="b.html', 'x'],
  ['가.html', 'x'],
] as const

test('an artifact is a download that no browser opens, sniffs or runs, whatever its name says', async () => {
  const { client } = server.served
  const { runId, artifactUri = '' } = (await client.createRun({ experimentId: '0' })).info
  const root = artifactUri.replace('mlflow-artifacts:/', '')
  await client.createRegisteredModel('page')
  await client.createModelVersion({ name: 'page', source: `runs:/${runId}/x`, runId })
  for (const [name, text] of PAGES) {
    const path = encodeURIComponent(`x/${name}`)
    await client.logArtifact(runId, { path: `x/${name}`, data: Buffer.from(text) })
    for (const url of [
      `/get-artifact?run_id=${runId}&path=${path}`,
      `/model-versions/get-artifact?name=page&version=1&path=${encodeURIComponent(name)}`,
      `/api/2.0/mlflow-artifacts/artifacts/${root}/${path.replaceAll('%2F', '/')}`,
      `/ajax-api/2.0/mlflow-artifacts/artifacts/${root}/${path.replaceAll('%2F', '/')}`,
    ]) {
      const { statusCode, headers, body } = await server.send({
        url,
        headers: { accept: 'text/html', host: 'localhost' },
      })
      assert.deepEqual([statusCode, body], [200, text], url)
      const disposition = String(headers['content-disposition'])
      assert.match(
        disposition,
        /^attachment; filename=("(\\.|[^"\\])*"|[^\s";]+)(; filename\*=UTF-8''[\w!#$&+.^`|~%-]+)?$/,
      )
      assert.equal(headers['x-content-type-options'], 'nosniff')
      assert.match(String(headers['content-security-policy']), /^default-src 'none'.*sandbox$/)
    }
  }
})
