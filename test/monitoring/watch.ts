import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { parse, stringify } from 'yaml'
import { writeAlertmanager } from '../../deploy/src/alertmanager.ts'
import { scaledTimes } from '../../deploy/src/rules/times.ts'
import { ruleFiles } from '../../deploy/src/rules.ts'
import { freePort } from '../interop/postgres.ts'
import type { Programs } from './programs.ts'

/** What takes five minutes takes ten seconds. */
export const FACTOR = 30

const START = join(import.meta.dirname, '../../deploy/alertmanager/start.sh')
const PROMETHEUS = join(import.meta.dirname, '../../deploy/prometheus/prometheus.yml')

export interface Sample {
  readonly metric: Readonly<Record<string, string>>
  readonly value: readonly [number, string]
}

/** Prometheus and Alertmanager, watching one service. */
export interface Watch {
  readonly prometheus: string
  readonly alertmanager: string
  query(expr: string): Promise<Sample[]>
  stop(): Promise<void>
}

export interface WatchInput {
  readonly programs: Programs
  /** host:port of the service. */
  readonly target: string
  /** Address of receivers; nobody is told when absent. */
  readonly receivers?: string
}

/** Starts both with the committed configuration and rules, all durations scaled down by FACTOR. */
export async function startWatch({ programs, target, receivers }: WatchInput): Promise<Watch> {
  const folder = mkdtempSync(join(tmpdir(), 'fds-watch-'))
  const ports = { prometheus: await freePort(), alertmanager: await freePort() }
  const secrets = writeSecrets(folder, receivers)
  const config = join(folder, 'alertmanager.yml')
  writeFileSync(
    config,
    writeAlertmanager({
      time: scaledTimes(FACTOR),
      secrets,
      ...(receivers !== undefined && { pagerdutyUrl: `${receivers}/pagerduty` }),
    }),
  )
  const alertmanager = run(
    'sh',
    [
      ...[START, `--storage.path=${folder}/alertmanager`, '--cluster.listen-address='],
      `--web.listen-address=127.0.0.1:${ports.alertmanager}`,
    ],
    { SECRETS: secrets, CONFIG: config, ALERTMANAGER: programs.alertmanager, TMPDIR: folder },
  )
  const prometheus = run(programs.prometheus, [
    `--config.file=${writePrometheus(folder, { target, alertmanager: `127.0.0.1:${ports.alertmanager}` })}`,
    `--storage.tsdb.path=${folder}/prometheus`,
    `--web.listen-address=127.0.0.1:${ports.prometheus}`,
    // alerts are sent again, so that Alertmanager does not think them over
    '--rules.alert.resend-delay=2s',
  ])
  const addresses = {
    prometheus: `http://127.0.0.1:${ports.prometheus}`,
    alertmanager: `http://127.0.0.1:${ports.alertmanager}`,
  }
  const stop = async () => {
    await Promise.all([prometheus, alertmanager].map(end))
    rmSync(folder, { recursive: true, force: true })
  }
  try {
    await untilReady(alertmanager, addresses.alertmanager)
    await untilReady(prometheus, addresses.prometheus)
  } catch (error) {
    await stop()
    throw error
  }
  return {
    ...addresses,
    query: (expr) => query(addresses.prometheus, expr),
    stop,
  }
}

/** Waits until the question has an answer; undefined after `seconds`. */
export async function until<T>(
  ask: () => T | undefined | Promise<T | undefined>,
  seconds: number,
): Promise<T | undefined> {
  const deadline = Date.now() + seconds * 1000
  for (;;) {
    const answer = await ask()
    if (answer !== undefined || Date.now() > deadline) return answer
    await sleep(200)
  }
}

interface Program {
  readonly child: ChildProcess
  readonly complaints: Promise<string>
}

function run(program: string, args: readonly string[], environment: Record<string, string> = {}): Program {
  const given = Object.entries(environment).map(([key, value]) => `${key}=${value}`)
  const child = spawn('env', [...given, program, ...args], { stdio: ['ignore', 'ignore', 'pipe'] })
  return { child, complaints: text(child.stderr!) }
}

async function end({ child }: Program): Promise<void> {
  if (child.exitCode !== null) return
  const ended = once(child, 'exit')
  child.kill('SIGTERM')
  await ended
}

async function untilReady({ child, complaints }: Program, address: string): Promise<void> {
  const ready = await until(async () => {
    if (child.exitCode !== null) throw new Error(`${basename(address)} ended: ${await complaints}`)
    return (await fetch(`${address}/-/ready`).catch(() => undefined))?.ok || undefined
  }, 30)
  if (!ready) throw new Error(`${address} is not ready`)
}

function writeSecrets(folder: string, receivers: string | undefined): string {
  const secrets = join(folder, 'secrets')
  mkdirSync(secrets)
  if (receivers !== undefined) {
    writeFileSync(join(secrets, 'slack-webhook-url'), `${receivers}/slack`)
    writeFileSync(join(secrets, 'pagerduty-routing-key'), 'key-of-the-test')
    writeFileSync(join(secrets, 'dead-man-url'), `${receivers}/dead-man?a=1&b=2\n`)
  }
  return secrets
}

/** The committed configuration, for one target and with durations that are scaled down. */
function writePrometheus(folder: string, to: { target: string; alertmanager: string }): string {
  const config = parse(readFileSync(PROMETHEUS, 'utf8'))
  config.global = { scrape_interval: '1s', evaluation_interval: '1s' }
  config.alerting.alertmanagers = [{ static_configs: [{ targets: [to.alertmanager] }] }]
  const [{ dns_sd_configs: _, ...job }] = config.scrape_configs
  config.scrape_configs = [{ ...job, static_configs: [{ targets: [to.target] }] }]
  mkdirSync(join(folder, 'rules'))
  for (const [path, rules] of Object.entries(ruleFiles(scaledTimes(FACTOR))))
    writeFileSync(join(folder, 'rules', basename(path)), rules)
  const path = join(folder, 'prometheus.yml')
  writeFileSync(path, stringify(config))
  return path
}

async function query(address: string, expr: string): Promise<Sample[]> {
  const response = await fetch(`${address}/api/v1/query`, {
    method: 'POST',
    body: new URLSearchParams({ query: expr }),
  })
  const { data, error } = (await response.json()) as { data?: { result: Sample[] }; error?: string }
  if (!data) throw new Error(`${error}: ${expr}`)
  return data.result
}
