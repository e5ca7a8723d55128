import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import test from 'node:test'
import { readConfig } from './config.ts'

test('keeps all state in .fds by default', () => {
  const config = readConfig({})
  assert.equal(config.home, resolve('.fds'))
  assert.equal(config.artifactRoot, resolve('.fds/artifacts'))
  assert.equal(config.trackingUri, undefined)
  assert.equal(config.apiKey, undefined)
})

test('an empty variable counts as absent', () => {
  assert.equal(readConfig({ FDS_API_KEY: '', FDS_HOME: '' }).apiKey, undefined)
})

test('FDS_TRACKING_URI goes before MLFLOW_TRACKING_URI', () => {
  const both = { FDS_TRACKING_URI: 'http://a:5000', MLFLOW_TRACKING_URI: 'http://b:5000' }
  assert.equal(readConfig(both).trackingUri, 'http://a:5000')
  assert.equal(readConfig({ MLFLOW_TRACKING_URI: 'http://b:5000' }).trackingUri, 'http://b:5000')
})

test('a wrong address is refused by the name of its variable, without repeating it', () => {
  assert.throws(
    () => readConfig({ FDS_DATABASE_URL: 'mysql://user:secret@host/db' }),
    (error: Error) => {
      assert.match(error.message, /FDS_DATABASE_URL must be a postgres:\/\/ address/)
      assert.doesNotMatch(error.message, /secret/)
      return true
    },
  )
  assert.throws(() => readConfig({ FDS_TRACKING_URI: 'sqlite:///x' }), /FDS_TRACKING_URI/)
  assert.throws(() => readConfig({ FDS_LOG_LEVEL: 'loud' }), /FDS_LOG_LEVEL must be one of/)
})

test('keys that no header can carry and hosts with ports or wildcards are refused, without repeating a key', () => {
  for (const key of [' ', ' secret', 'secret ', 'sec\nret', 'gehëim-secret', '\t']) {
    for (const name of ['FDS_API_KEY', 'FDS_READ_API_KEY']) {
      assert.throws(
        () => readConfig({ [name]: key }),
        (error: Error) => {
          return (
            error.message.startsWith(`Setting ${name} must be printable`) && !error.message.includes('secret')
          )
        },
      )
    }
  }
  const hosts = readConfig({ FDS_ALLOWED_HOSTS: 'mlflow.example.com, fds' }).allowedHosts
  assert.deepEqual(hosts, ['mlflow.example.com', 'fds'])
  assert.deepEqual(readConfig({}).allowedHosts, [])
  for (const list of ['*', '*.example.com', 'a:80', 'http://a', 'a/b', 'a b', '.a', 'a.']) {
    assert.throws(() => readConfig({ FDS_ALLOWED_HOSTS: list }), /FDS_ALLOWED_HOSTS must be host names/, list)
  }
})

test('what anonymous may do is none or read', () => {
  assert.equal(readConfig({ FDS_ANONYMOUS: 'none' }).anonymous, 'none')
  assert.equal(readConfig({}).anonymous, undefined)
  for (const value of ['write', 'true', 'None']) {
    assert.throws(() => readConfig({ FDS_ANONYMOUS: value }), /FDS_ANONYMOUS must be none or read/)
  }
})

test('the configuration cannot be changed', () => {
  assert.ok(Object.isFrozen(readConfig({})))
})

test('addresses that alerts go to are secure, and never repeated in a message', () => {
  const config = readConfig({ FDS_SLACK_WEBHOOK_URL: 'https://hooks.slack.com/services/T/B/secret' })
  assert.equal(config.slackWebhookUrl, 'https://hooks.slack.com/services/T/B/secret')
  assert.equal(config.pagerdutyUrl, 'https://events.pagerduty.com/v2/enqueue')
  for (const name of ['FDS_SLACK_WEBHOOK_URL', 'FDS_PAGERDUTY_URL']) {
    assert.throws(
      () => readConfig({ [name]: 'http://hooks.slack.com/services/T/B/secret' }),
      (error: Error) => error.message === `Setting ${name} must be an https:// address, got another text`,
    )
  }
  assert.throws(() => readConfig({ FDS_PAGERDUTY_ROUTING_KEY: 'a b ' }), /FDS_PAGERDUTY_ROUTING_KEY/)
  assert.throws(() => readConfig({ FDS_REPORT_URL: 'ftp://host' }), /FDS_REPORT_URL/)
})

test('a secret may lie in a file, and never does in two places', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'fds-config-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'secret')
  const names = {
    FDS_DATABASE_URL: ['databaseUrl', 'postgres://fds:hidden@db/fds'],
    FDS_API_KEY: ['apiKey', 'hidden-key'],
    FDS_READ_API_KEY: ['readApiKey', 'hidden-key'],
    FDS_SLACK_WEBHOOK_URL: ['slackWebhookUrl', 'https://hooks.slack.com/services/T/B/hidden'],
    FDS_PAGERDUTY_ROUTING_KEY: ['pagerdutyRoutingKey', 'hidden-key'],
  } as const
  for (const [name, [field, value]] of Object.entries(names)) {
    writeFileSync(file, `${value}\n`)
    assert.equal(readConfig({ [`${name}_FILE`]: file })[field], value)
    assert.throws(() => readConfig({ [name]: value, [`${name}_FILE`]: file }), /_FILE must be absent where/)
    writeFileSync(file, '\n')
    assert.equal(readConfig({ [`${name}_FILE`]: file })[field], undefined)
    assert.throws(() => readConfig({ [`${name}_FILE`]: folder }), /_FILE must be a file that can be read/)
  }
  writeFileSync(file, 'mysql://user:hidden@host/db')
  assert.throws(
    () => readConfig({ FDS_DATABASE_URL_FILE: file }),
    (error: Error) => !error.message.includes('hidden'),
  )
})
