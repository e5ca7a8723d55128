import { spawn, spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { findPort } from 'fds-system'
import { stringify } from 'yaml'
import type { Sample } from './samples.ts'

/** A Prometheus that scrapes one service each second. */
export interface LivePrometheus {
  /** What an instant query gives now; throws with Prometheus' words for a query that it cannot read. */
  query(expr: string): Promise<Sample[]>
  /** Waits until everything that the service has counted up to now was scraped. */
  scraped(): Promise<void>
  stop(): void
}

/**
 * Starts Prometheus for the service at an address, as the job `fds-api`; gives nothing where the program is not
 * installed. It ends with this process at the latest.
 */
export async function startPrometheus(
  home: string,
  service: string,
): Promise<LivePrometheus | undefined> {
  if (spawnSync('prometheus', ['--version'], { stdio: 'ignore' }).status !== 0) return undefined
  const folder = join(home, 'prometheus')
  mkdirSync(folder, { recursive: true })
  const config = {
    global: { scrape_interval: '1s', evaluation_interval: '1s' },
    scrape_configs: [
      { job_name: 'fds-api', static_configs: [{ targets: [new URL(service).host] }] },
    ],
  }
  writeFileSync(join(folder, 'prometheus.yml'), stringify(config))
  const address = `http://127.0.0.1:${await findPort({ host: '127.0.0.1', port: 0 })}`
  // the shell ends Prometheus when its input closes, which it does however this process ends
  const child = spawn(
    'sh',
    ['-c', 'prometheus "$@" <&- & read _; kill $!; wait', 'sh', ...args()],
    {
      stdio: ['pipe', 'ignore', 'ignore'],
    },
  )
  const prometheus: LivePrometheus = {
    query: (expr) => query(address, expr),
    scraped: async () => {
      const now = Date.now() / 1000
      await until(async () => {
        const [last] = await query(address, 'timestamp(fds_active_requests)')
        return last !== undefined && last.value > now
      })
    },
    stop: () => child.stdin.end(),
  }
  await until(async () => (await fetch(`${address}/-/ready`).catch(() => undefined))?.ok ?? false)
  return prometheus

  function args(): string[] {
    return [
      `--config.file=${join(folder, 'prometheus.yml')}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      `--web.listen-address=${new URL(address).host}`,
    ]
  }
}

async function query(address: string, expr: string): Promise<Sample[]> {
  const body = new URLSearchParams({ query: expr })
  const response = await fetch(`${address}/api/v1/query`, { method: 'POST', body })
  const { data, error } = (await response.json()) as Answer
  if (!data) throw new Error(`${error}: ${expr}`)
  if (data.resultType === 'scalar') return [{ name: '', labels: {}, value: Number(data.result[1]) }]
  return data.result.map(({ metric: { __name__: name = '', ...labels }, value }) => ({
    name,
    labels,
    value: Number(value[1]),
  }))
}

interface Answer {
  readonly error?: string
  readonly data?:
    | { readonly resultType: 'scalar'; readonly result: readonly [number, string] }
    | {
        readonly resultType: 'vector'
        readonly result: readonly {
          readonly metric: Readonly<Record<string, string>>
          readonly value: readonly [number, string]
        }[]
      }
}

async function until(isDone: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 30_000
  while (!(await isDone())) {
    if (Date.now() > deadline) throw new Error('Prometheus does not answer')
    await sleep(100)
  }
}
