// The image without an engine: its files as its Dockerfile lays them, its start command, its user, its health check.
import assert from 'node:assert/strict'
import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import test, { after } from 'node:test'
import { freePort } from '../interop/postgres.ts'
import { makeImage, makeVolume, startContainer, untilHealthy } from './container.ts'
import { commandOf, listing } from './image.ts'

const image = makeImage()
after(() => rmSync(image.folder, { recursive: true, force: true }))

test('the image holds what the service needs, and no test, compiler, checker or second Node', () => {
  const { app } = image
  for (const name of ['src/cli/main.js', 'src/model/kernels/kernels.wasm', 'node_modules/fastify', 'LICENSE'])
    assert.ok(existsSync(join(app, name)), name)
  for (const name of ['node', 'typescript', 'assemblyscript', 'binaryen', '@biomejs', 'playwright-core'])
    assert.ok(!existsSync(join(app, 'node_modules', name)), name)
  const strays = listing(app).filter((name) => /^src\/.*\.(test|fixture|contract)\.ts /.test(name))
  assert.deepEqual(strays, [])
  assert.ok(
    !existsSync(join(app, 'test')) && !existsSync(join(app, '.git')) && !existsSync(join(app, '.npmrc')),
  )
})

test('its start command serves as another user from files that it cannot change, and ends at SIGTERM', async () => {
  const port = await freePort()
  const before = listing(image.app)
  const command = commandOf(image.stage, 'CMD').map((word) => (word === '8000' ? String(port) : word))
  const container = startContainer(image, { FDS_HOME: makeVolume(image, 'home') }, command)
  try {
    await untilHealthy(image, port)
    const at = `http://127.0.0.1:${port}`
    assert.equal((await fetch(`${at}/ready`)).status, 200)
    const answer = await fetch(`${at}/predict`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ transaction_id: 't-1', amount: 812.5, channel: 'online' }),
    })
    assert.equal(answer.status, 200)
    assert.match(await answer.text(), /"risk_level":"(approve|verify|hold|block)"/)
    assert.match(await (await fetch(`${at}/metrics`)).text(), /^fds_predictions_total\{/m)
  } catch (error) {
    throw new Error(`the container said: ${container.log()}`, { cause: error })
  } finally {
    const { status, milliseconds } = await container.stop()
    assert.equal(status, 0)
    assert.ok(milliseconds < 10_000, `an engine waits 10 s before it kills; it took ${milliseconds} ms`)
  }
  assert.deepEqual(listing(image.app), before)
})
