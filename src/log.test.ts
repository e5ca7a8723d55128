import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import test from 'node:test'

test('no secret reaches a line, wherever it is given', () => {
  const secrets = ['s-key-1', 's-key-2', 's-pass-3', 's-header-4', 's-header-5', 's-base-6']
  const line = {
    apiKey: 's-key-1',
    readApiKey: 's-key-2',
    password: 's-pass-3',
    req: { headers: { authorization: 's-header-4', 'x-api-key': 's-header-5', host: 'shown' } },
    databaseUrl: 'postgres://me:s-base-6@host/db',
  }
  const program = `import { createLogger } from './src/log.ts'; createLogger('info').info(${JSON.stringify(line)}, 'x')`
  const { stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8' })
  assert.equal(JSON.parse(stderr).req.headers.host, 'shown')
  for (const secret of secrets) assert.ok(!stderr.includes(secret), secret)
})
