import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { parse, stringify } from 'yaml'
import { ruleFiles } from '../../deploy/src/rules.ts'
import { type Background, runBeside } from './background.ts'
import { SCALED } from './scaled.ts'

const CONFIG = join(import.meta.dirname, '../../deploy/prometheus/prometheus.yml')

export interface Sample {
  readonly metric: Readonly<Record<string, string>>
  readonly value: readonly [number, string]
}

export interface Prometheus extends Background {
  /** What an instant query gives now. */
  query(expr: string): Promise<Sample[]>
}

export interface PrometheusInput {
  readonly program: string
  readonly port: number
  /** An empty folder of its own. */
  readonly folder: string
  /** host:port of the service and of Alertmanager. */
  readonly service: string
  readonly alertmanager: string
}

/** Starts Prometheus with the committed configuration for one service, all durations scaled down. */
export async function startPrometheus(input: PrometheusInput): Promise<Prometheus> {
  const { program, port, folder } = input
  const address = `http://127.0.0.1:${port}`
  const args = [
    `--config.file=${writeConfig(input)}`,
    `--storage.tsdb.path=${join(folder, 'data')}`,
    `--web.listen-address=127.0.0.1:${port}`,
    '--rules.alert.resend-delay=2s',
  ]
  const background = await runBeside(program, args, { address })
  return { ...background, query: (expr) => query(address, expr) }
}

function writeConfig({ folder, service, alertmanager }: PrometheusInput): string {
  const config = parse(readFileSync(CONFIG, 'utf8'))
  config.global = { scrape_interval: '1s', evaluation_interval: '1s' }
  config.alerting.alertmanagers = [{ static_configs: [{ targets: [alertmanager] }] }]
  const [{ dns_sd_configs: _, ...job }] = config.scrape_configs
  config.scrape_configs = [{ ...job, static_configs: [{ targets: [service] }] }]
  mkdirSync(join(folder, 'rules'), { recursive: true })
  for (const [path, rules] of Object.entries(ruleFiles(SCALED)))
    writeFileSync(join(folder, 'rules', basename(path)), rules)
  const path = join(folder, 'prometheus.yml')
  writeFileSync(path, stringify(config))
  return path
}

async function query(address: string, expr: string): Promise<Sample[]> {
  const body = new URLSearchParams({ query: expr })
  const response = await fetch(`${address}/api/v1/query`, { method: 'POST', body })
  const { data, error } = (await response.json()) as { data?: { result: Sample[] }; error?: string }
  if (!data) throw new Error(`${error}: ${expr}`)
  return data.result
}
